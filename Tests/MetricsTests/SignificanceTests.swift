import Testing

@testable import Metrics

@Suite struct SignificanceTests {
  /// `statsmodels.stats.multitest.multipletests(p, method="holm")`, statsmodels 0.14.
  @Test(arguments: [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.2], [0.2]),
    ([0.5, 0.9, 0.7], [1, 1, 1]),
    ([], []),
  ])
  func correctedProbabilitiesAreHolms(_ found: [Double], expected: [Double]) {
    for (a, b) in zip(Significance.corrected(found), expected) { #expect(abs(a - b) < 1e-15) }
    #expect(Significance.corrected(found).count == expected.count)
  }

  @Test func smallProbabilitiesAreBounds() {
    #expect(Significance.text(0.000_09) == "p < 0.0001")
    #expect(Significance.text(0.031_24) == "p = 0.0312")
  }
}
