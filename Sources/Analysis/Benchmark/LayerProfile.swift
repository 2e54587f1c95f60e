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
