/// A value that a choice or a model may be given, declared once: an optimizer's momentum, a
/// preset's dropout. Flags, keys of files, a sweep's parameters and help come from it.
public struct Setting<Value: Equatable & Sendable>: AnySetting, Hashable {
  /// The key in files, with underscores: `weight_decay`.
  public let name: String
  public let kind: ValueKind<Value>
  /// What stands for the value in help; `nil` for a truth value.
  public let placeholder: String?
  public let help: String

  public init(
    _ name: String, _ kind: ValueKind<Value>, _ placeholder: String? = nil, help: String
  ) {
    self.name = name
    self.kind = kind
    self.placeholder = placeholder
    self.help = help
  }

  /// The setting that stands in a list.
  public init(_ setting: some AnySetting<Value>) {
    self.init(setting.name, setting.kind, setting.placeholder, help: setting.help)
  }

  public static func == (a: Self, b: Self) -> Bool { a.name == b.name }

  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A ``Setting`` of whatever type, for lists of them.
public protocol AnySetting<Value>: Sendable {
  associatedtype Value: Equatable & Sendable
  var name: String { get }
  var kind: ValueKind<Value> { get }
  var placeholder: String? { get }
  var help: String { get }
}

/// The values of settings, as far as somebody gave them.
public struct Settings: Equatable, Sendable {
  private var values: [String: any Equatable & Sendable] = [:]

  public init() {}

  /// The value of a setting; `nil` if there is none.
  public subscript<Value>(setting: Setting<Value>) -> Value? {
    get { values[setting.name].flatMap { $0 as? Value } }
    set { values[setting.name] = newValue }
  }

  /// Gives a setting the value that somebody wrote.
  public mutating func set(
    _ setting: some AnySetting, to given: GivenValue
  ) throws(ValueProblem) {
    values[setting.name] = try setting.kind.value(given)
  }

  /// Whether there is a value for the setting of this name.
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// These values, and those of `others` where there are none.
  public func filled(with others: Settings) -> Settings {
    var result = self
    result.values.merge(others.values) { own, _ in own }
    return result
  }

  public static func == (a: Settings, b: Settings) -> Bool {
    a.values.count == b.values.count
      && a.values.allSatisfy { name, value in b.values[name].map { isEqual(value, $0) } ?? false }
  }

  private static func isEqual<Value: Equatable>(_ a: Value, _ b: any Equatable) -> Bool {
    b as? Value == a
  }
}
