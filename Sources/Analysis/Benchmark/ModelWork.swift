import Configuration
import NN
import Support
import Tensor
import Training

/// A model with random images, ready to be trained and to classify, a batch at a time.
final class ModelWork {
  let name: String
  let model: Model
  let training: TrainingPlan
  let inference: InferencePlan
  let parameters: [Parameter]
  /// The nominal operations of one image.
  let trainingOperations: Int
  let inferenceOperations: Int
  private let measured: MeasuredModel
  private let loss: SoftmaxCrossEntropy
  private let optimizer: any Optimizer
  private let labels: [UInt16]
  private(set) var step = 0

  /// So small that the weights, and with them the work, stay what they are.
  private static let rate = 1e-5
  private static let seed: UInt64 = 1

  /// - Parameter largest: of the batches that it will be run with.
  init(_ measured: MeasuredModel, largest: Int, device: Device) throws {
    self.measured = measured
    name = measured.description.name
    model = try measured.model(on: device)
    parameters = model.parameters
    trainingOperations = model.layers.trainingOperations
    inferenceOperations = 2 * model.multiplyAdds
    training = TrainingPlan(model, batch: largest)
    inference = InferencePlan(model, batch: largest)
    inference.refresh()
    optimizer = measured.settings.optimizer.makeOptimizer(
      for: parameters, measured.settings.numbers)
    loss = SoftmaxCrossEntropy(
      labelSmoothing: measured.settings.labelSmoothing, batch: largest)
    var random = RandomStream(seed: Self.seed, purpose: .testing)
    labels = (0..<largest).map { _ in UInt16(random.below(MeasuredModel.classes)) }
    fillImages(training.input(largest))
    fillImages(inference.input(largest))
  }

  /// One step on the first `count` images.
  func train(_ count: Int) {
    let logits = forward(count)
    lossAndGradient(logits)
    backward(logits)
    update()
  }

  func forward(_ count: Int) -> Tensor { training.forward(count, seed: Self.seed, step: step) }

  /// The mean loss; overwrites the logits with their gradient.
  @discardableResult
  func lossAndGradient(_ logits: Tensor) -> Double {
    loss(logits, labels: labels, on: model.device).lossSum / Double(logits.shape[0])
  }

  func backward(_ logitsGradient: Tensor) {
    training.backward(logitsGradient, seed: Self.seed, step: step)
  }

  func update() {
    optimizer.step(parameters, rate: Self.rate, on: model.device)
    step += 1
  }

  func classify(_ count: Int) { _ = inference.run(count) }

  /// The same model, with the same weights and images, on another device.
  func copy(largest: Int, device: Device) throws -> ModelWork {
    try ModelWork(measured, largest: largest, device: device)
  }
}

extension MeasuredModel {
  fileprivate func model(on device: Device) throws -> Model {
    try Model(
      ModelOutline(description, inputShape: [28, 28, 1], classes: Self.classes), seed: 1,
      convolution: convolution, on: device)
  }
}

extension [any Layer] {
  /// Of one image: a product for the output, one for the gradient of the weights, and one for that
  /// of the input, except where no layer before has weights.
  fileprivate var trainingOperations: Int {
    let first = firstIndex { !$0.parameters.isEmpty } ?? 0
    return enumerated().reduce(0) { sum, layer in
      sum + (layer.offset > first ? 6 : 4) * layer.element.multiplyAdds
    }
  }
}

/// Noise with the mean and deviation of normalized images.
private func fillImages(_ images: Tensor) {
  var random = RandomStream(seed: 2, purpose: .testing)
  for i in 0..<images.count { images[i] = random.uniform(-1.7...1.7) }
}

/// A model to measure: its layers and what trains it. Its data has 47 classes.
public struct MeasuredModel: Sendable {
  public let description: ModelDescription
  let settings: TrainingSettings
  var convolution = ConvolutionAlgorithm.winograd

  /// The same, its convolutions computed in a certain way.
  public func convolving(_ algorithm: ConvolutionAlgorithm) -> MeasuredModel {
    var model = self
    model.convolution = algorithm
    return model
  }

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

// Small whole numbers make exact sums, in any order: a result is right to the last bit or wrong.

extension Tensor {
  /// Whole numbers from −3 to 3, which depend on the seed alone.
  static func smallIntegers(_ shape: Shape, seed: UInt64) -> Tensor {
    let tensor = Tensor(zeros: shape)
    var random = RandomStream(seed: seed, purpose: .testing)
    for i in 0..<tensor.count { tensor[i] = Float(random.below(7) - 3) }
    return tensor
  }
}

/// Compares elements of a result, the first, the last and some between, with their definition.
///
/// - Throws: ``BenchmarkError/wrongElement(subject:index:got:expected:)``.
func checkElements(
  of result: Tensor, _ subject: String, within tolerance: Float = 0,
  _ definition: (_ index: Int) -> Float
) throws {
  var random = RandomStream(seed: 1, purpose: .testing)
  let between = (0..<64).map { _ in random.below(result.count) }
  for index in [0, result.count - 1] + between {
    let (got, expected) = (result[index], definition(index))
    guard abs(got - expected) <= tolerance else {
      throw BenchmarkError.wrongElement(
        subject: subject, index: index, got: got, expected: expected)
    }
  }
}
