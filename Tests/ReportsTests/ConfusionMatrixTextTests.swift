import Metrics
import Reports
import Testing

@Suite struct ConfusionMatrixTextTests {
  private static let characters = Array(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  ).map { String($0) }

  /// `support` samples a class, a few of them taken for the next classes.
  private static func matrix(_ labels: [String], support: Int = 1000) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: labels)
    for row in labels.indices {
      var right = support
      for (step, count) in [(1, support / 500), (3, support / 50), (7, support / 5)] {
        let column = (row + step) % labels.count
        guard column != row else { continue }
        matrix[row, column] += count
        right -= count
      }
      matrix[row, row] += right
    }
    return matrix
  }

  private static let sizes = [2, 10, 26, 47, 62]

  @Test(arguments: sizes, [Terminal.plain, .ascii])
  func everyLineFitsEightyColumns(_ classCount: Int, _ terminal: Terminal) {
    let labels = Array(Self.characters.prefix(classCount))
    let text = ConfusionMatrixText(Self.matrix(labels), terminal: terminal).text()
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 && $0.last != " " })
    #expect(lines.count > classCount)
    #expect(lines.contains { $0.hasPrefix(labels[classCount - 1] + " ") && $0.hasSuffix(" %") })
  }

  @Test(arguments: sizes) func asciiTerminalsGetAsciiOnly(_ classCount: Int) {
    let labels = Array(Self.characters.prefix(classCount))
    let text = ConfusionMatrixText(Self.matrix(labels), terminal: .ascii).text()
    #expect(text.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B })
  }

  @Test(arguments: sizes) func colorAddsNothingButEscapes(_ classCount: Int) {
    let labels = Array(Self.characters.prefix(classCount))
    let matrix = Self.matrix(labels)
    let colored = ConfusionMatrixText(matrix, terminal: .color).text()
    #expect(colored.contains("\u{1B}["))
    #expect(
      colored.replacing(/\u{1B}\[[0-9;]*m/, with: "").split(separator: "\n").map(trimmed)
        == ConfusionMatrixText(matrix, terminal: .plain).text().split(separator: "\n").map(trimmed))
  }

  private func trimmed(_ line: Substring) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }

  @Test func fewClassesAreWrittenInNumbers() {
    var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
    matrix[0, 0] = 979
    matrix[0, 1] = 21
    matrix[1, 1] = 5
    #expect(
      ConfusionMatrixText(matrix, terminal: .plain).text() == """
        Confusion matrix  rows: true, columns: predicted

               a    b    c       recall
        a │  979   21    · │ a   97.9 %
        b │    ·    5    · │ b  100.0 %
        c │    ·    ·    · │ c        -

        Most often mixed up  true → predicted: count, share of true, share of predicted
          a → b  21 of 1,000    2.1 %   80.8 %  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇

        """)
  }

  /// Shares of 1,000: 5 is 0.5 %, 6 to 10 are at most 1 %, 30 is 3 %, 100 is 10 %, 101 more.
  @Test func shadesFollowTheShareOfTheTrueClass() {
    let labels = (0..<47).map { Self.characters[$0] }
    var matrix = ConfusionMatrix(labels: labels)
    matrix[0, 0] = 1000 - 252
    for (column, count) in [(1, 5), (2, 6), (3, 10), (4, 30), (5, 100), (6, 101)] {
      matrix[0, column] = count
    }
    let lines = ConfusionMatrixText(matrix, terminal: .plain).text().split(separator: "\n")
    #expect(lines[2].hasPrefix("0 │╲·░░▒▓█"))
    let ascii = ConfusionMatrixText(matrix, terminal: .ascii).text().split(separator: "\n")
    #expect(ascii[2].hasPrefix("0 |\\.::+#@"))
    #expect(
      lines.contains(
        "╲ right  · to 0.5 %  ░ to 1 %  ▒ to 3 %  ▓ to 10 %  █ more of the true class"))
  }

  @Test func longNamesAreCutRatherThanCountsGivenUp() {
    let names = (0..<10).map { "class number \($0)" }
    let lines = ConfusionMatrixText(Self.matrix(names), terminal: .plain).text()
      .split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[2].contains("778"))
  }

  @Test func labelsOfTwoDigitsAreWrittenDownwards() {
    let labels = (0..<49).map { "\($0)" }
    let lines = ConfusionMatrixText(Self.matrix(labels), terminal: .plain).text()
      .split(separator: "\n")
    #expect(lines[1] == "              111111111122222222223333333333444444444")
    #expect(lines[2].hasPrefix("    0123456789012345678901234567890123456789012345678"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func aNarrowTerminalGetsThePairsAndAHint() {
    var narrow = Terminal.plain
    narrow.width = 60
    let text = ConfusionMatrixText(Self.matrix(Self.characters), terminal: narrow).text(pairs: 2)
    #expect(
      text == """
        Confusion matrix  rows: true, columns: predicted

        The matrix needs 68 columns, there are 60: see confusion.csv.

        Most often mixed up  true → predicted: count, share of true, share of predicted
          0 → 7  200 of 1,000   20.0 %   20.0 %  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
          1 → 8  200 of 1,000   20.0 %   20.0 %  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇

        """)
  }

  @Test func aFaultlessModelIsSaidToBe() {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    matrix[0, 0] = 1
    let text = ConfusionMatrixText(matrix, terminal: .plain).text()
    #expect(text.hasSuffix("\nNo class was mixed up with another.\n"))
  }
}
