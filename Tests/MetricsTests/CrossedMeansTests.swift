import Support
import Testing

@testable import Metrics

@Suite struct CrossedMeansTests {
  /// `scipy.special.betainc(a, b, x)` and `scipy.stats.t`, SciPy 1.17.1.
  @Test(arguments: [
    (0.5, 0.5, 0.5, 0.5),
    (0.2, 2.0, 3.0, 0.1808),
    (0.9, 10.5, 0.5, 0.141553091812887),
    (0.999, 5000.0, 0.5, 0.0015615791602892836),
  ])
  func theIncompleteBetaFunctionIsScipys(_ x: Double, a: Double, b: Double, expected: Double) {
    #expect(abs(regularizedIncompleteBeta(x, a, b) / expected - 1) < 1e-9)
  }

  @Test func theBetaFunctionOfBothSidesAddsUpToOne() {
    for (x, a, b) in [(0.3, 2.5, 7.0), (0.01, 0.5, 0.5), (0.7, 40.0, 0.5), (0.5, 900, 900)] {
      let sum = regularizedIncompleteBeta(x, a, b) + regularizedIncompleteBeta(1 - x, b, a)
      #expect(abs(sum - 1) < 1e-11)
    }
    #expect(regularizedIncompleteBeta(0, 1, 2) == 0 && regularizedIncompleteBeta(1, 1, 2) == 1)
  }

  @Test func bothWaysToStudentsDistributionAgree() {
    for n in [1, 2, 3, 10, 101, 900] {
      let student = StudentDistribution(degreesOfFreedom: n)
      for t in [0.1, 1, 2.5] {
        #expect(
          abs(student.probability(within: t) + student.probability(beyond: t) - 1) < 1e-11)
      }
    }
    // Between two whole numbers of degrees lies what is between their bounds.
    let bound = StudentDistribution(degreesOfFreedom: 4.5).bound(of: 0.95)
    #expect(bound < 2.7764451051977934 && bound > 2.5705818356363146)
  }

  /// Two seeds on three images, by hand: means 2/3 and 1/3.
  @Test func varianceComponentsByHand() {
    let group = SeedGroup([[1, 1, 0], [1, 0, 0]])
    #expect(abs(group.means[0] - 2 / 3.0) < 1e-15 && group.imageMeans == [1, 0.5, 0])
    // What is left of each: ±1/6 and ∓1/3; their squares add up to 1/3, with 1 · 2 degrees.
    #expect(abs(group.residualVariance - 1 / 6.0) < 1e-15)
    let estimate = CrossedEstimate(meanOf: group)
    // Seeds (1/18)/2, images (1/4)/3, less (1/6)/(2 · 3).
    #expect(abs(estimate.value - 0.5) < 1e-15)
    #expect(
      abs(estimate.standardError - (1 / 36.0 + 1 / 12.0 - 1 / 36.0).squareRoot()) < 1e-15)
  }

  @Test func groupsThatAreTheSameDoNotDiffer() {
    let group = SeedGroup([[1, 0, 1], [1, 0, 1], [1, 0, 1]])
    let estimate = CrossedEstimate(from: group, to: group)
    #expect(estimate.value == 0 && estimate.standardError == 0 && estimate.probability == 1)
    #expect(estimate.interval95 == (0, 0))
  }

  @Test func turningADifferenceRoundTurnsItsInterval() {
    let (a, b) = (study(seed: 1).0, study(seed: 1).1)
    let (there, back) = (CrossedEstimate(from: a, to: b), CrossedEstimate(from: b, to: a))
    #expect(abs(there.value + back.value) < 1e-15)
    #expect(abs(there.interval95.lower + back.interval95.upper) < 1e-15)
    #expect(abs(there.probability - back.probability) < 1e-14)
  }

  /// Two groups of five seeds on 200 images that do not differ but by chance.
  private func study(seed: UInt64) -> (SeedGroup, SeedGroup) {
    var random = RandomStream(seed: seed, purpose: .testing)
    let ease = (0..<200).map { _ in 2 * Double(random.normal()) + 2 }
    func group() -> SeedGroup {
      let own = ease.map { $0 + 0.5 * Double(random.normal()) }
      return SeedGroup(
        (0..<5).map { _ in
          let luck = 0.3 * Double(random.normal())
          return own.map { level in
            let chance = 1 / (1 + exponential(-(level + luck)))
            return Double(random.below(1_000_000)) < chance * 1e6 ? 1 : 0
          }
        })
    }
    return (group(), group())
  }

  /// `Scripts/check_groups.py` does it with 2,000 studies of each of several kinds.
  @Test func intervalsCoverWhatIsNoDifference() {
    let covered = (0..<200).count { seed in
      let (a, b) = study(seed: UInt64(seed))
      let interval = CrossedEstimate(from: a, to: b).interval95
      return interval.lower <= 0 && interval.upper >= 0
    }
    // 95 % of 200, with two and a half standard deviations of 3.1.
    #expect((182...198).contains(covered), "\(covered) of 200")
  }
}

@Suite struct TestScoreTests {
  private func matrix(_ rows: [[Int]]) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: rows.indices.map { "\($0)" })
    for (row, counts) in rows.enumerated() {
      for (column, count) in counts.enumerated() where count > 0 { matrix[row, column] = count }
    }
    return matrix
  }

  @Test(arguments: TestScore.allCases)
  func whatTheImagesAddHasTheScoreForItsMean(score: TestScore) {
    let matrix = matrix([[8, 2, 0], [1, 5, 4], [0, 3, 17]])
    let add = matrix.contribution(to: score)
    let sum = matrix.pairs.reduce(0) {
      $0 + add($1.trueClass, $1.predictedClass) * Double($1.count)
    }
    #expect(abs(sum / 40 - matrix.value(of: score)) < 1e-14)
  }

  /// An image more of a pair changes a score by about a share of what it adds.
  @Test(arguments: TestScore.allCases)
  func whatAnImageAddsIsItsInfluence(score: TestScore) {
    let rows = [[800, 200, 0], [100, 500, 400], [0, 300, 1700]]
    let whole = matrix(rows)
    for (t, p) in [(0, 0), (1, 2), (2, 1)] {
      var more = whole
      more[t, p] += 1
      let change = more.value(of: score) - whole.value(of: score)
      let expected = (whole.contribution(to: score)(t, p) - whole.value(of: score)) / 4001
      #expect(abs(change - expected) < 2e-3 * abs(expected), "\(change), \(expected)")
    }
  }

  @Test func intervalsOfSharesStayBetweenNothingAndAll() {
    let certain = matrix([[10, 0], [0, 10]])
    for score in TestScore.allCases {
      let interval = certain.interval95(of: score)
      #expect(interval.upper == 1 && interval.lower >= 0)
    }
    let usual = matrix([[90, 10], [20, 80]])
    let (recall, accuracy) = (usual.interval95(of: .recall), usual.interval95(of: .accuracy))
    #expect(abs(recall.lower - accuracy.lower) < 0.01 && abs(recall.upper - accuracy.upper) < 0.01)
  }
}
