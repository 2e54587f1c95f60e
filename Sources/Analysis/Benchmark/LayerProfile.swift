import Datasets
import NN
import Support
import Tensor

/// Where the time of a model's training step goes: layer by layer, pass by pass.
public struct LayerProfile: Sendable {
  /// One line of the table.
  public struct Entry: Sendable {
    public enum Pass: String, Sendable {
      case batch, forward, loss, backward, update
    }

    public let pass: Pass
    /// The layer, with those behind it whose work it does: `conv1 act1 pool1`; empty for what no
    /// layer does.
    public let layers: [String]
    /// Nominal floating-point operations.
    public let operations: Int
    public let seconds: Sample

    public var gflops: Double { Double(operations) / seconds.median / 1e9 }
  }

  public let machine: Machine
  public let model: String
  public let batch: Int
  /// In the order in which a step goes through them.
  public let entries: [Entry]
  /// Whole steps.
  public let step: BenchmarkResult
  /// 10^9 operations a second that the device can do at most.
  public let peak: Double

  /// What share of a step's time an entry takes.
  public func share(of entry: Entry) -> Double { entry.seconds.median / step.seconds.median }
}

extension LayerProfile {
  /// Runs training steps for about a second and takes the time of each part.
  ///
  /// - Throws: ``BenchmarkError`` if a result is wrong, and ``ModelError``.
  public init(_ measured: MeasuredModel, batch: Int, isQuick: Bool, on device: Device) throws {
    let work = try ModelWork(measured, largest: batch, device: device)
    try work.checkGradient(min(batch, 64))
    let peak = try PeakCase(of: device).prepared()
    let recorder = StepRecorder(work, batch: batch, classes: MeasuredModel.classes)
    let start = monotonicSeconds()
    var peaks: [Double] = []
    repeat {
      recorder.step()
      if recorder.steps % 10 == 0 { peaks.append(speed(of: peak)) }
    } while monotonicSeconds() - start < (isQuick ? 0.2 : 1) || recorder.steps < 10
    machine = Machine(device)
    model = work.name
    self.batch = batch
    entries = recorder.entries
    step = BenchmarkResult(
      subject: BenchmarkSubject(
        group: .training, name: work.name, variant: "", batch: batch, threads: device.threadCount,
        operations: work.trainingOperations * batch), seconds: Sample(recorder.totals))
    self.peak = Sample(peaks).median
  }
}

/// 10^9 operations a second of a dozen runs, so that a thread that is put aside for a moment does
/// not count for much.
private func speed(of peak: BenchmarkCase) -> Double {
  let runs = 12
  let start = monotonicSeconds()
  for _ in 0..<runs { peak.run() }
  return Double(runs * peak.subject.operations) / (monotonicSeconds() - start) / 1e9
}

/// Runs steps and notes when each part ended.
final class StepRecorder {
  private let work: ModelWork
  private let batch: Int
  private let images: Batches
  private var labels: [UInt16]
  private var last = 0.0
  /// Seconds of the parts of each step, in the order of a step.
  private var seconds: [[Double]] = []
  private(set) var totals: [Double] = []

  var steps: Int { totals.count }

  init(_ work: ModelWork, batch: Int, classes: Int) {
    self.work = work
    self.batch = batch
    labels = [UInt16](repeating: 0, count: batch)
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
