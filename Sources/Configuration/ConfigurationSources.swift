/// Who decided a value, weakest last.
public enum ConfigurationSource: String, CaseIterable, Sendable {
  case flag
  case environment
  case file = "config file"
  case recipe
  /// The defaults of the optimizer that was chosen.
  case optimizer
  /// The defaults of the schedule that was chosen.
  case scheduler
  /// The defaults of the loss that was chosen.
  case loss
  case `default`

  /// Whether what this one decides gives way to what `other` decides.
  func isWeaker(than other: ConfigurationSource) -> Bool {
    let ranking = Self.allCases
    guard let own = ranking.firstIndex(of: self), let theirs = ranking.firstIndex(of: other)
    else { return false }
    return own > theirs
  }
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
