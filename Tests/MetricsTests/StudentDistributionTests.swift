import Testing

@testable import Metrics

@Suite struct StudentDistributionTests {
  /// `scipy.stats.t.ppf(0.5 + share / 2, n)`, scipy 1.17.1.
  @Test(arguments: [
    (1, 0.5, 1.0000000000000002),
    (1, 0.95, 12.706204736174694),
    (1, 0.999, 636.6192487687897),
    (2, 0.95, 4.302652729749462),
    (3, 0.95, 3.1824463052837078),
    (4, 0.5, 0.7406970841126829),
    (4, 0.95, 2.7764451051977934),
    (4, 0.999, 8.610301581379522),
    (5, 0.95, 2.5705818356363146),
    (9, 0.5, 0.7027221467513264),
    (9, 0.95, 2.262157162798205),
    (9, 0.999, 4.780912585931217),
    (10, 0.95, 2.228138851986274),
    (29, 0.95, 2.045229642132703),
    (100, 0.95, 1.9839715185235518),
    (999, 0.95, 1.9623414611334493),
  ])
  func boundsAreThoseOfScipy(_ degreesOfFreedom: Int, share: Double, expected: Double) {
    let student = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
    #expect(abs(student.bound(of: share) / expected - 1) < 1e-12)
  }

  @Test func nothingLiesWithinNothing() {
    #expect(StudentDistribution(degreesOfFreedom: 3).bound(of: 0) == 0)
    #expect(StudentDistribution(degreesOfFreedom: 4).probability(within: 0) == 0)
  }

  @Test func anEstimateByHand() {
    // The mean of 1, 2, 3 and 4 is 2.5, the squares about it add up to 5.
    let estimate = MeanEstimate([1, 2, 3, 4])
    #expect(estimate.mean == 2.5)
    #expect(abs(estimate.standardDeviation - (5 / 3.0).squareRoot()) < 1e-15)
    #expect(abs(estimate.margin95 - 3.1824463052837078 * (5 / 12.0).squareRoot()) < 1e-12)
    #expect(estimate.interval95.lower == 2.5 - estimate.margin95)
    #expect(estimate.interval95.upper == 2.5 + estimate.margin95)
  }

  @Test func oneNumberSaysNothingOfTheSpread() {
    let estimate = MeanEstimate([0.5])
    #expect(estimate.mean == 0.5)
    #expect(estimate.standardDeviation.isNaN && estimate.margin95.isNaN)
  }
}
