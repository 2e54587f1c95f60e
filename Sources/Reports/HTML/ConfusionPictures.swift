import Metrics
import Platform
import Support

/// The confusion matrix, in counts and in shares of the true classes.
struct ConfusionPictures {
  private let matrix: ConfusionMatrix
  /// The samples of each class that is drawn, also of those taken for another that is not.
  private let supports: [Int]
  /// What the pictures leave out; empty if nothing.
  private let omission: String
  /// The classes of the matrix of shares, in its order.
  private let clustered: [Int]

  /// Few classes are found at once in their own order.
  private static let mostInOwnOrder = 12

  /// More classes than this are more than a person looks through, or a page should hold.
  private static let mostClasses = 100
  private static let shownOfMany = 40

  init(_ whole: ConfusionMatrix) {
    let supports = whole.supports
    if whole.classCount > Self.mostClasses {
      let shown = whole.mostConfused(Self.shownOfMany)
      matrix = whole.restricted(to: shown)
      self.supports = shown.map { supports[$0] }
      omission =
        " Of \(grouped(whole.classCount)) classes these are the \(shown.count) of the most "
        + "frequent mistakes; confusion.csv has all."
    } else {
      (matrix, self.supports, omission) = (whole, supports, "")
    }
    clustered =
      matrix.classCount > Self.mostInOwnOrder
      ? ClassOrder.clustered(matrix) : Array(0..<matrix.classCount)
  }

  var pictures: [ReportPicture] { [counts, shares] }

  private var counts: ReportPicture {
    let order = Array(0..<matrix.classCount)
    let most = max(1, mistakes.map(\.count).max() ?? 1)
    func intensity(_ count: Int) -> Double { log(1 + Double(count)) / log(1 + Double(most)) }
    let ticks =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter { $0 < most } + [most]
    return ReportPicture(
      "confusion-counts",
      heatMap(
        "Confusion matrix, counts", order,
        scale: ("images", ticks.map { (intensity($0), grouped($0)) })
      ) { row, column in
        (intensity(matrix[row, column]), grouped(matrix[row, column]))
      },
      caption: "Rows are true classes, columns predicted ones. Shades are logarithmic; the "
        + "diagonal, what was right, is left grey.\(omission)")
  }

  private var shares: ReportPicture {
    let most = max(1e-3, mistakes.map { share($0.trueClass, $0.predictedClass) }.max() ?? 0)
    func intensity(_ share: Double) -> Double { (share / most).squareRoot() }
    let ticks = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].filter { $0 < most * 0.8 } + [most]
    let order =
      matrix.classCount > Self.mostInOwnOrder
      ? "Classes that are mixed up with each other stand together." : ""
    return ReportPicture(
      "confusion-shares",
      heatMap(
        "Confusion matrix, shares of the true class", clustered,
        scale: ("share of the true class (%)", ticks.map { (intensity($0), tickText($0)) })
      ) { row, column in
        let share = share(row, column)
        return (intensity(share), shareText(share))
      },
      caption: (omission.isEmpty ? "Every row adds up to 100 %. " : "")
        + "\(order) Shades go with the square root of the share.\(omission)")
  }

  private var mistakes: [ConfusionMatrix.Confusion] { matrix.topConfusions(.max) }

  private func share(_ row: Int, _ column: Int) -> Double {
    supports[row] == 0 ? 0 : Double(matrix[row, column]) / Double(supports[row])
  }

  private func shareText(_ share: Double) -> String {
    fixed(share * 100, share < 0.0995 ? 2 : share < 0.9995 ? 1 : 0)
  }

  /// `0.1`, `20`, `87.7`
  private func tickText(_ share: Double) -> String {
    let text = fixed(share * 100, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func heatMap(
    _ title: String, _ order: [Int],
    scale: (title: String, ticks: [(intensity: Double, label: String)]),
    _ cell: (Int, Int) -> (intensity: Double, text: String)
  ) -> Drawing {
    let labels = order.map { matrix.labels[$0] }
    let cells = order.map { row in
      order.map { column -> HeatMap.Cell? in
        guard matrix[row, column] > 0 || row == column else { return nil }
        let look = cell(row, column)
        return HeatMap.Cell(
          intensity: look.intensity, text: look.text, hover: hover(row, column))
      }
    }
    return HeatMap(
      title, labels: labels, rows: "true class", columns: "predicted class", cells: cells,
      scale: scale
    ).drawing
  }

  private func hover(_ row: Int, _ column: Int) -> String {
    "true \(matrix.labels[row]), predicted \(matrix.labels[column]): "
      + "\(grouped(matrix[row, column])) of \(grouped(supports[row])) "
      + "(\(percent(share(row, column))))"
  }
}

/// How well each class is found, and whether probabilities mean what they say.
struct ClassPictures {
  let matrix: ConfusionMatrix
  let calibration: Calibration?

  /// The classes from the weakest, and their bars.
  var scores: ReportPicture {
    let scores = matrix.classScores
    let supports = matrix.supports
    let order = ClassPictures.weakest(scores, supports)
    let bars = order.map { index in
      BarChart.Bar(
        matrix.labels[index], scores[index].f1,
        hover: "\(matrix.labels[index]): F1 \(fixed(scores[index].f1, 4)), "
          + "precision \(fixed(scores[index].precision, 4)), "
          + "recall \(fixed(scores[index].recall, 4)), \(grouped(supports[index])) images")
    }
    let macro = matrix.macro.f1
    return ReportPicture(
      "f1",
      BarChart(
        "F1 of each class", axis: "F1 (harmonic mean of precision and recall)", rows: "class",
        bars: bars, reference: (macro, "macro mean \(fixed(macro, 4))")
      ).drawing,
      caption: "The weakest classes come first."
        + (order.count < scores.count ? " \(Self.omission(order.count, of: matrix))" : ""))
  }

  /// The classes from the weakest, at most 100, which a person can look through; of more those that
  /// have samples.
  static func weakest(_ scores: [Scores], _ supports: [Int]) -> [Int] {
    let order = scores.indices.sorted { (scores[$0].f1, $0) < (scores[$1].f1, $1) }
    return order.count <= 100 ? order : Array(order.filter { supports[$0] > 0 }.prefix(100))
  }

  /// `Of 3,832 classes the 100 weakest are shown; evaluation.json has all.`
  static func omission(_ shown: Int, of matrix: ConfusionMatrix) -> String {
    "Of \(grouped(matrix.classCount)) classes the \(shown) weakest are shown; evaluation.json has all."
  }

  var reliability: ReportPicture? {
    calibration.map {
      ReportPicture(
        "reliability", ReliabilityDiagram($0).drawing,
        caption: "Bars under the dashed line: the model is too sure of itself; over it: too "
          + "modest. Below, on a logarithmic scale, how many predictions each bin has.")
    }
  }
}
