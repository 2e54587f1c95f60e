import Metrics
import Support
import Testing

@Suite struct PairedOutcomesTests {
  /// statsmodels 0.15.0, `mcnemar([[50, b], [c, 30]], exact=True)`.
  @Test(arguments: [
    (0, 0, 1), (5, 5, 1), (0, 1, 1), (1, 0, 1), (10, 25, 0.016673847800120715),
    (121, 59, 4.4344492637551645e-06), (300, 320, 0.44545428321314423),
    (3, 90, 2.7088953370761237e-23), (12000, 11800, 0.19707551621364391), (4000, 9000, 0),
  ])
  func theExactTestIsThatOfStatsmodels(first: Int, second: Int, expected: Double) {
    let outcomes = PairedOutcomes(
      bothRight: 50, onlyFirstRight: first, onlySecondRight: second, neitherRight: 30)
    // Logarithms of factorials lose digits as numbers grow.
    #expect(abs(outcomes.mcNemarProbability - expected) <= 1e-9 * expected)
  }

  @Test func everySampleIsOfOneCase() {
    var outcomes = PairedOutcomes()
    for (first, second) in [(true, true), (true, false), (false, true), (false, true)] {
      outcomes.add(first: first, second: second)
    }
    outcomes.add(first: false, second: false)
    #expect(
      outcomes
        == PairedOutcomes(
          bothRight: 1, onlyFirstRight: 1, onlySecondRight: 2, neitherRight: 1))
    #expect(outcomes.count == 5 && outcomes.discordantCount == 3)
    #expect(outcomes.accuracyDifference == 0.2)
    #expect(PairedOutcomes().accuracyDifference.isNaN)
  }
}

@Suite struct BinomialDistributionTests {
  /// SciPy 1.16's `binom.pmf` and `binom.cdf`.
  @Test func probabilitiesAreThoseOfSciPy() {
    let small = BinomialDistribution(count: 10, probability: 0.3)
    #expect(abs(small.probability(of: 3) - 0.2668279319999998) < 1e-14)
    #expect(abs(small.probability(upTo: 3) - 0.6496107184000002) < 1e-14)
    #expect(abs(small.probability(upTo: 7) - 0.9984096136) < 1e-14)
    #expect(small.probability(upTo: 10) == 1)
    let large = BinomialDistribution(count: 116_323, probability: 0.01)
    #expect(abs(large.probability(upTo: 1100) - 0.031407930787879935) < 1e-10)
  }

  /// Chi-squared over 0 to 10 with 40,000 draws: 29.6 is passed once in a thousand seeds.
  @Test func drawsComeAsOftenAsTheyAreProbable() {
    let distribution = BinomialDistribution(count: 10, probability: 0.3)
    var random = RandomStream(seed: 3, purpose: .testing)
    var counts = [Int](repeating: 0, count: 11)
    for _ in 0..<40_000 { counts[distribution.draw(using: &random)] += 1 }
    let distance = counts.enumerated().reduce(0.0) { sum, item in
      let expected = 40_000 * distribution.probability(of: item.offset)
      return sum + (Double(item.element) - expected) * (Double(item.element) - expected) / expected
    }
    #expect(distance < 29.6)
  }

  @Test func meanAndVarianceOfManyTrialsHold() {
    let distribution = BinomialDistribution(count: 116_323, probability: 0.08)
    var random = RandomStream(seed: 4, purpose: .testing)
    let draws = (0..<4_000).map { _ in Double(distribution.draw(using: &random)) }
    let estimate = MeanEstimate(draws)
    // Standard errors: 92.5 / √4000 = 1.46 of the mean, 92.5 / √8000 = 1.03 of the deviation.
    #expect(abs(estimate.mean - 9305.84) < 6)
    #expect(abs(estimate.standardDeviation - 92.53) < 4)
  }

  @Test(arguments: [(0, 0.5, 0), (7, 0, 0), (7, 1, 7), (0, 1, 0)])
  func whatIsCertainIsDrawn(count: Int, probability: Double, expected: Int) {
    var random = RandomStream(seed: 0, purpose: .testing)
    let distribution = BinomialDistribution(count: count, probability: probability)
    #expect((0..<20).allSatisfy { _ in distribution.draw(using: &random) == expected })
  }
}

@Suite struct PairedBootstrapTests {
  /// NumPy's 2.5 and 97.5 percentiles of 2,000,000 multinomial draws; those of 10,000 differ by
  /// some images.
  @Test(arguments: [
    (100, 10, 25, 0.04, 0.26, 0.011), (6580, 200, 500, 0.03784, 0.05334, 0.0006),
    (1000, 50, 50, -0.02, 0.02, 0.0021), (50, 0, 3, 0, 0.14, 0.021),
  ])
  func theIntervalIsThatOfManyDraws(
    count: Int, first: Int, second: Int, lower: Double, upper: Double, tolerance: Double
  ) {
    let outcomes = PairedOutcomes(
      bothRight: count - first - second, onlyFirstRight: first, onlySecondRight: second,
      neitherRight: 0)
    let interval = PairedBootstrap(outcomes).interval95
    #expect(abs(interval.lower - lower) < tolerance && abs(interval.upper - upper) < tolerance)
  }

  @Test func modelsThatAgreeDoNotDiffer() {
    let same = PairedOutcomes(
      bothRight: 90, onlyFirstRight: 0, onlySecondRight: 0, neitherRight: 10)
    #expect(PairedBootstrap(same, draws: 100).interval95 == (0, 0))
    #expect(PairedBootstrap(PairedOutcomes()).interval95.lower.isNaN)
  }

  @Test(arguments: [(60, 90), (90, 60), (25, 25), (0, 3)])
  func theIntervalIsTheSameWhicheverIsNamedFirst(first: Int, second: Int) {
    func interval(_ first: Int, _ second: Int) -> (lower: Double, upper: Double) {
      PairedBootstrap(
        PairedOutcomes(
          bothRight: 300, onlyFirstRight: first, onlySecondRight: second, neitherRight: 50)
      ).interval95
    }
    let (one, other) = (interval(first, second), interval(second, first))
    #expect(one.lower == -other.upper && one.upper == -other.lower)
  }

  @Test func theSeedDecides() {
    let outcomes = PairedOutcomes(
      bothRight: 800, onlyFirstRight: 60, onlySecondRight: 90, neitherRight: 50)
    #expect(PairedBootstrap(outcomes, draws: 50) == PairedBootstrap(outcomes, draws: 50))
    #expect(
      PairedBootstrap(outcomes, draws: 50, seed: 1).interval95
        != PairedBootstrap(outcomes, draws: 50).interval95)
  }
}
