import Analysis
import Metrics
import Platform
import Support

/// The confusion matrices of two contenders, and in which cells they differ.
struct ComparedConfusions {
  private let names: [String]
  /// As titles have room for.
  private let shortNames: [String]
  private let colors: [Int]
  /// Of both, of the classes that are drawn and in their order.
  private let matrices: [ConfusionMatrix]
  /// The images of each class, and the runs that each matrix adds up.
  private let supports: [[Int]]
  private let runs: [Double]
  private let omission: String

  /// Few classes are found at once in their own order.
  private static let mostInOwnOrder = 12
  private static let mostClasses = 100
  private static let shownOfMany = 40

  init(_ comparison: RunComparison) {
    let pair = [comparison.closest.first, comparison.closest.second]
    names = pair.map(\.name)
    shortNames = pair.map(comparison.short)
    colors = pair.map { comparison.contenders.firstIndex(of: $0) ?? 0 }
    runs = pair.map { Double($0.runs.count) }
    let whole = pair.map(comparison.confusion)
    var sum = whole[0]
    for entry in whole[1].pairs { sum[entry.trueClass, entry.predictedClass] += entry.count }
    let isWhole = sum.classCount <= Self.mostClasses
    let shown = isWhole ? Array(0..<sum.classCount) : sum.mostConfused(Self.shownOfMany)
    let order =
      shown.count > Self.mostInOwnOrder
      ? ClassOrder.clustered(sum.restricted(to: shown)).map { shown[$0] } : shown
    matrices = whole.map { $0.restricted(to: order) }
    supports = whole.map { matrix in
      let supports = matrix.supports
      return order.map { supports[$0] }
    }
    omission =
      isWhole
      ? ""
      : " Of \(grouped(sum.classCount)) classes these are the \(shown.count) of the most frequent "
        + "mistakes."
  }

  var pictures: [ReportPicture] { [shares(0), shares(1), difference] }

  // MARK: Each

  private func share(_ which: Int, _ row: Int, _ column: Int) -> Double {
    let support = supports[which][row]
    return support == 0 ? 0 : Double(matrices[which][row, column]) / Double(support)
  }

  /// The largest share of a mistake in either, so that both have the same shades.
  private var most: Double {
    let shares = [0, 1].flatMap { which in
      matrices[which].pairs.filter { $0.trueClass != $0.predictedClass }
        .map { share(which, $0.trueClass, $0.predictedClass) }
    }
    return max(1e-3, shares.max() ?? 0)
  }

  private func shares(_ which: Int) -> ReportPicture {
    let (matrix, most) = (matrices[which], most)
    func intensity(_ share: Double) -> Double { (share / most).squareRoot() }
    let ticks = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].filter { $0 < most * 0.8 } + [most]
    let cells = matrix.labels.indices.map { row in
      matrix.labels.indices.map { column -> HeatMap.Cell? in
        guard matrix[row, column] > 0 || row == column else { return nil }
        let share = share(which, row, column)
        return HeatMap.Cell(
          intensity: intensity(share), text: shareText(share),
          hover: "true \(matrix.labels[row]), predicted \(matrix.labels[column]): \(percent(share))"
        )
      }
    }
    return ReportPicture(
      "confusion-\(which + 1)",
      HeatMap(
        "\(shortNames[which]): shares of the true class", labels: matrix.labels, rows: "true class",
        columns: "predicted class", cells: cells,
        scale: ("share of the true class (%)", ticks.map { (intensity($0), tickText($0)) })
      ).drawing,
      caption: "Both matrices have the same shades and the same order of classes."
        + (matrix.classCount > Self.mostInOwnOrder
          ? " Classes that are mixed up with each other stand together." : "") + omission)
  }

  private func shareText(_ share: Double) -> String {
    fixed(share * 100, share < 0.0995 ? 2 : share < 0.9995 ? 1 : 0)
  }

  private func tickText(_ share: Double) -> String {
    let text = fixed(share * 100, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  // MARK: The difference

  /// By how many images a run of the second has more in a cell than one of the first.
  private func excess(_ row: Int, _ column: Int) -> Double {
    Double(matrices[1][row, column]) / runs[1] - Double(matrices[0][row, column]) / runs[0]
  }

  private var difference: ReportPicture {
    let labels = matrices[0].labels
    let places = labels.indices
    let most = max(1, places.flatMap { row in places.map { abs(excess(row, $0)) } }.max() ?? 1)
    func intensity(_ images: Double) -> Double {
      let size = log(1 + abs(images)) / log(1 + most)
      return images < 0 ? -size : size
    }
    let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(Double.init).filter {
      $0 < most * 0.7
    }
    let ticks =
      ([most] + steps.reversed()).map { (-intensity($0), countText($0)) }
      + [(0, "0")] + (steps + [most]).map { (intensity($0), countText($0)) }
    let cells = places.map { row in
      places.map { column -> HeatMap.Cell? in
        let excess = excess(row, column)
        guard excess != 0 else { return nil }
        // More hits and fewer mistakes are the second's merit.
        let merit = row == column ? excess : -excess
        return HeatMap.Cell(
          intensity: intensity(merit), text: signed(excess), hover: hover(row, column, excess))
      }
    }
    return ReportPicture(
      "confusion-difference",
      HeatMap(
        "Where the two differ", labels: labels, rows: "true class",
        columns: "predicted class", cells: cells,
        scale: ("← \(shortNames[0]) better, \(shortNames[1]) better →", ticks),
        directions: (
          "f\(colors[0] % ChartStyle.colorCount)", "f\(colors[1] % ChartStyle.colorCount)"
        )
      ).drawing,
      caption: "How many more images \(names[1]) has in a cell than \(names[0])"
        + (runs == [1, 1] ? "" : ", in the mean over the seeds")
        + ". The colour is that of whoever does better there: more images on the diagonal, which "
        + "are right, or fewer beside it.\(omission)")
  }

  private func countText(_ count: Double) -> String {
    fixed(count, count.rounded() == count ? 0 : 1)
  }

  private func signed(_ count: Double) -> String {
    (count < 0 ? "−" : "+") + countText(abs(count))
  }

  private func hover(_ row: Int, _ column: Int, _ excess: Double) -> String {
    let labels = matrices[0].labels
    let counts = [0, 1].map { countText(Double(matrices[$0][row, column]) / runs[$0]) }
    return "true \(labels[row]), predicted \(labels[column]): \(names[0]) \(counts[0]), "
      + "\(names[1]) \(counts[1]) images (\(signed(excess)))"
  }
}
