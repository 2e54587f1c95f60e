import Datasets
import Interchange
import Metrics
import Platform
import Support
import Training

extension RunExport {
  /// Logits of a selection, `[N, C]`: those of the network in whole numbers, if it was made, else the
  /// program's own.
  func answers(on selection: Selection) -> [Float] {
    guard let plan else { return logits(of: selection) }
    return plan.logits(
      of: selection.indices.flatMap { Array(selection.images.image(Int($0))) })
  }

  /// What the network in whole numbers gets right of a selection.
  ///
  /// - Throws: ``RunError`` if the images do not suit the run, and ``WorkInterrupted`` if a signal
  ///   came.
  public func test(
    _ selection: Selection, of part: RunPart, run: String, dataset: Dataset
  ) throws -> TestResult {
    try check(selection.images, of: dataset, run: run)
    let start = monotonicSeconds()
    var evaluation = Evaluation(labels: network.labels)
    let batch = 256
    for first in stride(from: 0, to: selection.count, by: batch) {
      let part = Selection(
        selection.images,
        indices: Array(selection.indices[first..<min(first + batch, selection.count)]))
      let targets = (0..<part.count).map { part.label(at: $0) }
      evaluation.add(logits: answers(on: part).span, targets: targets)
      try Interruption.check()
    }
    return TestResult(
      evaluation: evaluation, run: run, checkpoint: checkpointPath, dataset: dataset.name,
      part: part,
      indices: selection.indices.map(Int.init), seconds: monotonicSeconds() - start,
      quantization: network.quantized == nil ? nil : "int8")
  }
}
