import Tensor

/// The limit of the processor: nothing but multiply-adds, for one instruction set and number of
/// threads.
struct PeakCase {
  let level: SIMDLevel
  let threads: Int

  /// The limit that all else on `device` is compared with.
  init(of device: Device) {
    level = device.level
    threads = device.threadCount
  }

  private init(level: SIMDLevel, threads: Int) {
    self.level = level
    self.threads = threads
  }

  /// Each usable instruction set, on one thread and on all.
  static func all(threads: Int) -> [PeakCase] {
    SIMDLevel.usable.flatMap { level in
      (threads == 1 ? [1] : [1, threads]).map { PeakCase(level: level, threads: $0) }
    }
  }

  /// Steps that take about a millisecond.
  private static let steps = 300_000

  func prepared() throws -> BenchmarkCase {
    let device = Device(level: level, threads: threads)
    guard let operations = device.runMultiplyAdds(steps: Self.steps) else {
      throw BenchmarkError.wrongPeak(level: level.rawValue)
    }
    return BenchmarkCase(
      subject: BenchmarkSubject(
        group: .peak, name: level.rawValue, variant: "", batch: 1, threads: threads,
        operations: operations),
      check: {}, run: { _ = device.runMultiplyAdds(steps: Self.steps) })
  }
}

extension BenchmarkSubject {
  /// Whether this is the limit that the others are compared with.
  func isPeak(of device: Device) -> Bool {
    group == .peak && name == device.level.rawValue && threads == device.threadCount
  }
}
