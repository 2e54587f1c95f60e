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
  private let labels: [UInt8]
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
    optimizer = measured.settings.optimizer.makeOptimizer(for: parameters)
    loss = SoftmaxCrossEntropy(
      labelSmoothing: measured.settings.labelSmoothing, batch: largest)
    var random = RandomStream(seed: Self.seed, purpose: .testing)
    labels = (0..<largest).map { _ in UInt8(random.below(MeasuredModel.classes)) }
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
      description, inputShape: [28, 28, 1], classes: Self.classes, seed: 1, on: device)
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
