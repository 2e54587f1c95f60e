import Metrics
import Support
import Training

/// Cross-validations with the same folds, side by side and fold by fold.
public struct FoldsComparison: Sendable {
  /// At least two.
  public let members: [FoldsRecord]
  /// What tells them from each other: their directories' names, or their paths.
  public let names: [String]
  /// The options that are not the same in all.
  public let differences: [OptionDifference]
  /// Every two, in their order.
  public private(set) var pairs: [FoldsPair]
  /// What was named, but cannot be compared with these.
  public let leftOut: [LeftOutRun]

  /// - Throws: why there are fewer than two.
  public init(_ comparable: ComparableFolds) throws {
    guard comparable.records.count > 1 else { throw comparable.tooFew }
    let members = comparable.records
    self.members = members
    leftOut = comparable.leftOut
    let names = members.map(\.name)
    self.names =
      Set(names).count == names.count ? names : members.map(\.directory.path)
    differences = OptionDifference.all(in: members.map { $0.folds[0].record })
    pairs = members.indices.flatMap { first in
      members.indices.dropFirst(first + 1).map { FoldsPair(first, $0, of: members) }
    }
    let corrected = Significance.corrected(pairs.map { $0.probability ?? 1 })
    for (index, probability) in corrected.enumerated() where isJudged {
      pairs[index].correctedProbability = probability
    }
  }

  /// The number of folds of each.
  public var foldCount: Int { members[0].folds.count }
  /// The images that all folds together are validated on.
  public var imageCount: Int { members[0].folds.compactMap(\.images).reduce(0, +) }
  /// Whether there are folds enough to say what is chance.
  public var isJudged: Bool { foldCount >= FoldDifference.leastFolds }

  /// The mean accuracy of a member.
  public func accuracy(_ member: Int) -> MeanEstimate {
    MeanEstimate(members[member].folds.map { $0.accuracy ?? .nan })
  }

  /// The places of the members, the one with the highest mean accuracy first.
  public var ranking: [Int] {
    let means = members.indices.map { accuracy($0).mean }
    return means.indices.sorted { (-means[$0], $0) < (-means[$1], $1) }
  }
}

/// Two cross-validations with the same folds.
public struct FoldsPair: Sendable {
  /// The places of the two among the members.
  public let first: Int
  public let second: Int
  /// The second one's accuracies less the first one's.
  public let values: [Double]
  /// `nil` of too few folds for a judgement.
  public let estimate: FoldDifference?
  /// The estimate's, corrected for the number of pairs.
  public internal(set) var correctedProbability: Double?

  init(_ first: Int, _ second: Int, of members: [FoldsRecord]) {
    (self.first, self.second) = (first, second)
    let (a, b) = (members[first].folds, members[second].folds)
    values = zip(a, b).map { ($1.accuracy ?? .nan) - ($0.accuracy ?? .nan) }
    let count = Double(values.count)
    estimate =
      values.count < FoldDifference.leastFolds
      ? nil
      : FoldDifference(
        values, tested: Double(a.compactMap(\.images).reduce(0, +)) / count,
        trained: Double(a.compactMap(\.trainingImages).reduce(0, +)) / count)
  }

  /// The mean of the differences.
  public var difference: Double { values.reduce(0, +) / Double(values.count) }
  public var probability: Double? { estimate?.probability }
}
