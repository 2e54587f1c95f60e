import Testing

@testable import Metrics

@Suite struct FoldDifferenceTests {
  /// From scikit-learn's example "Statistical comparison of models using grid search" and SciPy's t.
  @Test(arguments: [
    (
      [0.01, 0.03, 0.02, 0.025, 0.005], 600.0, 2400.0,
      [
        0.018, 0.006955213871621777, 0.060812856154522504, -0.0013107695094680787,
        0.03731076950946807,
      ]
    ),
    (
      [-0.01, 0.03, 0.02], 1000, 2000,
      [
        0.01333333333333333, 0.0190029237516523, 0.5555555555555556, -0.06842964841993432,
        0.09509631508660099,
      ]
    ),
  ])
  func itIsThePublishedTest(
    _ values: [Double], _ tested: Double, _ trained: Double, _ expected: [Double]
  ) {
    let difference = FoldDifference(values, tested: tested, trained: trained)
    let found = [
      difference.mean, difference.standardError, difference.probability,
      difference.interval95.lower, difference.interval95.upper,
    ]
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12) }
    #expect(difference.degreesOfFreedom == values.count - 1)
  }

  @Test func theSameDifferenceInEachFoldIsNoChance() {
    let none = FoldDifference([0, 0, 0], tested: 1, trained: 2)
    #expect(none.probability == 1 && none.interval95 == (0, 0))
    let some = FoldDifference([0.5, 0.5, 0.5], tested: 1, trained: 2)
    #expect(some.probability == 0 && some.interval95 == (0.5, 0.5))
  }
}
