import Support

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
    let share = Double(outcomes.onlySecondRight) / Double(max(1, outcomes.discordantCount))
    var random = RandomStream(seed: seed, purpose: .resampling)
    let differences = (0..<draws).map { _ in
      let drawn = discordant.draw(using: &random)
      let won = BinomialDistribution(count: drawn, probability: share).draw(using: &random)
      return won - (drawn - won)
    }.sorted()
    func bound(_ share: Double) -> Double {
      Self.quantile(share, of: differences) / Double(outcomes.count)
    }
    interval95 = (bound(0.025), bound(0.975))
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
