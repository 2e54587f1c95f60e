import NN
import Support

/// A model to measure: its layers, the classes of its data and what trains it.
public struct MeasuredModel: Sendable {
  public let description: ModelDescription
  public let classes: Int
  let settings: TrainingSettings

  /// The networks that other programs are compared with, and the presets.
  public static let names = networks.map(\.description.name) + ModelPreset.all.map(\.name)

  /// The network or preset of that name, or the model of a file.
  ///
  /// - Throws: what ``modelDescription(for:)`` throws.
  public static func named(_ name: String) throws -> MeasuredModel {
    if let network = networks.first(where: { $0.description.name == name }) { return network }
    var layers = LayeredConfiguration()
    try layers.layFlag(.known("model"), name)
    let description = try modelDescription(for: layers.configuration)
    let configuration = try layers.resolved(with: recipe(for: layers.configuration))
    return MeasuredModel(
      description: description, classes: 47, settings: TrainingSettings(configuration.configuration)
    )
  }

  /// Every network and preset.
  public static func all() throws -> [MeasuredModel] { try names.map(named) }

  private static let networks = [cnn2, mlp3, leNet5]

  private init(description: ModelDescription, classes: Int, settings: TrainingSettings) {
    self.description = description
    self.classes = classes
    self.settings = settings
  }

  /// A network trained with Adam, as Keras does unless told otherwise.
  private init(_ name: String, classes: Int = 47, _ layers: [any LayerDescription]) {
    self.init(
      description: ModelDescription(name: name, layers: layers), classes: classes,
      settings: TrainingSettings(TrainingConfiguration()))
  }

  /// The convolutional network of Keras' introductory example, with a dense layer before the last.
  private static let cnn2 = MeasuredModel(
    "cnn-2",
    [
      Conv2D(32, kernelSize: 3), Activation(.relu), MaxPool(2),
      Conv2D(64, kernelSize: 3), Activation(.relu), MaxPool(2), Flatten(),
      Dense(.count(128)), Activation(.relu), Dropout(0.5), Dense(.classes),
    ])

  /// Three hidden layers without normalization.
  private static let mlp3 = MeasuredModel(
    "mlp-3",
    [Flatten()]
      + [512, 256, 128].flatMap { units -> [any LayerDescription] in
        [Dense(.count(units)), Activation(.relu), Dropout(0.3)]
      } + [Dense(.classes)])

  /// LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
  /// 1998, with ReLU and max pooling, as SimpleChains and others measure it.
  private static let leNet5 = MeasuredModel(
    "lenet-5", classes: 10,
    [
      Conv2D(6, kernelSize: 5), Activation(.relu), MaxPool(2),
      Conv2D(16, kernelSize: 5), Activation(.relu), MaxPool(2), Flatten(),
      Dense(.count(120)), Activation(.relu), Dense(.count(84)), Activation(.relu),
      Dense(.classes),
    ])
}
