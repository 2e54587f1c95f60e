import Datasets
import NN
import Support
import Tensor

/// Runs steps and notes when each part ended.
final class StepRecorder {
  private let work: ModelWork
  private let batch: Int
  private let images: Batches
  private var labels: [UInt8]
  private var last = 0.0
  /// Seconds of the parts of each step, in the order of a step.
  private var seconds: [[Double]] = []
  private(set) var totals: [Double] = []

  var steps: Int { totals.count }

  init(_ work: ModelWork, batch: Int, classes: Int) {
    self.work = work
    self.batch = batch
    labels = [UInt8](repeating: 0, count: batch)
    let shape = work.model.inputShape
    var random = RandomStream(seed: 1, purpose: .testing)
    let pixels = (0..<batch * shape.count).map { _ in UInt8(random.below(256)) }
    images = Batches(
      Selection(ImageSet(height: shape[0], width: shape[1], pixels: pixels, labels: labels)),
      normalizedBy: Normalization(mean: 0.5, standardDeviation: 0.3))
    // The first step allocates; it is not counted.
    step()
    seconds = []
    totals = []
    work.training.didPass = { [unowned self] _, _ in note() }
  }

  private func note() {
    let now = monotonicSeconds()
    seconds[seconds.count - 1].append(now - last)
    last = now
  }

  func step() {
    seconds.append([])
    let start = monotonicSeconds()
    last = start
    images.fill(
      0..<batch, input: work.training.input(batch), labels: &labels, on: work.model.device)
    note()
    let logits = work.forward(batch)
    work.lossAndGradient(logits)
    note()
    work.backward(logits)
    work.update()
    note()
    totals.append(last - start)
  }

  /// The parts, each with its seconds in every step.
  var entries: [LayerProfile.Entry] {
    parts.enumerated().map { index, part in
      LayerProfile.Entry(
        pass: part.pass, layers: part.layers, operations: part.operations * batch,
        seconds: Sample(seconds.map { $0[index] }))
    }
  }

  private typealias Part = (pass: LayerProfile.Entry.Pass, layers: [String], operations: Int)

  private var parts: [Part] {
    let steps = work.model.trainingLayers
    let first = steps.firstIndex { !$0[0].parameters.isEmpty } ?? steps.count
    func part(_ pass: LayerProfile.Entry.Pass, _ index: Int, products: Int) -> Part {
      let layers = steps[index]
      let sum = layers.reduce(0) { $0 + $1.multiplyAdds }
      return (pass, layers.map(\.name), 2 * products * sum)
    }
    var parts = [(pass: LayerProfile.Entry.Pass.batch, layers: [String](), operations: 0)]
    parts += steps.indices.map { part(.forward, $0, products: 1) }
    parts.append((.loss, [], 0))
    for index in steps.indices.reversed() where index >= first {
      parts.append(part(.backward, index, products: index > first ? 2 : 1))
    }
    parts.append((.update, [], 0))
    return parts
  }
}
