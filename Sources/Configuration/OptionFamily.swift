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
  var lasting: [String] = []
  /// Who decides what nobody gave.
  let source: ConfigurationSource
  /// The name of what a configuration chooses.
  let choice: @Sendable (TrainingConfiguration) -> String
  /// A configuration with the choice's default for each option that it uses.
  let defaults: @Sendable (TrainingConfiguration) -> TrainingConfiguration
  /// The names of what the choice uses without such a default.
  var derived: @Sendable (TrainingConfiguration) -> [String] = { _ in [] }

  public static let all = [optimizer, schedule, loss]

  /// The family that this option belongs to, if it does.
  static func of(_ name: String) -> OptionFamily? { all.first { $0.members.contains(name) } }

  /// The names of the options that the choice of `configuration` uses.
  public func used(by configuration: TrainingConfiguration) -> [String] {
    let (defaults, derived) = (defaults(configuration), derived(configuration))
    return members.filter {
      derived.contains($0) || ConfigurationOption.known($0).text(in: defaults) != nil
    }
  }

  /// The configuration with the choice's defaults where nobody gave anything.
  public func filled(_ configuration: TrainingConfiguration) -> TrainingConfiguration {
    var result = configuration
    let defaults = defaults(configuration)
    for option in members.map(ConfigurationOption.known) where option.text(in: configuration) == nil
    {
      option.copy(from: defaults, to: &result)
    }
    return result
  }

  public static let optimizer = OptionFamily(
    chooser: "optimizer",
    members: ConfigurationOption.optimizer.map(\.name).filter { $0 != "optimizer" },
    source: .optimizer,
    choice: { $0.optimizerOrDefault.rawValue },
    defaults: { given in
      var configuration = TrainingConfiguration()
      configuration.optimizerOptions = given.optimizerOrDefault.defaults
      return configuration
    })

  public static let schedule = OptionFamily(
    chooser: "scheduler",
    members: ConfigurationOption.schedule.map(\.name).filter { $0 != "scheduler" },
    lasting: ["warmup_epochs"],
    source: .scheduler,
    choice: { $0.schedulerOrDefault.rawValue },
    defaults: { given in
      var configuration = TrainingConfiguration()
      configuration.scheduleOptions = given.schedulerOrDefault.defaults
      return configuration
    },
    derived: { $0.schedulerOrDefault.derivedOptions })

  public static let loss = OptionFamily(
    chooser: "loss", members: ["focal_gamma"], source: .loss,
    choice: { $0.loss.loss.rawValue },
    defaults: { given in
      var configuration = TrainingConfiguration()
      configuration.loss.focalGamma = given.loss.loss == .focal ? 2 : nil
      return configuration
    })
}
