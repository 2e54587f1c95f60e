import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Metrics
@testable import Reports
@testable import Training

@Suite struct RunsPageTests {
  private func report(_ fixtures: [RunFixture]) throws -> RunsPage {
    try withTemporaryDirectory { folder in
      let records = try fixtures.enumerated().map { index, fixture in
        let place = RunDirectory(path: "\(folder)/run\(index)")
        try makeDirectories(place.path)
        return try RunRecord(reading: fixture.write(to: place.path).run)
      }
      let images = RunsPage.reference(of: records).map {
        TestImages(of: fixtures[0].dataset, for: $0)
      }
      return RunsPage(records, images: images ?? .missing("None."))
    }
  }

  /// Runs that get ever more images right.
  private func fixtures(_ count: Int, _ change: (inout RunFixture) -> Void = { _ in })
    -> [RunFixture]
  {
    (0..<count).map { number in
      var fixture = RunFixture()
      change(&fixture)
      fixture.lift = Float(number) * 1.2
      return fixture
    }
  }

  private func check(_ report: RunsPage) throws {
    let xml = try XMLText(report.html)
    let identifiers = xml.elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count)
    for picture in report.pictures {
      let boxes = TextBoxes(try XMLText(picture.drawing.file))
      #expect(boxes.overlaps.isEmpty, "\(picture.name): \(boxes.overlaps.prefix(3))")
      #expect(boxes.outside.isEmpty, "\(picture.name): \(boxes.outside.prefix(3))")
    }
  }

  @Test func runsOfAllKindsStandSideBySide() throws {
    let report = try report(FixtureCase.all.map(\.fixture))
    _ = try XMLText(report.html)
    for picture in report.pictures {
      let boxes = TextBoxes(try XMLText(picture.drawing.file))
      #expect(boxes.overlaps.isEmpty, "\(picture.name): \(boxes.overlaps.prefix(3))")
    }
  }

  @Test(arguments: FixtureCase.all) func everyRunStandsBesideItself(example: FixtureCase) throws {
    try check(report([example.fixture, example.fixture]))
  }

  @Test(arguments: [2, 3, 6]) func anyNumberOfRunsIsAPage(count: Int) throws {
    try check(report(fixtures(count)))
    try check(
      report(
        fixtures(count) {
          $0.classes = (0..<47).map { "class \($0)" }
          $0.count = 470
        }))
  }

  @Test func twoRunsAreAQuestionWithAnAnswer() throws {
    let report = try report(fixtures(2))
    #expect(
      report.pictures.map(\.name) == [
        "differences", "scores", "class-recall", "class-precision", "only-2", "nobody",
        "confusion-1",
        "confusion-2", "confusion-difference", "accuracy", "loss", "learning-rate", "cost",
      ])
    let xml = try XMLText(report.html)
    #expect(xml.named("title").first?.text == "run0 or run1?")
    let headline = try #require(
      xml.named("p").first { $0.attributes["class"] == "headline" }?.text)
    #expect(headline.hasPrefix("run1 is better than run0 by "))
    #expect(
      xml.named("h2").map(\.text) == [
        "Scores", "Class by class", "Images that part them", "What is taken for what", "Training",
        "What it costs", "What differs",
      ])
    // Training and validation are told apart by name.
    let names = try XMLText(try #require(report.pictures.first { $0.name == "loss" }).drawing.file)
      .named("text").map(\.text)
    for name in ["run0, validation", "run0, training", "run1, validation", "run1, training"] {
      #expect(names.contains(name))
    }
  }

  @Test func anAxisShowsOnlyWhatItsScoresCover() throws {
    let report = try report(fixtures(2) { $0.count = 600 })
    let scores = try #require(report.pictures.first { $0.name == "scores" })
    let ticks = try XMLText(scores.drawing.file).named("text").compactMap { Double($0.text) }
    #expect(ticks.count > 2 && ticks.min() ?? 0 > 10)
  }

  @Test func theScoresOfEachRunAndTheirDifferenceStandInARow() throws {
    let report = try report(fixtures(2))
    let cells = try XMLText(report.html).named("td").map(\.text)
    for score in ["accuracy", "macro precision", "macro recall", "macro F1"] {
      let row = try #require(cells.firstIndex(of: score))
      #expect(cells[row + 1] != cells[row + 2] && cells[row + 2].hasSuffix(" %"))
      #expect(cells[row + 3].hasPrefix("+") && cells[row + 3].hasSuffix(" points"))
    }
    // Both were made with the same options.
    #expect(!cells.contains("epochs") || cells.contains("training time"))
  }

  @Test func theImagesThatOnlyOneGotRightAreShown() throws {
    let fixtures = fixtures(2)
    let report = try report(fixtures)
    let only = try #require(report.pictures.first { $0.name == "only-2" })
    let lines = try XMLText(only.drawing.file).named("text").map(\.text)
    #expect(lines.first == "Only run1 got these right" && lines.contains { $0.hasPrefix("not ") })
    #expect(only.png != nil)
    let missing = try withTemporaryDirectory { folder in
      let records = try fixtures.enumerated().map { index, fixture in
        try makeDirectories("\(folder)/r\(index)")
        return try RunRecord(reading: fixture.write(to: "\(folder)/r\(index)").run)
      }
      return RunsPage(records, images: .missing("They are elsewhere."))
    }
    #expect(missing.html.contains("They are elsewhere."))
    #expect(!missing.pictures.contains { $0.name.hasPrefix("only") })
  }

  /// A page of groups: of each so many runs that differ by their seed alone.
  private func groups(_ counts: [Int]) throws -> RunsPage {
    try withTemporaryDirectory { folder in
      var records: [RunRecord] = []
      for (group, count) in counts.enumerated() {
        for seed in 0..<count {
          var fixture = RunFixture()
          (fixture.lift, fixture.count) = (Float(group) * 1.5 + Float(seed) * 0.05, 120)
          let place = "\(folder)/group\(group)-\(seed)"
          try makeDirectories(place)
          let run = try fixture.write(to: place).run
          try AtomicFile.write(
            text: JSONValue.object(["model": .integer(group), "seed": .integer(seed)]).text(),
            to: run.config)
          records.append(try RunRecord(reading: run))
        }
      }
      return RunsPage(records)
    }
  }

  @Test(arguments: [[3], [2], [3, 3], [3, 1], [3, 4, 5], [3, 3, 3, 3, 3]])
  func groupsOfSeedsAreAPage(counts: [Int]) throws {
    let report = try groups(counts)
    try check(report)
    let xml = try XMLText(report.html)
    let cells = xml.named("td").map(\.text)
    // A row of each run, under the name of its group.
    #expect(cells.contains("group0-0") && cells.filter { $0 == "group0" }.count >= counts[0])
    let title = xml.named("title").first?.text
    switch counts.count {
    case 1: #expect(title == "group0: \(counts[0]) seeds")
    case 2: #expect(title?.hasPrefix("group0 or group1") == true)
    case 3: #expect(title == "group0, group1 and group2, compared")
    default: #expect(title == "5 groups, compared")
    }
  }

  @Test func whoIsNotInTheComparisonIsNamedWithTheReason() throws {
    var untested = RunFixture()
    untested.isTested = false
    let report = try report(fixtures(2) + [untested])
    let texts = try XMLText(report.html).named("p").map(\.text)
    #expect(
      texts.contains { $0.hasPrefix("Not in the comparison: ") && $0.contains("run2: has no") })
    // Its curves are drawn all the same.
    let names = try XMLText(try #require(report.pictures.first { $0.name == "loss" }).drawing.file)
      .named("text").map(\.text)
    #expect(names.contains("run2, validation"))
  }
}
