import Configuration
import Metrics
import Search
import Studies
import Support
import Training

/// A study on one page: what it found, how it got there and what mattered.
public struct StudyPage: ReportPage {
  private let record: StudyRecord
  private let course: [ReportPicture]
  private let importance: [ReportPicture]
  private let parallel: ReportPicture?
  private let slices: [ReportPicture]

  /// Draws everything that the study has.
  public init(_ record: StudyRecord) {
    self.record = record
    let study = StudyPictures(record)
    let parameters = StudyParameterPictures(record)
    course = [study.history, study.curves].compactMap(\.self)
    importance = study.importance + [parameters.contour].compactMap(\.self)
    parallel = parameters.parallel
    slices = parameters.slices
  }

  /// Every picture, in the order of the page.
  public var pictures: [ReportPicture] {
    course + importance + [parallel].compactMap(\.self) + slices
  }

  /// Writes the report into the study's directory.
  ///
  /// - Returns: the paths of the pictures' files.
  /// - Throws: ``FileError``.
  @discardableResult
  public func write() throws -> [String] { try write(to: RunDirectory(path: record.directory)) }

  /// The content of `report.html`.
  public var html: String {
    let sections = [best, test, courseSection, importanceSection, parametersSection, failures]
      .compactMap(\.self)
    return PageStyle.document(
      title: "\(record.name): \(subject)",
      body: header + PageSection.all(sections + [configuration, origin].compactMap(\.self)))
  }

  private var subject: String {
    let metric = record.sweep.metric
    let count = record.trials.count
    return
      "\(counted(count, "trial")) of a \(record.sweep.method.rawValue) "
      + "search to \(metric.goal.rawValue) \(metric.name.rawValue)"
  }

  private var header: Markup {
    var markup = Markup.element("h1", [:], Markup(record.name))
    markup += .element("p", ["class": "lead"], Markup(subject))
    if record.trials.isEmpty { markup += Self.paragraph("No trial has begun.") }
    if !record.trials.isEmpty, record.ranking.isEmpty {
      markup += Self.paragraph("No trial has finished yet.")
    }
    for note in record.sweep.notes + record.notes { markup += Self.paragraph("Note: \(note)") }
    return markup
      + .element("dl", ["class": "keys"], KeyNumber.all(of: record).map(\.markup).joined())
  }

  /// What the study was made from, if it says; a page draws what it can of a damaged study.
  private var origin: PageSection? {
    (try? Manifest(reading: StudyPlace(record.directory).manifest)).map {
      ManifestSection($0).section
    }
  }

  private var best: PageSection? {
    guard let trial = record.ranking.first else { return nil }
    return PageSection(
      id: "best", title: "Best trials",
      body: Self.paragraph("The best one is trained again by:")
        + PageStyle.command(record.command(for: trial))
        + StudyTables.best(record).markup)
  }

  private var test: PageSection? {
    guard let result = record.result, !result.tests.isEmpty else { return nil }
    return PageSection(
      id: "test", title: "Test",
      body: Self.paragraph("The winner alone met the test part.") + StudyTables.test(result).markup)
  }

  private var courseSection: PageSection? {
    guard !course.isEmpty else { return nil }
    return PageSection(
      id: "course", title: "Course", body: PageStyle.arranged(.grid, course.map(\.figure)))
  }

  private var importanceSection: PageSection? {
    guard !importance.isEmpty else { return nil }
    return PageSection(
      id: "mattered", title: "What mattered",
      body: PageStyle.arranged(.grid, importance.map(\.figure)))
  }

  private var parametersSection: PageSection? {
    let figures = [parallel].compactMap(\.self) + slices
    guard !figures.isEmpty else { return nil }
    return PageSection(
      id: "parameters", title: "Parameters", body: PageStyle.arranged(.grid, figures.map(\.figure)))
  }

  private var failures: PageSection? {
    guard record.trials.contains(where: { $0.state == .failed }) else { return nil }
    return PageSection(
      id: "failures", title: "Failures", body: StudyTables.failures(record).markup)
  }

  private var configuration: PageSection {
    PageSection(
      id: "configuration", title: "Configuration",
      body: .element(
        "pre", [:],
        .element("code", [:], Markup(JSONValue.object(record.sweep.json).text(pretty: true)))))
  }

  private static func paragraph(_ text: String) -> Markup { .element("p", [:], Markup(text)) }
}

extension KeyNumber {
  /// Those of a study, as far as it came.
  fileprivate static func all(of record: StudyRecord) -> [KeyNumber] {
    guard !record.trials.isEmpty else { return [] }
    return best(of: record) + states(of: record) + [
      KeyNumber(
        "seconds", "Time", record.trialSeconds, duration(record.trialSeconds),
        note: "of the trials, one after the other")
    ]
  }

  private static func best(of record: StudyRecord) -> [KeyNumber] {
    let metric = record.sweep.metric
    guard let trial = record.ranking.first, let value = trial.value else { return [] }
    var numbers = [
      KeyNumber(
        "best-value", "Best value", value, metric.text(value), note: metric.name.rawValue),
      KeyNumber(
        "best-trial", "Best trial", trial.number, "\(trial.number)",
        note: "\(trial.reports.count) \(record.reportUnit)\(trial.reports.count == 1 ? "" : "s")"),
    ]
    if let result = record.result, !result.tests.isEmpty {
      let (lower, upper) = result.interval95
      numbers.append(
        KeyNumber(
          "test-accuracy", "Test accuracy", result.accuracy.mean, percent(result.accuracy.mean),
          note: "95 % interval \(fixed(lower * 100, 2)) to \(percent(upper))"))
    }
    return numbers
  }

  private static func states(of record: StudyRecord) -> [KeyNumber] {
    [StudyTrial.State.finished, .pruned, .failed, .running].compactMap { state in
      let count = record.count(of: state)
      guard count > 0 || state == .finished else { return nil }
      let name = state.rawValue.prefix(1).uppercased() + state.rawValue.dropFirst()
      return KeyNumber(state.rawValue, name, count, note: count == 1 ? "trial" : "trials")
    }
  }
}
