import Analysis
import Configuration
import Metrics
import Support

/// Cross-validations with the same folds on one page: which is better, by how much in which fold, and
/// what it costs.
public struct ComparedFoldsPage: ReportPage {
  private let comparison: FoldsComparison
  private let units: [PageUnit]
  private let scores: [ReportPicture]
  private let curves: [ReportPicture]

  public init(_ comparison: FoldsComparison) {
    self.comparison = comparison
    units = comparison.members.enumerated().map { place, member in
      PageUnit(
        name: comparison.names[place], color: place, records: member.folds.map(\.record))
    }
    scores = ComparedFolds(comparison).pictures
    curves = ComparedCurves(units: units, members: "folds").pictures
  }

  public var pictures: [ReportPicture] { scores + curves }

  /// What the comparison comes to, in two lines.
  public var summary: String {
    let verdict = Verdict(comparison)
    return "\(verdict.headline)\n\(verdict.evidence)\n"
  }

  public var html: String {
    let sections = [scoreSection, curveSection, costSection, optionSection].compactMap(\.self)
    return PageStyle.document(title: title, body: header + PageSection.all(sections))
  }

  // MARK: The top

  private var title: String {
    let names = comparison.names
    return switch names.count {
    case 2: "\(names[0]) or \(names[1])?"
    case 3: "\(names.asEnumeration), compared"
    default: "\(names.count) cross-validations, compared"
    }
  }

  private var header: Markup {
    var models: [String] = []
    for unit in units {
      let record = unit.records[0]
      let name = record.model?.summary.name ?? record.option("model") ?? "a model"
      if !models.contains(name) { models.append(name) }
    }
    let subject =
      "\(models.asEnumeration) on \(comparison.members[0].dataset ?? "the same data"), validated on "
      + "the same \(comparison.foldCount) folds, \(grouped(comparison.imageCount)) images in all"
    var markup = Markup.element("h1", [:], Markup(title))
    markup += .element("p", ["class": "lead"], Markup(subject))
    markup += VerdictBlock(Verdict(comparison)).markup
    for run in comparison.leftOut {
      markup += .element("p", [:], Markup("Not in the comparison: \(run.text)."))
    }
    return markup
  }

  // MARK: Sections

  private var scoreSection: PageSection {
    let folds = ComparedFolds(comparison)
    return PageSection(
      id: "folds", title: "Folds",
      body: PageStyle.arranged(.grid, scores.map(\.figure))
        + [folds.table, folds.pairs].compactMap { $0?.markup }.joined())
  }

  private var curveSection: PageSection? {
    guard !curves.isEmpty else { return nil }
    return PageSection(
      id: "training", title: "Training", body: PageStyle.arranged(.grid, curves.map(\.figure)))
  }

  private var costSection: PageSection {
    let costs = ComparedCosts(units: units, comparison: nil)
    return PageSection(
      id: "costs", title: "What it costs",
      body: (costs.sentence.isEmpty ? Markup() : .element("p", [:], Markup(costs.sentence)))
        + costs.table.markup + .element("p", [:], Markup("Times are of a fold, in the mean.")))
  }

  private var optionSection: PageSection {
    PageSection(
      id: "options", title: "What differs",
      body: ComparedTables(units: units, comparison: nil).options?.markup
        ?? .element("p", [:], Markup("Their options are the same.")))
  }
}
