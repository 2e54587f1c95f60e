import Tensor

/// What can be measured: the values of `--only`.
public enum BenchmarkGroup: String, CaseIterable, Sendable {
  case peak, matmul, convolution, augmentation, training, inference
}

/// One thing to measure: prepared, and ready to be run again and again.
struct BenchmarkCase {
  let subject: BenchmarkSubject
  /// Runs once and compares the result with what it must be.
  ///
  /// - Throws: ``BenchmarkError``.
  let check: () throws -> Void
  let run: () -> Void
}

/// What a case measures.
public struct BenchmarkSubject: Equatable, Sendable {
  public let group: BenchmarkGroup
  /// The instruction set, shape or model.
  public let name: String
  /// What of it: a pass, or empty.
  public let variant: String
  /// Images a run, 1 for a matrix product.
  public let batch: Int
  public let threads: Int
  /// Floating-point operations a run: two for each multiply-add that the definition has, whatever
  /// the implementation saves. Biases, activations, pooling and updates are not counted. 0 where
  /// time is all that is measured.
  public let operations: Int
}

/// The seconds that one run took, in each round.
public struct BenchmarkResult: Equatable, Sendable {
  public let subject: BenchmarkSubject
  public let seconds: Sample

  /// 10^9 floating-point operations a second.
  public var gflops: Double { Double(subject.operations) / seconds.median / 1e9 }
  public var imagesPerSecond: Double { Double(subject.batch) / seconds.median }
}

/// The values of several rounds. The median is what is reported: a machine that does something
/// else for a while spoils a mean.
public struct Sample: Equatable, Sendable {
  /// In the order of the rounds, at least one.
  public let values: [Double]

  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "a sample of nothing")
    self.values = values
  }

  public var median: Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  public var least: Double { values.min() ?? 0 }
  public var most: Double { values.max() ?? 0 }
  /// From the least to the most, as a share of the median.
  public var spread: Double { median > 0 ? (most - least) / median : 0 }
}

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

/// A product of an `m` × `k` and a `k` × `n` matrix, in one of the forms that a dense layer needs.
struct MatmulCase {
  /// Which operand lies transposed in memory.
  enum Form: String, CaseIterable {
    case forward
    case inputGradient = "input gradient"
    case weightGradient = "weight gradient"
  }

  let m: Int
  let k: Int
  let n: Int
  /// `nil`: as forward, but not called so.
  let form: Form?

  static func squares(_ extents: [Int]) -> [MatmulCase] {
    extents.map { MatmulCase(m: $0, k: $0, n: $0, form: nil) }
  }

  /// The three products of each dense layer of the MLP, at a batch.
  static func denseLayers(batch: Int) -> [MatmulCase] {
    let widths = [784, 512, 256, 128, 47]
    return zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
      [
        MatmulCase(m: batch, k: inputs, n: outputs, form: .forward),
        MatmulCase(m: batch, k: outputs, n: inputs, form: .inputGradient),
        MatmulCase(m: inputs, k: batch, n: outputs, form: .weightGradient),
      ]
    }
  }

  func prepared(on device: Device) -> BenchmarkCase {
    let (transposesA, transposesB) = (form == .weightGradient, form == .inputGradient)
    let a = Tensor.smallIntegers(transposesA ? [k, m] : [m, k], seed: 1)
    let b = Tensor.smallIntegers(transposesB ? [n, k] : [k, n], seed: 2)
    let c = Tensor(zeros: [m, n])
    let run = {
      device.matmul(a, b, transposingA: transposesA, transposingB: transposesB, into: c)
    }
    let subject = BenchmarkSubject(
      group: .matmul, name: "\(m) x \(k) x \(n)", variant: form?.rawValue ?? "", batch: 1,
      threads: device.threadCount, operations: 2 * m * k * n)
    return BenchmarkCase(
      subject: subject,
      check: {
        run()
        try checkElements(of: c, "matmul \(subject.name)") { index in
          let (i, j) = index.quotientAndRemainder(dividingBy: n)
          return (0..<k).reduce(0) { sum, p in
            sum + a[transposesA ? p * m + i : i * k + p]
              * b[transposesB ? j * k + p : p * n + j]
          }
        }
      }, run: run)
  }
}
