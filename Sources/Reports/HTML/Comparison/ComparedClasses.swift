import Analysis
import Metrics
import Support

/// How well each class is found by what is compared.
struct ComparedClasses {
  private let comparison: RunComparison
  private let shown: [Contender]
  private let matrices: [ConfusionMatrix]
  /// Of each of the shown ones the scores by class.
  private let scores: [[Scores]]

  /// So many are shown at once; of more the two best.
  private static let mostShown = 4
  /// So many classes are drawn, those that differ most.
  private static let mostRows = 40
  private static let mostInTable = 100

  init(_ comparison: RunComparison) {
    self.comparison = comparison
    let pair = comparison.closest
    shown =
      comparison.contenders.count <= Self.mostShown
      ? comparison.contenders : [pair.first, pair.second]
    matrices = shown.map(comparison.confusion)
    scores = matrices.map(\.classScores)
  }

  /// The classes that have images.
  private var occurring: [Int] {
    let supports = matrices[0].supports
    return supports.indices.filter { supports[$0] > 0 }
  }

  /// The classes in which these recalls are furthest apart, from where the last of them gains most over
  /// the first to where it loses most.
  private func most(_ limit: Int, _ recalls: (Int) -> [Double]) -> [Int] {
    func spread(_ label: Int) -> Double {
      let recalls = recalls(label)
      return (recalls.max() ?? 0) - (recalls.min() ?? 0)
    }
    func gain(_ label: Int) -> Double { (recalls(label).last ?? 0) - (recalls(label).first ?? 0) }
    let widest = occurring.sorted { (-spread($0), $0) < (-spread($1), $1) }.prefix(limit)
    return widest.sorted { (-gain($0), $0) < (-gain($1), $1) }
  }

  var pictures: [ReportPicture] {
    [
      picture("recall", "How many of each class are found", axis: "recall (%)", \.recall),
      picture(
        "precision", "How many taken for a class are of it", axis: "precision (%)", \.precision),
    ]
  }

  private func picture(
    _ id: String, _ title: String, axis: String, _ value: KeyPath<Scores, Double>
  ) -> ReportPicture {
    let classes = most(Self.mostRows) { label in scores.map { $0[label].recall } }
    func percents(_ label: Int) -> [Double] { scores.map { $0[label][keyPath: value] * 100 } }
    let rows = classes.map { label in
      let texts = zip(shown, percents(label)).map { "\($0.name) \(fixed($1, 2)) %" }
      return DumbbellChart.Row(
        comparison.labels[label], percents(label),
        hover: "\(comparison.labels[label]): \(texts.joined(separator: ", "))")
    }
    return ReportPicture(
      "class-\(id)",
      DumbbellChart(
        title, axis: axis, rows: "class",
        series: shown.map(\.name),
        colors: shown.map { comparison.contenders.firstIndex(of: $0) ?? 0 }, rows: rows,
        within: 0...100
      ).drawing,
      caption:
        "From the classes of which \(shown[shown.count - 1].name) finds more to those of which "
        + "\(shown[0].name) does."
        + (classes.count < occurring.count
          ? " Of \(grouped(occurring.count)) classes the \(classes.count) that differ most." : ""))
  }

  /// Class by class the numbers of the two to look at closely.
  var table: PageTable {
    let pair = comparison.closest
    let two = [pair.first, pair.second].map { contender in
      let matrix = comparison.confusion(of: contender)
      return (name: contender.name, scores: matrix.classScores)
    }
    let classes = most(Self.mostInTable) { label in two.map { $0.scores[label].recall } }
    let columns: [(String, PageTable.Alignment)] =
      [("class", .text), ("images", .number), ("recall, points", .number)]
      + ["recall", "precision", "F1"].flatMap { score in
        two.map { ("\(score), \($0.name)", PageTable.Alignment.number) }
      }
    var table = PageTable(
      "Class by class\(comparison.closestNote), from the largest gain in recall of \(two[1].name)"
        + (classes.count < occurring.count ? "; the \(classes.count) that differ most" : ""),
      columns)
    let supports = comparison.runs[pair.first.runs[0]].test.confusion.supports
    for label in classes {
      let (a, b) = (two[0].scores[label], two[1].scores[label])
      table.add(
        [
          comparison.labels[label], grouped(supports[label]), percentagePoints(b.recall - a.recall),
        ]
          + [a.recall, b.recall, a.precision, b.precision, a.f1, b.f1].map { fixed($0, 4) })
    }
    return table
  }
}
