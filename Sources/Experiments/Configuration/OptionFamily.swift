/// Options that belong to the value of another one: those of an optimizer.
///
/// They make sense together with that value only. So whoever chooses another value, in a stronger
/// place than the options were given, gets its defaults and not numbers meant for the old one; and
/// giving an option that the value does not use is an error.
struct OptionFamily: Sendable {
  /// The name of the option that chooses: `optimizer`.
  let chooser: String
  /// The names of all options that belong to some choice.
  let members: [String]
  /// Who decides what nobody gave.
  let source: ConfigurationSource
  /// The name of what a configuration chooses.
  let choice: @Sendable (TrainingConfiguration) -> String
  /// A configuration that has a value for each option that the choice uses, and for no other.
  let defaults: @Sendable (TrainingConfiguration) -> TrainingConfiguration

  static let all = [optimizer]

  /// The family that this option belongs to, if it does.
  static func of(_ name: String) -> OptionFamily? { all.first { $0.members.contains(name) } }

  /// The names of the options that the choice of `configuration` uses.
  func used(by configuration: TrainingConfiguration) -> [String] {
    let defaults = defaults(configuration)
    return members.filter { ConfigurationOption.known($0).text(in: defaults) != nil }
  }

  static let optimizer = OptionFamily(
    chooser: "optimizer",
    members: [
      "lr", "momentum", "nesterov", "rho", "beta1", "beta2", "epsilon", "weight_decay",
    ],
    source: .optimizer,
    choice: { $0.optimizerOrDefault.rawValue },
    defaults: { given in
      var configuration = TrainingConfiguration()
      configuration.optimizerOptions = given.optimizerOrDefault.defaults
      return configuration
    })
}
