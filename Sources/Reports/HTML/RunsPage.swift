import Analysis
import Metrics
import Support
import Training

/// Several runs on one page: curves over each other, what they reached and how they differ.
public struct RunsPage: ReportPage {
  private let runs: [RunRecord]
  /// A name for each run that tells it from the others.
  private let names: [String]

  /// A page of `runs`, in their order.
  public init(_ runs: [RunRecord]) {
    self.runs = runs
    let short = runs.map(\.name)
    names = Set(short).count == short.count ? short : runs.map(\.run.path)
  }

  public var pictures: [ReportPicture] {
    curves + [accuracies].compactMap(\.self)
  }

  public var html: String {
    let title = "\(runs.count) runs"
    let body =
      Markup.element("h1", [:], Markup(title))
      + .element("p", ["class": "lead"], Markup(names.joined(separator: ", ")))
      + section("Results", results.markup + paired)
      + section("Curves", PageStyle.arranged(.grid, pictures.map(\.figure)))
      + section("What differs", differences.markup)
    return PageStyle.document(title: title, body: body)
  }

  private func section(_ title: String, _ body: Markup) -> Markup {
    .element("section", [:], .element("h2", [:], Markup(title)), body)
  }

  // MARK: Curves

  private var curves: [ReportPicture] {
    [
      curve(
        "loss", "Loss", y: "loss (nats)", mayBeLogarithmic: true, digits: 4,
        caption: "On the validation part; on the training part for a run without one."
      ) { $0.validationLoss ?? $0.trainLoss },
      curve(
        "accuracy", "Accuracy", y: "accuracy (%)", within: 0...100, digits: 2,
        caption: "On the validation part; on the training part for a run without one."
      ) { ($0.validationAccuracy ?? $0.trainAccuracy) * 100 },
      curve(
        "learning-rate", "Learning rate", y: "learning rate", digits: 6,
        caption: "That of the last step of each epoch."
      ) { $0.learningRate },
    ]
  }

  private func curve(
    _ name: String, _ title: String, y: String, mayBeLogarithmic: Bool = false,
    within bounds: ClosedRange<Double>? = nil, digits: Int, caption: String,
    _ value: (EpochRecord) -> Double
  ) -> ReportPicture {
    let series = zip(names, runs).map { name, run in
      CurveChart.Series(name, run.history.map { (Double($0.epoch), value($0)) })
    }
    return ReportPicture(
      name,
      CurveChart(
        title, y: y, series: series, mayBeLogarithmic: mayBeLogarithmic, within: bounds,
        valueText: { fixed($0, digits) }
      ).drawing, caption: caption)
  }

  /// The test accuracies as bars; `nil` if no run was tested.
  private var accuracies: ReportPicture? {
    let bars = zip(names, runs).compactMap { name, run in
      run.test.map { test in
        BarChart.Bar(
          name, test.accuracy,
          hover: "\(name): \(percent(test.accuracy)) of \(grouped(test.count)) images, "
            + "95 % interval \(RunColumns.interval(test))")
      }
    }
    guard !bars.isEmpty else { return nil }
    return ReportPicture(
      "test-accuracy",
      BarChart("Test accuracy", axis: "share of the test images", rows: "run", bars: bars).drawing,
      caption: "The table of every two runs says whether a difference is more than chance.")
  }

  // MARK: Tables

  private var columns: [(title: String, alignment: PageTable.Alignment)] {
    [("", .text)] + names.map { ($0, .number) }
  }

  /// The key numbers, a column a run.
  private var results: PageTable {
    let isTested = runs.contains { $0.test != nil }
    var table = PageTable("\(isTested ? "Test" : "Validation") part, best epoch", columns)
    if isTested {
      let datasets = runs.map { $0.test.map { "\($0.dataset), \(grouped($0.count))" } ?? "–" }
      table.add(["data, images"] + datasets)
    }
    for (name, values) in RunColumns.results(of: runs) { table.add([name] + values) }
    return table
  }

  /// Every two runs on the same images, or why they cannot be compared so; nothing where no run
  /// was tested.
  private var paired: Markup {
    guard runs.contains(where: { $0.test != nil }) else { return Markup() }
    do {
      return PairTable.table(of: try RunComparison(runs)).markup
    } catch {
      return .element("p", [:], Markup("Not compared image by image: \(error)."))
    }
  }

  /// The options that are not the same in all runs.
  private var differences: PageTable {
    var table = PageTable("Options", [("option", .text)] + names.map { ($0, .free) })
    for option in OptionDifference.all(in: runs) {
      table.add([option.name] + option.values.map { $0 ?? "–" })
    }
    return table
  }
}

/// Whether the difference of every two runs is more than chance, as a table of a page.
enum PairTable {
  static func table(of comparison: RunComparison) -> PageTable {
    var table = PageTable(
      "Every two runs on the same images",
      [
        ("run", .text), ("against", .text), ("points", .number), ("95 % interval", .number),
        ("McNemar’s exact p", .number), ("only it right", .number), ("only other right", .number),
      ])
    for pair in comparison.pairs {
      let (outcomes, interval) = (pair.outcomes, pair.bootstrap.interval95)
      let p = outcomes.mcNemarProbability
      table.add([
        comparison.runs[pair.second].name, comparison.runs[pair.first].name,
        percentagePoints(outcomes.accuracyDifference),
        "\(percentagePoints(interval.lower)) to \(percentagePoints(interval.upper))",
        p < 0.0001 ? "below 0.0001" : fixed(p, 4), grouped(outcomes.onlySecondRight),
        grouped(outcomes.onlyFirstRight),
      ])
    }
    return table
  }
}
