import Support

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

/// What the difference of two accuracies may be on other samples from where these came: it is
/// measured again on samples drawn, with replacement, from those at hand.
///
/// How a sample counts depends only on which of the two models was right, so a draw of all samples
/// is a draw of how many fall into each of the four cases: a multinomial number, made of two
/// binomial ones. That is the paired bootstrap of the samples themselves, at a cost that hardly
/// grows with them (Bradley Efron and Robert Tibshirani, "An Introduction to the Bootstrap", 1993,
/// chapters 8 and 13).
public struct PairedBootstrap: Equatable, Sendable {
  public static let standardDraws = 10_000

  public let draws: Int
  public let seed: UInt64
  /// The percentile interval: the middle 95 % of the draws, between two of them in proportion.
  /// NaN without samples.
  public let interval95: (lower: Double, upper: Double)

  /// - Parameter draws: at least 1.
  public init(_ outcomes: PairedOutcomes, draws: Int = standardDraws, seed: UInt64 = 0) {
    precondition(draws > 0, "PairedBootstrap: \(draws) draws")
    self.draws = draws
    self.seed = seed
    guard outcomes.count > 0 else {
      interval95 = (.nan, .nan)
      return
    }
    let discordant = BinomialDistribution(
      count: outcomes.count,
      probability: Double(outcomes.discordantCount) / Double(outcomes.count))
    // Of the better one, so that both have the same draws whichever is named first.
    let most = max(outcomes.onlyFirstRight, outcomes.onlySecondRight)
    let share = Double(most) / Double(max(1, outcomes.discordantCount))
    var random = RandomStream(seed: seed, purpose: .resampling)
    let differences = (0..<draws).map { _ in
      let drawn = discordant.draw(using: &random)
      let won = BinomialDistribution(count: drawn, probability: share).draw(using: &random)
      return won - (drawn - won)
    }.sorted()
    func bound(_ share: Double, of differences: [Int]) -> Double {
      Self.quantile(share, of: differences) / Double(outcomes.count)
    }
    guard outcomes.discordantCount < 2 * most || most == 0 else {
      // Neither is better: each draw stands for its opposite too.
      let upper = bound(0.95, of: differences.map(abs).sorted())
      interval95 = (-upper, upper)
      return
    }
    let (lower, upper) = (bound(0.025, of: differences), bound(0.975, of: differences))
    interval95 = outcomes.onlySecondRight == most ? (lower, upper) : (-upper, -lower)
  }

  /// Between the two nearest of the sorted numbers in proportion, as NumPy's default has it.
  private static func quantile(_ share: Double, of sorted: [Int]) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return Double(sorted[below]) + (place - Double(below)) * Double(sorted[above] - sorted[below])
  }

  public static func == (a: PairedBootstrap, b: PairedBootstrap) -> Bool {
    (a.draws, a.seed) == (b.draws, b.seed) && a.interval95 == b.interval95
  }
}

/// The distribution of the number of successes among `count` trials.
public struct BinomialDistribution: Sendable {
  public let count: Int
  public let probability: Double
  /// The most probable number, from which draws begin, and its probability.
  private let mode: Int
  private let modeProbability: Double

  /// - Parameters:
  ///   - count: at least 0.
  ///   - probability: of success, from 0 to 1.
  public init(count: Int, probability: Double) {
    precondition(count >= 0 && (0...1).contains(probability), "binomial(\(count), \(probability))")
    self.count = count
    self.probability = probability
    mode = min(count, Int(Double(count + 1) * probability))
    modeProbability = Self.probability(of: mode, count, probability)
  }

  /// The probability of exactly `k` successes.
  public func probability(of k: Int) -> Double { Self.probability(of: k, count, probability) }

  private static func probability(of k: Int, _ count: Int, _ probability: Double) -> Double {
    func term(_ k: Int, _ p: Double) -> Double { k == 0 ? 0 : Double(k) * logarithm(p) }
    let ways =
      logarithmOfGamma(Double(count + 1)) - logarithmOfGamma(Double(k + 1))
      - logarithmOfGamma(Double(count - k + 1))
    return exponential(ways + term(k, probability) + term(count - k, 1 - probability))
  }

  /// The probability of at most `k` successes, summed from the largest term down to where terms no
  /// longer matter.
  public func probability(upTo k: Int) -> Double {
    guard k < count else { return 1 }
    guard k <= mode else { return 1 - upperTail(from: k + 1) }
    var (term, sum, k) = (probability(of: k), 0.0, k)
    while k >= 0, sum + term > sum {
      sum += term
      term *= Double(k) * (1 - probability) / (Double(count - k + 1) * probability)
      k -= 1
    }
    return sum
  }

  private func upperTail(from k: Int) -> Double {
    var (term, sum, k) = (probability(of: k), 0.0, k)
    while k <= count, sum + term > sum {
      sum += term
      term *= Double(count - k) * probability / (Double(k + 1) * (1 - probability))
      k += 1
    }
    return sum
  }

  /// A random number of successes: the terms are taken away from a uniform number in turns from
  /// both sides of the mode, about as many as two standard deviations hold (C. D. Kemp, "A modal
  /// method for generating binomial variables", 1986).
  public func draw(using random: inout RandomStream) -> Int {
    guard probability > 0 else { return 0 }
    guard probability < 1 else { return count }
    var rest = Double(random.next() >> 11) * 0x1p-53 - modeProbability
    guard rest >= 0 else { return mode }
    let odds = probability / (1 - probability)
    var (low, high) = (mode, mode)
    var (lowTerm, highTerm) = (modeProbability, modeProbability)
    while low > 0 || high < count {
      if high < count {
        highTerm *= Double(count - high) / Double(high + 1) * odds
        high += 1
        rest -= highTerm
        if rest < 0 { return high }
      }
      if low > 0 {
        lowTerm *= Double(low) / Double(count - low + 1) / odds
        low -= 1
        rest -= lowTerm
        if rest < 0 { return low }
      }
      // What rounding left over belongs to no term.
      if lowTerm + highTerm == 0 { return mode }
    }
    return mode
  }
}
