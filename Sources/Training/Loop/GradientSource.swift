import Datasets
import NN
import Tensor

/// Where the gradient of an update comes from: batches of images, mixed if that is asked for, the
/// model's forward pass, the loss, the backward pass, and the mean over the update's batches.
///
/// Every buffer is made here; ``compute(_:_:epoch:)`` allocates nothing.
final class GradientSource {
  /// The images of a full update.
  let imagesAnUpdate: Int
  private let plan: TrainingPlan
  private let loss: any Loss
  private let mixer: BatchMixer?
  private let accumulator: GradientAccumulator?
  private let seed: UInt64
  private var targets: Targets
  /// Batches so far, by which dropout and mixing draw their random numbers.
  var batchCount = 0

  /// - Parameters:
  ///   - batch: the images of the largest batch.
  ///   - training: what balanced class weights are made from.
  /// - Throws: ``LossError``.
  init(_ model: Model, _ settings: TrainingSettings, training: Selection, batch: Int) throws {
    plan = TrainingPlan(model, batch: batch)
    loss = try settings.makeLoss(
      batch: batch, classCounts: training.counts(classCount: model.classes))
    mixer = settings.makeMixer(shape: model.inputShape, batch: batch)
    let batches = settings.isRehearsal ? 1 : settings.accumulate
    accumulator = batches > 1 ? GradientAccumulator(model.parameters) : nil
    imagesAnUpdate = batch * batches
    seed = settings.seed
    targets = Targets(batch: batch)
  }

  /// Overwrites the parameters' gradients with those of the images at `positions`, the mean over
  /// them, however they are divided into batches.
  ///
  /// - Parameter epoch: counted from 1.
  func compute(_ batches: Batches, _ positions: Range<Int>, epoch: Int) -> LossResult {
    var result = LossResult()
    var first = positions.lowerBound
    while first < positions.upperBound {
      let end = min(first + plan.batch, positions.upperBound)
      result += pass(batches, first..<end, epoch: epoch)
      accumulator?.add(images: end - first, on: plan.model.device)
      first = end
    }
    accumulator?.takeMean(on: plan.model.device)
    return result
  }

  /// One batch, forward and back.
  private func pass(_ batches: Batches, _ positions: Range<Int>, epoch: Int) -> LossResult {
    let (count, device) = (positions.count, plan.model.device)
    let input = plan.input(count)
    batches.fill(
      positions, epoch: epoch - 1, input: input, labels: &targets.labels, on: device)
    mixer?.mix(input, &targets, seed: seed, index: batchCount, on: device)
    let logits = plan.forward(count, seed: seed, step: batchCount)
    let result = loss(logits, targets, on: device)
    plan.backward(logits, seed: seed, step: batchCount)
    batchCount += 1
    return result
  }
}
