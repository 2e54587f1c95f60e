import Foundation
import Support
import Testing
import TestSupport

@testable import Reports
@testable import Studies
@testable import Training

private struct StudyCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let fixture: StudyFixture

  init(
    _ name: String, _ parameters: String = StudyFixture.usual,
    _ change: (inout StudyFixture) -> Void = { _ in }
  ) {
    testDescription = name
    fixture = StudyFixture(parameters, change)
  }

  static let all = [
    StudyCase("usual"),
    StudyCase("minimize") { $0.goal = "minimize" },
    StudyCase("no trial") { $0.count = 0 },
    StudyCase("one trial") { ($0.count, $0.pruned, $0.failed) = (1, 0, 0) },
    StudyCase("one running") { ($0.count, $0.running) = (1, 1) },
    StudyCase("all failed") { ($0.count, $0.failed) = (5, 1) },
    StudyCase("all pruned") { ($0.count, $0.pruned, $0.failed) = (5, 1, 0) },
    StudyCase("one parameter", #"{"lr": {"min": 0.001, "max": 0.1}}"#),
    StudyCase("nothing is searched", #"{"epochs": {"value": 2}}"#),
    StudyCase("twelve parameters", StudyFixture.twelve),
    StudyCase("nested", StudyFixture.nested),
    StudyCase("choices alone", StudyFixture.categorical),
    StudyCase("folds") { $0.more = #", "emnist": {"folds": 5}"# },
    StudyCase("a hundred models", StudyFixture.manyChoices),
    StudyCase("one epoch") { $0.epochs = 1 },
  ]
}

@Suite struct StudyPageTests {
  @Test(arguments: StudyCase.all) fileprivate func everyStudyRenders(example: StudyCase) throws {
    let report = StudyPage(try example.fixture.record)
    let page = try XMLText(report.html)
    #expect(page.elements.first?.name == "html")
    #expect(page.named("script").isEmpty && page.named("link").isEmpty)
    #expect(!report.html.contains("nan") && !report.html.contains("inf "))
    for picture in report.pictures {
      let svg = try XMLText(picture.drawing.file)
      let boxes = TextBoxes(svg)
      #expect(boxes.overlaps.isEmpty, "\(picture.name): \(boxes.overlaps.prefix(3))")
      #expect(boxes.outside.isEmpty, "\(picture.name): \(boxes.outside.prefix(3))")
      for path in svg.named("path") {
        #expect(path.attributes["d"]?.contains("nan") == false, "\(picture.name)")
      }
    }
    let identifiers = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count)
  }

  @Test func everyPictureIsThere() throws {
    let names = StudyPage(try StudyFixture().record).pictures.map(\.name)
    #expect(
      names == [
        "history", "learning-curves", "importance", "importance-best", "contour", "parallel",
        "slice-1", "slice-2",
        "slice-3", "slice-4", "slice-5",
      ])
  }

  @Test func theNumbersAreTheStudys() throws {
    let record = try StudyFixture().record
    let page = try XMLText(StudyPage(record).html)
    func number(_ id: String) -> String? {
      page.named("data").first { $0.attributes["id"] == "number-\(id)" }?.attributes["value"]
    }
    let best = try #require(record.ranking.first)
    #expect(number("best-value") == best.value.map { "\($0)" })
    #expect(number("best-trial") == "\(best.number)")
    for state in [StudyTrial.State.finished, .pruned, .failed] {
      #expect(number(state.rawValue) == "\(record.trials.count { $0.state == state })")
    }
    // Broken between words alone.
    let words = page.named("span").filter { $0.attributes["class"] == "word" }.map(\.text)
    #expect(words.joined(separator: " ") == record.command(for: best))
    let titles = page.named("title").map(\.text)
    for trial in record.trials where trial.state == .finished {
      // In the history, among the curves, in parallel, in five slices and in the contour.
      #expect(titles.count { $0.hasPrefix("trial \(trial.number): ") } == 9)
    }
  }

  @Test func aBadTrialDoesNotTakeTheColoursOfTheOthers() {
    let scale = ValueScale(
      [0.01] + (0..<13).map { 0.9 + Double($0) / 1000 }, isHigherBetter: true
    ) { "\($0)" }
    #expect(scale.level(of: 0.01) == 0)
    #expect(
      (0..<13).map { scale.level(of: 0.9 + Double($0) / 1000) } == [
        0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6,
      ])
    let losses = ValueScale([1, 2, 3, 4, 5, 6, 7], isHigherBetter: false) { "\($0)" }
    #expect(losses.level(of: 1) == 6 && losses.level(of: 7) == 0 && losses.level(of: 9) == 0)
  }

  @Test func aReportIsWrittenBesideTheStudy() throws {
    try withTemporaryDirectory { folder in
      let record = try StudyFixture { $0.directory = folder }.record
      let paths = try StudyPage(record).write()
      #expect(paths.count == 11 && paths.allSatisfy { $0.hasPrefix(folder + "/report/") })
      #expect(access(StudyPlace(folder).report, F_OK) == 0)
    }
  }

  /// A tenth of them without optimization.
  @Test func aThousandTrialsStayAPageThatOpens() throws {
    #if DEBUG
      let (count, limit, seconds) = (100, 400_000, 30.0)
    #else
      let (count, limit, seconds) = (1_000, 3_000_000, 4.0)
    #endif
    let record = try StudyFixture(StudyFixture.twelve) { ($0.count, $0.epochs) = (count, 30) }
      .record
    let start = monotonicSeconds()
    let size = StudyPage(record).html.utf8.count
    #expect(size < limit, "\(size)")
    #expect(monotonicSeconds() - start < seconds)
  }
}
