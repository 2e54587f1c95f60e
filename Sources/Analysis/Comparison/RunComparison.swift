import Metrics
import Training

/// Several runs that were tested on the same images, side by side and two by two.
public struct RunComparison: Sendable {
  public let runs: [ComparedRun]
  /// The runs as they compete: those that differ by their seed alone together, each other for itself.
  public let contenders: [Contender]
  /// The options that are not the same in all runs, in the order of the first run that has them.
  public let differences: [OptionDifference]
  /// Every two of the runs, in their order.
  public let pairs: [RunPair]
  /// Every two of the contenders, if there is a group among them.
  public private(set) var contenderPairs: [ContenderPair] = []
  /// Runs that were named, but cannot be compared with these.
  public var leftOut: [LeftOutRun] = []

  /// Compares at least two runs.
  ///
  /// - Parameters:
  ///   - draws: of the bootstrap.
  ///   - seed: of the bootstrap; every pair is drawn alike, whatever else is compared.
  /// - Throws: ``ComparisonError``.
  public init(
    _ records: [RunRecord], draws: Int = PairedBootstrap.standardDraws, seed: UInt64 = 0
  ) throws {
    precondition(records.count > 1, "a comparison needs two runs")
    let names = records.map(\.name)
    let areTold = Set(names).count == names.count
    runs = try records.map { record in
      try ComparedRun(record, name: areTold ? record.name : record.run.path)
    }
    for run in runs.dropFirst() { try runs[0].check(against: run) }
    differences = OptionDifference.all(in: records)
    let grouping = SeedGrouping(runs)
    contenders = grouping.contenders
    leftOut = grouping.leftOut
    pairs = RunPair.all(of: runs, draws: draws, seed: seed)
    contenderPairs = contenders.contains(where: \.isGroup) ? ContenderPair.all(of: self) : []
  }

  /// Whether runs are compared as groups of seeds.
  public var isGrouped: Bool { contenders.contains(where: \.isGroup) }
  /// The number of images that all runs were tested on.
  public var count: Int { runs[0].predictions.count }
  /// The names of the classes.
  public var labels: [String] { runs[0].test.confusion.labels }

  /// The pair of two runs, of which the first one stands before the second.
  public func pair(_ first: Int, _ second: Int) -> RunPair? {
    pairs.first { $0.first == first && $0.second == second }
  }

  /// The images that some of the runs got right and some did not.
  public var contested: [ContestedImage] {
    (0..<count).compactMap { position in
      let predictions = runs.map { $0.predictions[position] }
      let rights = predictions.count { $0.prediction.isCorrect }
      guard rights > 0, rights < runs.count else { return nil }
      return ContestedImage(
        index: predictions[0].index, trueClass: predictions[0].prediction.trueClass,
        predictedClasses: predictions.map(\.prediction.predictedClass))
    }
  }
}

/// A run with the result of its test.
public struct ComparedRun: Sendable {
  /// What tells it from the others: its directory's name, or its path.
  public let name: String
  public let record: RunRecord
  public let test: RecordedTest
  public var predictions: [RecordedPrediction] { record.predictions }

  /// - Throws: ``ComparisonError/notTested(run:state:)``.
  init(_ record: RunRecord, name: String) throws {
    guard let test = record.test, test.count > 0, !record.predictions.isEmpty else {
      throw ComparisonError.notTested(
        run: record.run.path, state: RunListing(of: record.run).state)
    }
    self.name = name
    self.record = record
    self.test = test
  }

  /// Makes sure that both were tested on the same images with the same labels.
  func check(against other: ComparedRun) throws {
    let runs = [record.run.path, other.record.run.path]
    guard test.dataset == other.test.dataset else {
      throw ComparisonError.otherData(runs: runs, datasets: [test.dataset, other.test.dataset])
    }
    guard test.confusion.labels == other.test.confusion.labels else {
      throw ComparisonError.otherClasses(runs: runs)
    }
    guard predictions.count == other.predictions.count else {
      throw ComparisonError.otherCount(
        runs: runs, counts: [predictions.count, other.predictions.count])
    }
    for (a, b) in zip(predictions, other.predictions) {
      guard a.index == b.index else {
        throw ComparisonError.otherImages(runs: runs, indices: [a.index, b.index])
      }
      guard a.prediction.trueClass == b.prediction.trueClass else {
        throw ComparisonError.otherLabel(
          runs: runs, index: a.index,
          labels: [a, b].map { test.confusion.labels[Int($0.prediction.trueClass)] })
      }
    }
    guard test.images == nil || other.test.images == nil || test.images == other.test.images else {
      throw ComparisonError.otherPixels(runs: runs)
    }
  }
}

/// An image that some runs got right and some did not.
public struct ContestedImage: Equatable, Sendable {
  /// Where in the test files it stands.
  public let index: Int
  public let trueClass: UInt16
  /// What each run took it for.
  public let predictedClasses: [UInt16]
}

/// An option with its value in each run.
public struct OptionDifference: Equatable, Sendable {
  public let name: String
  /// `nil` where nothing was chosen.
  public let values: [String?]

  /// Whether it says nothing that tells groups of seeds apart.
  public var isOfSeeds: Bool { name == "seed" || name == "split_seed" }

  /// The options that are not the same in all runs. Where a run was written to is no difference.
  public static func all(in runs: [RunRecord]) -> [OptionDifference] {
    var seen: Set<String> = ["out", "name", "force"]
    return runs.flatMap { $0.options.map(\.name) }.compactMap { name in
      guard seen.insert(name).inserted else { return nil }
      let values = runs.map { run in run.options.first { $0.name == name }?.value }
      return Set(values).count > 1 ? OptionDifference(name: name, values: values) : nil
    }
  }
}

extension RunRecord {
  /// The name of the run's directory.
  public var name: String { run.path.split(separator: "/").last.map(String.init) ?? run.path }
}
