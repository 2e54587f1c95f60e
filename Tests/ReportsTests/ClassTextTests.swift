import Metrics
import Reports
import Testing
import TestSupport

@Suite struct ClassTextTests {
  /// The text is scikit-learn 1.9.1's `classification_report` for t[i] = (i² + 1) mod 5 and
  /// p[i] = t[i], but (7 i) mod 6 at every third of 40, with zero_division=0: classes that are
  /// nobody's true or predicted one are not in it.
  @Test func theLayoutIsScikitLearnsToTheLetter() {
    var matrix = ConfusionMatrix(labels: ["0", "1", "A", "b", "sieben", "x"])
    for i in 0..<40 {
      let target = (i * i + 1) % 5
      matrix[target, i % 3 == 0 ? i * 7 % 6 : target] += 1
    }
    #expect(
      ClassText.text(of: matrix) == """
                      precision    recall  f1-score   support

                   0       0.72      0.81      0.76        16
                   1       1.00      0.62      0.77         8
                   A       1.00      0.62      0.77        16
                   b       0.00      0.00      0.00         0

            accuracy                           0.70        40
           macro avg       0.68      0.52      0.58        40
        weighted avg       0.89      0.70      0.77        40

        """)
  }

  @Test func longNamesAndMoreDigitsWidenTheColumns() {
    var matrix = ConfusionMatrix(labels: ["a very long class name", "b"])
    matrix[0, 0] = 2
    matrix[1, 0] = 1
    let lines = ClassText.text(of: matrix, digits: 4).split(separator: "\n")
    #expect(lines[1] == "a very long class name     0.6667    1.0000    0.8000         2")
    #expect(lines[3] == "              accuracy                         0.6667         3")
  }

  @Test(arguments: [
    (ClassSort.label, ["a", "b", "c"]), (.f1, ["b", "c", "a"]), (.precision, ["b", "c", "a"]),
    (.recall, ["c", "a", "b"]), (.support, ["c", "a", "b"]),
  ])
  func classesAreSorted(sort: ClassSort, expected: [String]) {
    var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
    // Precision 4/4, 2/7, 3/4; recall 4/5, 2/2, 3/8; F1 8/9, 4/9, 6/12.
    (matrix[0, 0], matrix[0, 2], matrix[1, 1]) = (4, 1, 2)
    (matrix[2, 1], matrix[2, 2]) = (5, 3)
    let lines = ClassText.text(of: matrix, sortedBy: sort).split(separator: "\n")[1...3]
    #expect(lines.map { $0.trimmingPrefix { $0 == " " }.prefix(1) } == expected.map { $0[...] })
  }

  @Test func withoutSamplesEverythingIsZero() {
    let text = ClassText.text(of: ConfusionMatrix(labels: ["a", "b"]))
    #expect(!text.contains("nan"))
  }
}
