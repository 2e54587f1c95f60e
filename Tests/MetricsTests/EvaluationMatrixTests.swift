import Metrics
import Support
import Testing

@Suite struct EvaluationMatrixTests {
  /// 40 samples: t[i] = (i² + 1) mod 5; p[i] = t[i], but (7 i) mod 6 at every third.
  private var example: ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: ["0", "1", "A", "b", "sieben", "x"])
    for i in 0..<40 {
      let target = (i * i + 1) % 5
      matrix[target, i % 3 == 0 ? i * 7 % 6 : target] += 1
    }
    return matrix
  }

  /// The expected numbers are scikit-learn 1.9.1's for the same pairs: scores with labels=range(6),
  /// means without, so that only classes that are anybody's true or predicted one count.
  @Test func scoresAreThoseOfScikitLearn() {
    let matrix = example
    #expect(matrix.rows[..<3] == [[13, 0, 0, 3, 0, 0], [2, 5, 0, 1, 0, 0], [3, 0, 10, 3, 0, 0]])
    #expect(matrix.supports == [16, 8, 16, 0, 0, 0])
    #expect(matrix.predictedCounts == [18, 5, 10, 7, 0, 0])
    expect(matrix.classScores[0], 0.7222222222222222, 0.8125, 0.7647058823529411)
    expect(matrix.classScores[1], 1, 0.625, 0.7692307692307693)
    expect(matrix.classScores[3], 0, 0, 0)
    expect(matrix.classScores[5], 0, 0, 0)
    expect(matrix.macro, 0.6805555555555556, 0.515625, 0.5757918552036199)
    expect(matrix.weighted, 0.888888888888889, 0.7, 0.767420814479638)
    expect(matrix.micro, 0.7, 0.7, 0.7)
    #expect(matrix.accuracy == 0.7)
  }

  private func expect(
    _ scores: Scores, _ precision: Double, _ recall: Double, _ f1: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // Sums may be taken in another order.
    #expect(abs(scores.precision - precision) < 1e-14, sourceLocation: sourceLocation)
    #expect(abs(scores.recall - recall) < 1e-14, sourceLocation: sourceLocation)
    #expect(abs(scores.f1 - f1) < 1e-14, sourceLocation: sourceLocation)
  }

  @Test func topConfusionsAreSortedByCountThenIndex() {
    let pairs = example.topConfusions(10)
    #expect(pairs.map(\.count) == [3, 3, 3, 2, 1])
    #expect(pairs.map(\.trueClass) == [0, 2, 2, 1, 1])
    #expect(pairs.map(\.predictedClass) == [3, 0, 3, 0, 3])
    #expect(example.topConfusions(2).count == 2)
    #expect(pairs[0].shareOfTrue == 3.0 / 16 && pairs[0].shareOfPredicted == 3.0 / 7)
  }

  /// scikit-learn 1.9.1's `cohen_kappa_score` and `matthews_corrcoef` for the same pairs.
  @Test func agreementIsThatOfScikitLearn() {
    #expect(abs(example.kappa - 0.5683453237410072) < 1e-15)
    #expect(abs(example.matthewsCorrelation - 0.5949442927146682) < 1e-15)
  }

  /// Of three classes; scikit-learn 1.9.1's numbers with labels=range(3).
  @Test(arguments: [
    ([0, 0], [0, 0], Double.nan, 0.0), ([0, 0], [1, 1], 0, 0), ([0, 1], [0, 0], 0, 0),
    ([0, 1, 2], [1, 2, 0], -0.5, -0.5), ([0, 0, 1], [0, 1, 1], 0.4, 0.5), ([], [], .nan, 0),
  ])
  func agreementOfDegenerateCases(
    truth: [Int], predicted: [Int], kappa: Double, correlation: Double
  ) {
    var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
    for (row, column) in zip(truth, predicted) { matrix[row, column] += 1 }
    if kappa.isNaN {
      #expect(matrix.kappa.isNaN)
    } else {
      #expect(abs(matrix.kappa - kappa) < 1e-15)
    }
    #expect(abs(matrix.matthewsCorrelation - correlation) < 1e-15)
  }

  /// scikit-learn 1.9.1's `classification_report` with labels=range(3), zero_division=0: one class
  /// only, and all wrong.
  @Test func scoresOfDegenerateCases() {
    var one = ConfusionMatrix(labels: ["a", "b", "c"])
    one[0, 0] = 2
    expect(one.macro, 1, 1, 1)
    expect(one.weighted, 1, 1, 1)
    var wrong = ConfusionMatrix(labels: ["a", "b", "c"])
    (wrong[0, 1], wrong[1, 2], wrong[2, 0]) = (1, 1, 1)
    expect(wrong.macro, 0, 0, 0)
    expect(wrong.weighted, 0, 0, 0)
    #expect(wrong.interval95.lower == 0)
  }

  /// 81 of 263: the example of Newcombe, "Two-Sided Confidence Intervals for the Single
  /// Proportion", 1998, method 3: 0.2553 to 0.3662.
  @Test func intervalIsWilsons() {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    matrix[0, 0] = 81
    matrix[0, 1] = 182
    #expect(abs(matrix.interval95.lower - 0.2553) < 5e-5)
    #expect(abs(matrix.interval95.upper - 0.3662) < 5e-5)
  }

  @Test func intervalStaysInsideTheScale() {
    var matrix = ConfusionMatrix(labels: ["a"])
    matrix[0, 0] = 20
    #expect(matrix.interval95.upper == 1)
    // 20 of 20, Newcombe's method 3: 0.8389 to 1.
    #expect(abs(matrix.interval95.lower - 0.8389) < 5e-5)
  }

  @Test func csvQuotesWhatMustBeQuoted() {
    var matrix = ConfusionMatrix(labels: ["a", ",", "\"", "b c"])
    matrix[0, 1] = 2
    matrix[2, 3] = 5
    #expect(
      matrix.csvText == """
        true/predicted,a,",","\""",b c
        a,0,2,0,0
        ",",0,0,0,0
        "\""",0,0,0,5
        b c,0,0,0,0

        """)
  }

  @Test func thousandsOfClassesAreKeptAndWrittenAsPairs() {
    var matrix = ConfusionMatrix(labels: (0..<65_535).map { "c\($0)" })
    matrix[65_534, 0] = 2
    matrix[1, 1] = 5
    matrix[7, 3] += 1
    #expect(matrix.count == 8 && matrix.correctCount == 5)
    #expect(matrix.csvText == "true,predicted,count\nc1,c1,5\nc7,c3,1\nc65534,c0,2\n")
    #expect(matrix.json == ["pairs": [[1, 1, 5], [7, 3, 1], [65_534, 0, 2]]])
    #expect(matrix.mostConfused(3) == [0, 7, 65_534])
    let part = matrix.restricted(to: [0, 65_534])
    #expect(part.rows == [[0, 0], [2, 0]] && part.labels == ["c0", "c65534"])
  }
}

@Suite struct EvaluationCalibrationTests {
  /// Two bins: (9/15, 10/15] with 0.65 right and 0.62 wrong, (14/15, 1] with two of 1 right.
  /// Gaps: |1/2 - 0.635| = 0.135 and 0; ECE = 2/4 · 0.135.
  @Test func errorsAreTheGapsOfAccuracyAndConfidence() {
    var calibration = Calibration()
    calibration.add(probability: 0.65, isCorrect: true)
    calibration.add(probability: 0.62, isCorrect: false)
    calibration.add(probability: 1, isCorrect: true)
    calibration.add(probability: 1, isCorrect: true)
    #expect(abs(calibration.expectedError - 0.0675) < 1e-15)
    #expect(abs(calibration.maximumError - 0.135) < 1e-15)
    #expect(calibration.bins.map(\.count) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2])
  }

  @Test func aBinHoldsItsUpperEdgeAndNotItsLower() {
    var calibration = Calibration()
    for k in 0...15 { calibration.add(probability: Double(k) / 15, isCorrect: true) }
    #expect(calibration.bins.map(\.count) == [2] + [Int](repeating: 1, count: 14))
  }

  @Test func withoutPredictionsThereIsNoError() {
    #expect(Calibration().expectedError.isNaN)
    #expect(Calibration().maximumError.isNaN)
  }
}
