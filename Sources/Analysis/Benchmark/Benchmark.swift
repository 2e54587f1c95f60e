import Support
import Tensor

/// What to measure, and how long.
public struct BenchmarkPlan: Sendable {
  public var groups: [BenchmarkGroup] = BenchmarkGroup.allCases
  public var models: [MeasuredModel]
  /// `nil`: a list that suits the group.
  public var batch: Int?
  public var rounds: Int
  /// Fewer shapes and shorter rounds.
  public var isQuick: Bool

  public init(
    groups: [BenchmarkGroup], models: [MeasuredModel], batch: Int?, rounds: Int, isQuick: Bool
  ) {
    self.groups = groups
    self.models = models
    self.batch = batch
    self.rounds = rounds
    self.isQuick = isQuick
  }

  var trainingBatches: [Int] { batch.map { [$0] } ?? (isQuick ? [128] : [64, 128, 256, 1000]) }
  var inferenceBatches: [Int] { batch.map { [$0] } ?? (isQuick ? [1, 128] : [1, 128, 1000]) }
  /// Seconds that a case runs in each round.
  var secondsARound: Double { isQuick ? 0.02 : 0.05 }
}

/// What was measured, on which machine.
public struct BenchmarkOutcome: Sendable {
  public let machine: Machine
  public let results: [BenchmarkResult]
  public let rounds: Int
  /// 10^9 operations a second that the instruction set and the threads in use can do at most.
  public let peak: Double

  /// What share of the peak a result reached.
  public func share(of result: BenchmarkResult) -> Double { result.gflops / peak }
}

/// Measures a plan's cases in interleaved rounds.
///
/// In each round every case runs once untimed and then as often as fills a given time. A round
/// begins with another case each time, so that what the machine does beside hits all alike.
public struct Benchmark {
  private let plan: BenchmarkPlan
  private let device: Device
  private let cases: [BenchmarkCase]

  /// Prepares every case and checks its results.
  ///
  /// - Throws: ``BenchmarkError`` if a result is wrong, and ``ModelError``.
  public init(_ plan: BenchmarkPlan, on device: Device) throws {
    self.plan = plan
    self.device = device
    cases = try Self.cases(plan, device)
    for item in cases { try item.check() }
  }

  /// Measures. `progress` is called before each round, from 1.
  public func run(progress: (_ round: Int) -> Void = { _ in }) -> BenchmarkOutcome {
    let repetitions = cases.map(repetitions)
    var seconds = [[Double]](repeating: [], count: cases.count)
    for round in 0..<plan.rounds {
      progress(round + 1)
      let first = round * cases.count / plan.rounds
      for index in cases.indices.map({ ($0 + first) % cases.count }) {
        seconds[index].append(time(cases[index], repetitions[index]))
      }
    }
    let results = zip(cases, seconds).map {
      BenchmarkResult(subject: $0.subject, seconds: Sample($1))
    }
    let peak = results.first { $0.subject.isPeak(of: device) }?.gflops ?? .nan
    let wanted = results.filter { plan.groups.contains($0.subject.group) }
    return BenchmarkOutcome(
      machine: Machine(device), results: wanted, rounds: plan.rounds, peak: peak)
  }

  private func repetitions(of item: BenchmarkCase) -> Int {
    let once = min(time(item, 1), time(item, 1))
    return max(1, Int(plan.secondsARound / max(once, 1e-7)))
  }

  /// Seconds a run.
  private func time(_ item: BenchmarkCase, _ repetitions: Int) -> Double {
    item.run()
    let start = monotonicSeconds()
    for _ in 0..<repetitions { item.run() }
    return (monotonicSeconds() - start) / Double(repetitions)
  }

  private static func cases(_ plan: BenchmarkPlan, _ device: Device) throws -> [BenchmarkCase] {
    // The limit is needed for the shares of everything else, too.
    let peaks =
      plan.groups.contains(.peak)
      ? PeakCase.all(threads: device.threadCount) : [PeakCase(of: device)]
    var cases = try peaks.map { try $0.prepared() }
    if plan.groups.contains(.matmul) {
      cases += plan.products.map { $0.prepared(on: device) }
    }
    if plan.groups.contains(.convolution) {
      cases += plan.convolutions.flatMap { $0.prepared(on: device) }
    }
    if plan.groups.contains(.augmentation) {
      cases += AugmentationCase.all(batch: plan.batch ?? 128).map { $0.prepared(on: device) }
    }
    let (trains, classifies) = (
      plan.groups.contains(.training), plan.groups.contains(.inference)
    )
    guard trains || classifies else { return cases }
    let (training, inference) = (plan.trainingBatches, plan.inferenceBatches)
    let largest = max(trains ? training.max() ?? 1 : 1, classifies ? inference.max() ?? 1 : 1)
    let models = try plan.models.map { try ModelWork($0, largest: largest, device: device) }
    if trains { cases += models.flatMap { $0.trainingCases(training) } }
    if classifies { cases += models.flatMap { $0.inferenceCases(inference) } }
    return cases
  }
}

extension BenchmarkPlan {
  fileprivate var products: [MatmulCase] {
    isQuick
      ? MatmulCase.squares([256, 512, 1024])
      : MatmulCase.squares([256, 512, 1024, 2048]) + MatmulCase.denseLayers(batch: batch ?? 128)
  }

  fileprivate var convolutions: [ConvolutionCases] {
    let shapes = ConvolutionCases.shapes(batch: batch ?? 128)
    return isQuick ? Array(shapes.prefix(2)) : shapes
  }
}

/// A result that is not what it must be. Nothing that computes wrongly is timed.
public enum BenchmarkError: UserError, Equatable {
  case wrongElement(subject: String, index: Int, got: Float, expected: Float)
  case wrongPeak(level: String)
  case wrongGradient(model: String, measured: Double, expected: Double)
  case wrongLogits(model: String, index: Int, got: Float, expected: Float)

  public var exitCode: ExitCode { .software }

  public var description: String {
    let ending = "; this is a fault of emnist or of the machine, please report it"
    return switch self {
    case .wrongElement(let subject, let index, let got, let expected):
      "\(subject): element \(index) of the result is \(got), not \(expected)\(ending)"
    case .wrongPeak(let level):
      "\(level): a chain of multiply-adds does not end where it must\(ending)"
    case .wrongGradient(let model, let measured, let expected):
      "\(model): the loss changes by \(measured) along its gradient, not by \(expected)\(ending)"
    case .wrongLogits(let model, let index, let got, let expected):
      "\(model): output \(index) is \(got), but \(expected) with portable instructions\(ending)"
    }
  }
}
