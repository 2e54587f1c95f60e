import Configuration
import Support

/// How `emnist eval` is told to test weights that no run of ours wrote.
struct BroughtWeightsOptions {
  let path: String
  /// The model, and what shapes it.
  let configuration: LayeredConfiguration
  /// What is taken from pixels from 0 to 1, and what they are divided by.
  let mean: Double?
  let deviation: Double?

  private static let heading = "Brought weights"
  /// What decides the layers at work; dropout and the like are for training.
  private static let model = [ConfigurationOption].named(
    "model", "hidden", "filters", "kernel_size", "activation", "negative_slope", "elu_alpha",
    "batch_norm", "norm", "norm_groups", "batch_norm_epsilon")
  private static let weights = CommandOption(
    "--weights", "FILE", heading: heading,
    help: "test a safetensors file's weights of a --model instead of a run")
  private static let mean = CommandOption(
    "--mean", "X", heading: heading,
    help: "what was taken from pixels from 0 to 1 (default: what the file says, or 0)")
  private static let deviation = CommandOption(
    "--std", "X", heading: heading,
    help: "what they were then divided by (default: what the file says, or 1)")

  static let options = [weights] + model.commandOptions(heading: heading) + [mean, deviation]

  /// - Throws: ``UsageError`` if something is said about weights and none are given, or if they and
  ///   one of `others` are.
  init?(_ arguments: Arguments, excluding others: [String?]) throws {
    let mean = try arguments.value(Self.mean, .number(atLeast: -1e30))
    let deviation = try arguments.value(Self.deviation, .number(above: 0))
    let configuration = try arguments.configuration(Self.model)
    guard let path = try arguments.path(Self.weights) else {
      let lone =
        Self.model.filter { configuration.sources[$0.name] == .flag }.map(\.flag)
        + (mean == nil ? [] : [Self.mean.flag]) + (deviation == nil ? [] : [Self.deviation.flag])
      guard lone.isEmpty else {
        throw UsageError.needsOption(
          flag: lone[0], other: Self.weights.flag, command: arguments.command)
      }
      return nil
    }
    if let other = others.compactMap(\.self).first {
      throw UsageError.excluded(flags: [Self.weights.flag, other], command: arguments.command)
    }
    try configuration.validate()
    (self.path, self.mean, self.deviation) = (path, mean, deviation)
    self.configuration = try configuration.resolved(with: recipe(for: configuration.configuration))
  }
}
