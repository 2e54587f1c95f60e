import Analysis
import Configuration
import Metrics
import Support
import Training

/// Several runs on one page: which is better, by how much and where, and what it costs.
public struct RunsPage: ReportPage {
  private let units: [PageUnit]
  /// `nil` if no two of the runs were tested on the same images.
  private let comparison: RunComparison?
  private let leftOut: [LeftOutRun]
  private let images: TestImages

  private let scores: [ReportPicture]
  private let classes: [ReportPicture]
  private let confusions: [ReportPicture]
  private let contested: [ReportPicture]
  private let curves: [ReportPicture]
  private let cost: ReportPicture?

  /// A page of `runs`, in their order.
  ///
  /// - Parameters:
  ///   - images: those that the runs were tested on.
  ///   - latency: measures how many seconds a run's network takes for one image alone.
  public init(
    _ runs: [RunRecord], images: TestImages = .missing("There are no pictures of the images."),
    latency: (RunRecord) -> Double? = { _ in nil }
  ) {
    let comparable = Self.comparable(runs)
    comparison = comparable.flatMap { $0.records.count > 1 ? try? RunComparison($0.records) : nil }
    leftOut = (comparison?.leftOut ?? []) + (comparable?.leftOut ?? [])
    units = PageUnit.all(of: runs, in: comparison).map { unit in
      var unit = unit
      unit.latency = latency(unit.records[0])
      return unit
    }
    self.images = images
    curves = ComparedCurves(units: units).pictures
    cost = ComparedCosts(units: units, comparison: comparison).picture
    guard let comparison, comparison.contenders.count > 1 else {
      let group = comparison.map { $0.confusion(of: $0.contenders[0]) }
      scores = comparison.map { ComparedScores(comparison: $0).scores } ?? []
      classes = group.map { [ClassPictures(matrix: $0, calibration: nil).scores] } ?? []
      confusions = group.map { ConfusionPictures($0).pictures } ?? []
      contested = []
      return
    }
    scores = ComparedScores(comparison: comparison).pictures
    classes = ComparedClasses(comparison).pictures
    confusions = ComparedConfusions(comparison).pictures
    if case .found(let found) = images {
      contested = ContestedPictures(comparison, found).pictures
    } else {
      contested = []
    }
  }

  /// The first of those that are compared, whose test images are shown; `nil` if none can be.
  public static func reference(of runs: [RunRecord]) -> RunRecord? {
    comparable(runs)?.records.first
  }

  private static func comparable(_ runs: [RunRecord]) -> ComparableRuns? {
    let records = Dictionary(runs.map { ($0.run.path, $0) }) { first, _ in first }
    return try? ComparableRuns(runs.map(\.run.path)) { path in
      guard let record = records[path] else { throw RunError.missing(path: path, nearest: nil) }
      return record
    }
  }

  public var pictures: [ReportPicture] {
    scores + classes + contested + confusions + curves
      + [cost].compactMap(\.self)
  }

  /// What the comparison comes to, in two lines, and what is not in it and why, a line each.
  public var summary: String {
    let others = leftOut.filter { _ in runsCompeted }.map { "not in the comparison: \($0.text)\n" }
    guard let verdict = comparison.map(Verdict.init) else { return others.joined() }
    return others.joined() + "\(verdict.headline)\n\(verdict.evidence)\n"
  }

  public var html: String {
    let sections = [
      scoreSection, classSection, imageSection, confusionSection, curveSection, costSection,
      differenceSection,
    ].compactMap(\.self)
    return PageStyle.document(title: title, body: header + PageSection.all(sections))
  }

  // MARK: The top

  private var title: String {
    let names = units.map(\.name)
    switch names.count {
    case 1: return "\(names[0]): \(units[0].records.count) seeds"
    case _ where comparison == nil: return "\(names.count) runs, side by side"
    case 2: return "\(names[0]) or \(names[1])?"
    case 3: return "\(names.asEnumeration), compared"
    default:
      return
        "\(names.count) \(units.contains { $0.records.count > 1 } ? "groups" : "runs"), compared"
    }
  }

  private var header: Markup {
    var markup = Markup.element("h1", [:], Markup(title))
    markup += .element("p", ["class": "lead"], Markup(subject))
    if let comparison { markup += VerdictBlock(Verdict(comparison)).markup }
    for run in leftOut where runsCompeted {
      markup += Self.paragraph("Not in the comparison: \(run.text).")
    }
    return markup
  }

  /// Whether there was a test at all to compare by.
  private var runsCompeted: Bool { units.contains { $0.records.contains { $0.test != nil } } }

  /// What the networks are, and what they were tested on.
  private var subject: String {
    var models: [String] = []
    for record in units.flatMap(\.records) {
      let name = record.model?.summary.name ?? record.option("model") ?? "a model"
      if !models.contains(name) { models.append(name) }
    }
    guard let comparison else { return models.asEnumeration }
    let test = comparison.runs[0].test
    return "\(models.asEnumeration), tested on the same \(grouped(comparison.count)) images of "
      + "\(test.dataset)"
  }

  // MARK: Sections

  private var scoreSection: PageSection? {
    PageSection(
      id: "test", title: "Scores",
      body: PageStyle.arranged(.grid, scores.map(\.figure))
        + tables.scores.markup
        + [pairs, tables.seeds].compactMap { $0?.markup }.joined())
  }

  private var tables: ComparedTables { ComparedTables(units: units, comparison: comparison) }

  /// Every two, if there are more than two.
  private var pairs: PageTable? {
    guard let comparison, comparison.contenders.count > 2 else { return nil }
    return ComparedTables.pairs(of: comparison)
  }

  private var classSection: PageSection? {
    guard !classes.isEmpty, let comparison else { return nil }
    let isOne = comparison.contenders.count == 1
    let table =
      isOne
      ? RunTables.classes(comparison.confusion(of: comparison.contenders[0]))
      : ComparedClasses(comparison).table
    return PageSection(
      id: "class-by-class", title: isOne ? "Class by class, all seeds together" : "Class by class",
      body: (isOne ? Self.paragraph(Self.together) : Markup())
        + PageStyle.arranged(.grid, classes.map(\.figure) + (isOne ? [table.markup] : []))
        + (isOne ? Markup() : table.markup))
  }

  private static let together =
    "The answers of all seeds are counted together here, so that macro means may differ from those "
    + "above, which are means over the seeds."

  private var imageSection: PageSection? {
    guard let comparison, comparison.contenders.count > 1 else { return nil }
    let body: Markup
    switch images {
    case .missing(let reason): body = Self.paragraph(reason)
    case .found where contested.isEmpty:
      body = Self.paragraph("All got every image right.")
    case .found: body = closestNote + PageStyle.arranged(.grid, contested.map(\.figure))
    }
    return PageSection(id: "images", title: "Images that part them", body: body)
  }

  private var confusionSection: PageSection? {
    guard !confusions.isEmpty else { return nil }
    return PageSection(
      id: "confusion", title: "What is taken for what",
      body: closestNote + PageStyle.arranged(.grid, confusions.map(\.figure)))
  }

  /// Which two are looked at where there are more, and how to look at others.
  private var closestNote: Markup {
    guard let comparison, comparison.contenders.count > 2 else { return Markup() }
    let pair = comparison.closest
    return Self.paragraph(
      "Of the \(comparison.contenders.count) these are the two best, \(pair.first.name) and "
        + "\(pair.second.name). A report of two others alone shows where those part.")
  }

  private var curveSection: PageSection? {
    guard !curves.isEmpty else { return nil }
    return PageSection(
      id: "training", title: "Training",
      body: PageStyle.arranged(.grid, curves.map(\.figure)))
  }

  private var costSection: PageSection {
    let costs = ComparedCosts(units: units, comparison: comparison)
    return PageSection(
      id: "costs", title: "What it costs",
      body: (costs.sentence.isEmpty ? Markup() : Self.paragraph(costs.sentence))
        + PageStyle.arranged(
          .grid,
          [
            cost?.figure,
            PageStyle.arranged(.stack, [costs.table.markup, Self.paragraph(costs.note)]),
          ].compactMap(\.self)))
  }

  private var differenceSection: PageSection {
    let same = units.count == 1 ? "Nothing but the seed differs." : "Their options are the same."
    return PageSection(
      id: "options", title: "What differs",
      body: tables.options?.markup ?? Self.paragraph(same))
  }

  private static func paragraph(_ text: String) -> Markup { .element("p", [:], Markup(text)) }
}
