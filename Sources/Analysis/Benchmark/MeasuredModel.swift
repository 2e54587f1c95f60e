import Configuration
import NN
import Support
import Training

/// A model to measure: its layers and what trains it. Its data has 47 classes.
public struct MeasuredModel: Sendable {
  public let description: ModelDescription
  let settings: TrainingSettings

  public static let classes = 47

  /// The presets, and the perceptron that other programs are compared with.
  public static let names = ModelPreset.all.map(\.name) + [mlp3]

  /// What is measured if nobody says what: the presets that other programs are compared with, and
  /// the default ones. The larger ones would take all the time.
  private static let usual = ["cnn-2", mlp3, "lenet5", "cnn", "mlp"]

  /// `mlp` with a dropout of 0.3 instead of normalization, trained with Adam.
  private static let mlp3 = "mlp-3"

  /// The network or preset of that name, or the model of a file.
  ///
  /// - Throws: what ``modelDescription(for:)`` throws.
  public static func named(_ name: String) throws -> MeasuredModel {
    var layers = LayeredConfiguration()
    try layers.layFlag(.known("model"), name == mlp3 ? ModelPreset.mlp.name : name)
    if name == mlp3 {
      try layers.layFlag(.known("batch_norm"), "false")
      try layers.layFlag(.known("dropout"), "0.3")
    }
    let description = try modelDescription(for: layers.configuration)
    let configuration = try layers.resolved(with: recipe(for: layers.configuration))
    return MeasuredModel(
      description: ModelDescription(
        name: name == mlp3 ? mlp3 : description.name, layers: description.layers),
      settings: TrainingSettings(configuration.configuration))
  }

  /// The models that are measured if nobody says which.
  public static func all() throws -> [MeasuredModel] { try usual.map(named) }
}
