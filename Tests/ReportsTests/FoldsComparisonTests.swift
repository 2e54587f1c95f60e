import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Metrics
@testable import Reports
@testable import Training

@Suite struct FoldsComparisonTests {
  /// Cross-validations `a`, `b`, `c`, … compared.
  private func compared(_ fixtures: [FoldsFixture]) throws -> FoldsComparison {
    try withTemporaryDirectory { folder in
      let paths = try fixtures.enumerated().map { place, fixture in
        try fixture.write(to: "\(folder)/\(["a", "b", "c"][place])").directory.path
      }
      return try FoldsComparison(try #require(try ComparableFolds(paths)))
    }
  }

  private func two(_ second: [Double] = [0.82, 0.84, 0.83, 0.845, 0.81]) throws -> FoldsComparison {
    try compared([
      FoldsFixture(accuracies: [0.8, 0.8, 0.8, 0.8, 0.8], options: ["lr": 0.1]),
      FoldsFixture(accuracies: second, options: ["lr": 0.2]),
    ])
  }

  @Test func theTextIsThis() throws {
    let terminal = Terminal(width: 80, canRedraw: false, allowsColor: false, allowsUnicode: false)
    let text = FoldsComparisonText(try two(), terminal: terminal).text
    #expect(
      text == """
        noise, 3,000 images in 5 folds

                                             a                 b
        --------------------  ----------------  ----------------
        accuracy                       80.00 %           82.90 %
        standard deviation              0.00 %            1.43 %
        95 % interval         80.00 to 80.00 %  81.12 to 84.68 %
        loss                            0.5000            0.5000
        parameters                          63                63
        multiply-adds                       60                60
        training time a fold             6.0 s             6.0 s
        --------------------  ----------------  ----------------
        lr                                 0.1               0.2

        fold        a        b  points
        ----  -------  -------  ------
        1     80.00 %  82.00 %   +2.00
        2     80.00 %  84.00 %   +4.00
        3     80.00 %  83.00 %   +3.00
        4     80.00 %  84.50 %   +4.50
        5     80.00 %  81.00 %   +1.00

        b is better than a by 2.90 percentage points in the mean of 5 folds, \
        which is more than chance
        95 % interval +0.23 to +5.57 points, over 5 folds; corrected resampled t-test \
        with 4 degrees of freedom: p = 0.0392

        """)
  }

  @Test func whichWasNamedFirstChangesNothing() throws {
    let comparison = try compared([
      FoldsFixture(accuracies: [0.82, 0.84, 0.83, 0.845, 0.81]),
      FoldsFixture(accuracies: [0.8, 0.8, 0.8, 0.8, 0.8]),
    ])
    let verdict = Verdict(comparison)
    #expect(verdict.best == 0 && verdict.isBeyondChance)
    #expect(verdict.headline.hasPrefix("a is better than b by 2.90 percentage points"))
    #expect(verdict.evidence.hasPrefix("95 % interval +0.23 to +5.57 points, over 5 folds"))
  }

  @Test func twoFoldsAreNoVerdict() throws {
    let comparison = try compared([
      FoldsFixture(accuracies: [0.8, 0.9]), FoldsFixture(accuracies: [0.7, 0.7]),
    ])
    let verdict = Verdict(comparison)
    #expect(!verdict.isBeyondChance)
    #expect(verdict.headline.hasSuffix(", and whether by chance cannot be said"))
    #expect(verdict.evidence == "an interval needs at least 3 folds")
    #expect(comparison.pairs[0].estimate == nil)
  }

  @Test func ofThreeTheBestIsHeldAgainstEach() throws {
    let comparison = try compared([
      FoldsFixture(accuracies: [0.8, 0.81, 0.8]), FoldsFixture(accuracies: [0.9, 0.91, 0.9]),
      FoldsFixture(accuracies: [0.89, 0.93, 0.88]),
    ])
    let verdict = Verdict(comparison)
    #expect(verdict.headline == "b is ahead, but c may be as good")
    #expect(verdict.evidence.contains(", with Holm's correction for 3 pairs: p = "))
    let page = ComparedFoldsPage(comparison)
    #expect(try XMLText(page.html).named("h1").first?.text == "a, b and c, compared")
    #expect(page.html.contains("corrected for 3 pairs"))
  }

  @Test func thePageShowsWhichIsBetterByHowMuch() throws {
    let page = ComparedFoldsPage(try two())
    let html = try XMLText(page.html)
    #expect(html.named("h1").first?.text == "a or b?")
    #expect(
      html.named("p").map(\.text).contains(
        "m on noise, validated on the same 5 folds, 3,000 images in all"))
    #expect(page.pictures.map(\.name).prefix(2) == ["differences", "accuracy-of-folds"])
    for picture in page.pictures {
      let boxes = TextBoxes(try XMLText(picture.drawing.file))
      #expect(boxes.overlaps.isEmpty && boxes.outside.isEmpty, "\(picture.name)")
    }
  }

  @Test func jsonAndCSVHaveEveryNumber() throws {
    let comparison = try two()
    let json = comparison.json
    #expect(json["fold_count"] == 5 && json["count"] == 3000 && json["part"] == "folds")
    #expect(json["runs"]?.array?[1]["folds"]?.array?.count == 5)
    let pair = try #require(json["pairs"]?.array?.first)
    #expect(pair["degrees_of_freedom"] == 4 && pair["folds"]?.array?.count == 5)
    #expect(json["verdict"]?["best"]?.string?.hasSuffix("/b") == true)
    let rows = comparison.csvText.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 3 && Set(rows.map(\.count)) == [16])
    #expect(rows[2].last.map(String.init) == pair["p"]?.double.map { "\($0)" })
  }

  @Test func otherFoldsAreRefusedInASentence() throws {
    let three = FoldsFixture(accuracies: [0.8, 0.8, 0.8])
    try withTemporaryDirectory { (folder: String) throws -> Void in
      func error(_ other: FoldsFixture) throws -> String {
        let place = "\(folder)/\(other.images)\(other.accuracies.count)\(other.finished ?? 0)"
        let paths = try [("a", three), ("b", other)].map { name, fixture in
          try fixture.write(to: "\(place)/\(name)").directory.path
        }
        let comparable = try #require(try ComparableFolds(paths))
        return "\(comparable.tooFew)".replacing(place + "/", with: "")
      }
      #expect(
        try error(FoldsFixture(accuracies: [0.8, 0.8])) == "b has 2 folds, but a has 3")
      #expect(
        try error(FoldsFixture(accuracies: [0.8, 0.8, 0.8], images: "b"))
          == "the folds of b are of other images than those of a")
      #expect(
        try error(FoldsFixture(accuracies: [0.8, 0.8, 0.8], finished: 1))
          == "b: 1 of 3 folds is finished")
    }
  }

  @Test func whatIsNoCrossValidationIsLeftOut() throws {
    try withTemporaryDirectory { folder in
      let fixture = FoldsFixture(accuracies: [0.8, 0.8, 0.8])
      let paths = try ["a", "b"].map { try fixture.write(to: "\(folder)/\($0)").directory.path }
      try makeDirectories(folder + "/run")
      _ = try RunFixture().write(to: folder + "/run")
      let mixed = try #require(try ComparableFolds(paths + [folder + "/run"]))
      #expect(mixed.records.count == 2)
      #expect(
        mixed.leftOut.map(\.text) == ["\(folder)/run is no cross-validation as the others are"])
      #expect(mixed.areMost)
      #expect(try ComparableFolds([paths[0], folder + "/run"]) == nil)
      let others = [String](repeating: folder + "/run", count: 3)
      #expect(try #require(try ComparableFolds(paths + others)).areMost == false)
    }
  }
}
