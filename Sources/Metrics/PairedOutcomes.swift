/// How two models did on the same samples, counted by who was right.
public struct PairedOutcomes: Equatable, Sendable {
  public var bothRight = 0
  public var onlyFirstRight = 0
  public var onlySecondRight = 0
  public var neitherRight = 0

  public init() {}

  public init(bothRight: Int, onlyFirstRight: Int, onlySecondRight: Int, neitherRight: Int) {
    self.bothRight = bothRight
    self.onlyFirstRight = onlyFirstRight
    self.onlySecondRight = onlySecondRight
    self.neitherRight = neitherRight
  }

  /// Counts a sample.
  public mutating func add(first: Bool, second: Bool) {
    switch (first, second) {
    case (true, true): bothRight += 1
    case (true, false): onlyFirstRight += 1
    case (false, true): onlySecondRight += 1
    case (false, false): neitherRight += 1
    }
  }

  public var count: Int { bothRight + neitherRight + discordantCount }
  /// The samples that only one of the two got right.
  public var discordantCount: Int { onlyFirstRight + onlySecondRight }

  /// The second model's accuracy less the first one's; NaN without samples.
  public var accuracyDifference: Double {
    Double(onlySecondRight - onlyFirstRight) / Double(count)
  }

  /// The probability of a split of the discordant samples at least as uneven as this one, if each
  /// were as likely to go to one model as to the other: McNemar's test in its exact form, from both
  /// sides. 1 without discordant samples.
  ///
  /// Of the forms of the test this one never claims more than its level allows, at the price of
  /// some power (Quinn McNemar, "Note on the sampling error of the difference between correlated
  /// proportions or percentages", 1947; Fagerland, Lydersen and Laake, "The McNemar test for binary
  /// matched-pairs data", 2013).
  public var mcNemarProbability: Double {
    let halves = BinomialDistribution(count: discordantCount, probability: 0.5)
    return min(1, 2 * halves.probability(upTo: min(onlyFirstRight, onlySecondRight)))
  }
}
