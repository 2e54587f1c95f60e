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
