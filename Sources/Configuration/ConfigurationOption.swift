import NN
import Support

/// One option of a training run: its names, its help, and how its value gets into a
/// ``TrainingConfiguration`` and out again.
public struct ConfigurationOption: Sendable {
  /// The heading under which help lists an option.
  public enum Group: String, CaseIterable, Sendable {
    case data, model, training, optimizer, schedule, regularization, augmentation, run
  }

  /// The key in files, with underscores: `val_split`.
  public let name: String
  public let group: Group
  /// What stands for the value in help; `nil` for a truth value.
  public let placeholder: String?
  public let help: String
  /// The names to choose from, if there is a fixed list.
  public let choices: [String]
  private let read:
    @Sendable (GivenValue, ValueLocation, inout TrainingConfiguration) throws -> Void
  private let write: @Sendable (TrainingConfiguration) -> (json: JSONValue, text: String)?
  private let copyValue: @Sendable (TrainingConfiguration, inout TrainingConfiguration) -> Void

  /// The flag: `--val-split`.
  public var flag: String { "--" + name.replacing("_", with: "-") }

  /// The environment variable: `EMNIST_VAL_SPLIT`.
  public var variable: String { "EMNIST_" + name.uppercased() }

  /// An option that always has a value.
  init<Value>(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Value> & Sendable,
    _ kind: ValueKind<Value>, _ placeholder: String? = nil, in group: Group, help: String
  ) {
    self.name = name
    self.group = group
    self.placeholder = placeholder
    self.help = help
    choices = kind.choices
    read = { $2[keyPath: path] = try kind.value($0, at: $1) }
    write = { (kind.json($0[keyPath: path]), kind.text($0[keyPath: path])) }
    copyValue = { $1[keyPath: path] = $0[keyPath: path] }
  }

  /// An option that the recipe decides, or that is not used, if nobody gives it.
  init<Value>(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Value?> & Sendable,
    _ kind: ValueKind<Value>, _ placeholder: String? = nil, in group: Group, help: String
  ) {
    self.name = name
    self.group = group
    self.placeholder = placeholder
    self.help = help
    choices = kind.choices
    read = { $2[keyPath: path] = try kind.value($0, at: $1) }
    write = { $0[keyPath: path].map { (kind.json($0), kind.text($0)) } }
    copyValue = { $1[keyPath: path] = $0[keyPath: path] }
  }

  /// An option for a setting of a preset or a choice; `users` is the end of its help.
  init(_ setting: some AnySetting, users: String = "", in group: Group) {
    self.init(
      setting.name, \.settings[Setting(setting)], setting.kind, setting.placeholder, in: group,
      help: setting.help + users)
  }

  /// An option for each setting that some of the choices use.
  static func settings<Kind: Choice>(of _: Kind.Type, in group: Group) -> [ConfigurationOption] {
    Kind.settings.map { ConfigurationOption($0, users: Kind.users(of: $0.name), in: group) }
  }

  /// Sets the option to a value that was given at `location`. Choices may be named as in other
  /// programs: `Adam`, `CosineAnnealingLR`.
  ///
  /// - Throws: ``ConfigurationError/invalidValue(_:got:_:)``.
  public func set(
    _ configuration: inout TrainingConfiguration, to given: GivenValue, at location: ValueLocation
  ) throws {
    try read(translated(given), location, &configuration)
  }

  /// The value in a configuration file; `null` if there is none.
  public func json(in configuration: TrainingConfiguration) -> JSONValue {
    write(configuration)?.json ?? .null
  }

  /// The value as one would type it; `nil` if there is none.
  public func text(in configuration: TrainingConfiguration) -> String? {
    write(configuration)?.text
  }

  /// Gives `target` the value that `source` has.
  public func copy(from source: TrainingConfiguration, to target: inout TrainingConfiguration) {
    copyValue(source, &target)
  }
}
