import Support

/// A tuned set of training options that belongs to a model. It decides what nobody else did.
public struct Recipe: Equatable, Sendable {
  public let name: String
  /// Values by option name, as in a configuration file.
  public let values: JSONObject

  public init(name: String, values: JSONObject) {
    self.name = name
    self.values = values
  }
}
