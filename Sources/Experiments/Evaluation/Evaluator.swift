import Datasets
import NN
import Tensor

/// Runs a model over images it is not trained on.
public final class Evaluator {
  private let plan: InferencePlan
  private let labels: [String]
  private let normalization: Normalization
  private var targets: [UInt8]

  /// - Parameter batch: images at a time; it changes no result.
  public init(_ model: Model, labels: [String], normalization: Normalization, batch: Int = 256) {
    plan = InferencePlan(model, batch: batch)
    self.labels = labels
    self.normalization = normalization
    targets = [UInt8](repeating: 0, count: batch)
  }

  /// The model's results on a selection, in the selection's order.
  ///
  /// - Parameter shouldStop: asked after each batch; what was done until then is the result.
  public func evaluate(
    _ selection: Selection, shouldStop: () -> Bool = { false }
  ) -> Evaluation {
    var evaluation = Evaluation(labels: labels)
    let batches = Batches(selection, normalizedBy: normalization)
    plan.foldNormalization()
    var first = 0
    while first < batches.count {
      let count = min(plan.batch, batches.count - first)
      batches.fill(
        first..<first + count, input: plan.input(count), labels: &targets, on: plan.model.device)
      let logits = plan.run(count)
      evaluation.add(
        logits: UnsafeBufferPointer(start: logits.pointer, count: logits.count),
        targets: count == targets.count ? targets : Array(targets[..<count]))
      first += count
      if shouldStop() { break }
    }
    return evaluation
  }
}
