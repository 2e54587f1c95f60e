import Analysis
import Configuration
import Metrics
import Support
import Training

/// A cross-validation on one page: what its folds say together, and each of them.
public struct FoldsPage: ReportPage {
  private let name: String
  private let folds: [RecordedFold]
  private let manifest: Manifest?
  private let curves: [ReportPicture]
  /// Of the folds that are over; `nil` if none is.
  private let accuracy: MeanEstimate?

  public init(_ record: FoldsRecord) {
    (name, folds, accuracy) = (record.name, record.folds, record.accuracy)
    manifest = try? Manifest(reading: record.directory.manifest)
    let units = folds.enumerated().map { PageUnit(name: $1.name, color: $0, records: [$1.record]) }
    curves = ComparedCurves(units: units).pictures
  }

  public var pictures: [ReportPicture] { [scores].compactMap(\.self) + curves }

  /// What the folds say together, in two lines; empty before the first.
  public var summary: String {
    accuracy.map { "\(headline($0))\n\(evidence($0))\n" } ?? ""
  }

  public var html: String {
    let sections = [scoreSection, curveSection, configuration, origin].compactMap(\.self)
    return PageStyle.document(
      title: "\(name): \(subject)", body: header + PageSection.all(sections))
  }

  // MARK: The top

  private var subject: String {
    let first = folds.first?.record
    let model = first?.model?.summary.name ?? first?.option("model") ?? "a model"
    let dataset = first?.model?.dataset ?? first?.option("dataset") ?? "unknown data"
    return "\(model) on \(dataset), validated on \(folds.count) folds"
  }

  private var header: Markup {
    var markup = Markup.element("h1", [:], Markup(name))
    markup += .element("p", ["class": "lead"], Markup(subject))
    if let accuracy { markup += VerdictBlock(headline(accuracy), evidence(accuracy)).markup }
    for fold in folds where !fold.isFinished {
      markup += .element("p", [:], Markup("\(fold.name) is not finished and does not count."))
    }
    return markup
  }

  private var count: Int { folds.count { $0.isFinished && $0.accuracy != nil } }

  private func headline(_ accuracy: MeanEstimate) -> String {
    "\(percent(accuracy.mean)) validation accuracy"
      + (count == 1 ? " of one fold" : " in the mean of \(count) folds")
  }

  private func evidence(_ accuracy: MeanEstimate) -> String {
    guard count > 1 else { return "one fold says nothing of the spread" }
    return "standard deviation \(fixed(accuracy.standardDeviation * 100, 2)) points; "
      + (accuracy.shareInterval95.map {
        "95 % interval \(fixed($0.lower * 100, 2)) to \(percent($0.upper)), by Student's t"
      } ?? "an interval needs at least \(MeanEstimate.leastForInterval) folds")
  }

  // MARK: Sections

  private var scores: ReportPicture? {
    guard let accuracy else { return nil }
    let mean = WhiskerChart.Row(
      "mean", accuracy.mean * 100,
      accuracy.shareInterval95.map { ($0.lower * 100, $0.upper * 100) }, color: folds.count,
      text: percent(accuracy.mean), hover: "mean: \(percent(accuracy.mean))")
    let each = folds.enumerated().compactMap { place, fold in
      fold.accuracy.map { value in
        let interval = fold.images.map { wilsonInterval95(accuracy: value, count: $0) }
        return WhiskerChart.Row(
          fold.name, value * 100, interval.map { ($0.lower * 100, $0.upper * 100) },
          color: place, text: percent(value), hover: "\(fold.name): \(percent(value))")
      }
    }
    return ReportPicture(
      "folds",
      WhiskerChart(
        "Validation accuracy of each fold", axis: "accuracy (%)",
        groups: [WhiskerChart.Group("", [mean]), WhiskerChart.Group("each fold", each)],
        within: 0...100
      ).drawing,
      caption:
        "Lines are 95 % intervals: of the mean by the spread over the folds, of a fold by the "
        + "number of its images. Folds share most of their training images, so that the mean's may "
        + "be a little too narrow.")
  }

  private var scoreSection: PageSection {
    PageSection(
      id: "folds", title: "Folds",
      body: PageStyle.arranged(
        .grid, [scores?.figure].compactMap(\.self)) + table.markup)
  }

  private var table: PageTable {
    var table = PageTable(
      "Each fold at its best epoch",
      [
        ("fold", .text), ("images", .number), ("epoch", .number), ("loss", .number),
        ("accuracy", .number), ("last epoch", .number), ("time", .number),
      ])
    for fold in folds {
      let record = fold.record
      table.add(
        [
          fold.name, fold.images.map(grouped) ?? "–",
          record.bestEpoch.map { "\($0) of \(record.history.count)" } ?? "–",
          record.best?.validationLoss.map { fixed($0, 4) } ?? "–",
          fold.accuracy.map { percent($0) } ?? "–",
          record.history.last?.validationAccuracy.map { percent($0) } ?? "–",
          duration(record.seconds),
        ], fold.isFinished ? "" : "soft")
    }
    addSummary(to: &table)
    return table
  }

  private func addSummary(to table: inout PageTable) {
    guard let accuracy, count > 1 else { return }
    let finished = folds.filter(\.isFinished)
    let losses = finished.compactMap { $0.record.best?.validationLoss }
    let loss = losses.isEmpty ? nil : MeanEstimate(losses)
    let seconds = finished.reduce(0) { $0 + $1.record.seconds }
    table.add(
      [
        "mean", "", "", loss.map { fixed($0.mean, 4) } ?? "–", percent(accuracy.mean), "",
        duration(seconds / Double(finished.count)),
      ], "total")
    table.add([
      "standard deviation", "", "", loss.map { fixed($0.standardDeviation, 4) } ?? "–",
      percent(accuracy.standardDeviation), "", "",
    ])
    table.add([
      "95 % interval", "", "", "",
      accuracy.shareInterval95.map { "\(fixed($0.lower * 100, 2)) to \(percent($0.upper))" }
        ?? "needs \(MeanEstimate.leastForInterval) folds", "", "",
    ])
  }

  private var curveSection: PageSection? {
    guard !curves.isEmpty else { return nil }
    return PageSection(
      id: "training", title: "Training", body: PageStyle.arranged(.grid, curves.map(\.figure)))
  }

  /// What says something of one of the folds, or nothing where there are folds.
  private static let ofOneFold: Set = ["out", "name", "force", "val_split"]

  private var configuration: PageSection? {
    folds.first.map {
      PageSection(
        id: "configuration", title: "Configuration",
        body: RunTables.configuration(
          $0.record.options.filter { !Self.ofOneFold.contains($0.name) }
        ).markup)
    }
  }

  private var origin: PageSection? { manifest.map { ManifestSection($0).section } }
}
