import NN
import Support

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
