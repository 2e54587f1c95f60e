/// Who decided a value, weakest last.
public enum ConfigurationSource: String, CaseIterable, Sendable {
  case flag
  case environment
  case file = "config file"
  case recipe
  case `default`
}

/// Who decided each option's value.
public struct ConfigurationSources: Equatable, Sendable {
  private var sources: [String: ConfigurationSource] = [:]

  public init() {}

  /// The source of the option of this name.
  public subscript(name: String) -> ConfigurationSource {
    get { sources[name] ?? .default }
    set { sources[name] = newValue }
  }
}
