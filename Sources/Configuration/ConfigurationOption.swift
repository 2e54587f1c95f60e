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

/// Options that belong to the value of another one: those of an optimizer, a schedule or a loss.
///
/// They make sense together with that value only. So whoever chooses another value, in a stronger
/// place than the options were given, gets its defaults and not numbers meant for the old one; and
/// giving an option that the value does not use is an error.
public struct OptionFamily: Sendable {
  /// The name of the option that chooses: `optimizer`.
  let chooser: String
  /// The names of all options that belong to some choice.
  public let members: [String]
  /// Those of them that mean the same for every choice, and stay when another is made.
  let lasting: [String]
  /// Who decides what nobody gave.
  let source: ConfigurationSource
  /// The name of what a configuration chooses.
  let choice: @Sendable (TrainingConfiguration) -> String
  /// A configuration with the choice's default for each option that it uses with one.
  let defaults: @Sendable (TrainingConfiguration) -> TrainingConfiguration
  private let uses: @Sendable (TrainingConfiguration) -> [String]

  public static let all = [
    OptionFamily("optimizer", source: .optimizer) { $0.optimizerOrDefault },
    OptionFamily("scheduler", lasting: ["warmup_epochs"], source: .scheduler) {
      $0.schedulerOrDefault
    },
    OptionFamily("loss", source: .loss) { $0.loss.loss },
  ]

  private init<Kind: Choice>(
    _ chooser: String, lasting: [String] = [], source: ConfigurationSource,
    _ choice: @escaping @Sendable (TrainingConfiguration) -> Kind
  ) {
    self.chooser = chooser
    members = Kind.settings.map(\.name)
    self.lasting = lasting
    self.source = source
    self.choice = { choice($0).name }
    uses = { choice($0).uses.map(\.name) }
    defaults = {
      var configuration = TrainingConfiguration()
      configuration.settings = choice($0).defaults
      return configuration
    }
  }

  /// The names of the options that the choice of `configuration` uses, in the order of help.
  public func used(by configuration: TrainingConfiguration) -> [String] {
    let uses = uses(configuration)
    return members.filter(uses.contains)
  }
}
