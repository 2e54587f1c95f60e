import Datasets
import Foundation
import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Configuration
@testable import Metrics
@testable import Reports
@testable import Training

/// A run's page, read back.
private struct Page {
  let xml: XMLText
  let report: RunPage
  let result: TestResult?

  init(_ fixture: RunFixture, images: TestImages? = nil) throws {
    (report, result) = try withTemporaryDirectory { folder in
      let (run, result) = try fixture.write(to: folder)
      let record = try RunRecord(reading: run)
      let found = TestImages(of: fixture.dataset, for: record)
      return (RunPage(record, images: images ?? found), result)
    }
    xml = try XMLText(report.html)
  }

  /// A key number with all its digits.
  func number(_ id: String) -> Double? {
    xml.named("data").first { $0.attributes["id"] == "number-\(id)" }
      .flatMap { $0.attributes["value"] }.flatMap(Double.init)
  }

  var texts: [String] { xml.elements.map(\.text) }
  var names: [String] { report.pictures.map(\.name) }
}

struct FixtureCase: CustomTestStringConvertible {
  let testDescription: String
  let fixture: RunFixture

  init(_ name: String, _ change: (inout RunFixture) -> Void) {
    testDescription = name
    var fixture = RunFixture()
    change(&fixture)
    self.fixture = fixture
  }

  static let all = [
    FixtureCase("usual") { _ in },
    FixtureCase("one epoch") { $0.history = RunFixture.history(1) },
    FixtureCase("no epoch") {
      $0.history = []
      $0.hasCheckpoint = false
      $0.isTested = false
    },
    FixtureCase("no validation") { $0.history = RunFixture.history(3, hasValidation: false) },
    FixtureCase("diverged") {
      $0.lift = .nan
      $0.history = [
        EpochRecord(
          epoch: 1, seconds: 1, imagesPerSecond: 1, learningRate: 0.1, trainLoss: .nan,
          trainAccuracy: 0.1, validationLoss: .nan, validationAccuracy: 0.1)
      ]
    },
    FixtureCase("not tested") { $0.isTested = false },
    FixtureCase("no checkpoint") { $0.hasCheckpoint = false },
    FixtureCase("2 classes") { $0.classes = ["no", "yes"] },
    FixtureCase("1 class") { $0.classes = ["all"] },
    FixtureCase("62 classes") {
      $0.classes = ClassTable.byClass.labels
      $0.count = 620
    },
    FixtureCase("always right") { $0.lift = 1000 },
    FixtureCase("always wrong") { $0.lift = -1000 },
    FixtureCase("clothes") { $0.classes = ClothingLabels.all },
    FixtureCase("classes without images") { $0.count = 2 },
  ]
}

@Suite struct RunPageTests {
  @Test(arguments: FixtureCase.all) func everyRunRenders(example: FixtureCase) throws {
    let page = try Page(example.fixture)
    #expect(page.xml.elements.first?.name == "html")
    for picture in page.report.pictures {
      let boxes = TextBoxes(try XMLText(picture.drawing.file))
      #expect(boxes.overlaps.isEmpty, "\(picture.name): \(boxes.overlaps.prefix(3))")
      #expect(boxes.outside.isEmpty, "\(picture.name): \(boxes.outside.prefix(3))")
    }
    checkThatItNeedsNothingElse(page)
    checkNumbers(page)
  }

  private func checkThatItNeedsNothingElse(_ page: Page) {
    #expect(page.xml.named("script").isEmpty && page.xml.named("link").isEmpty)
    for element in page.xml.elements {
      for target in ["src", "href"].compactMap({ element.attributes[$0] }) {
        #expect(target.hasPrefix("#") || target.hasPrefix("data:image/png;base64,"))
      }
    }
    let identifiers = page.xml.elements.compactMap { $0.attributes["id"] }
    #expect(Set(identifiers).count == identifiers.count)
    for link in page.xml.named("a") {
      #expect(identifiers.contains(String(link.attributes["href"]?.dropFirst() ?? "")))
    }
  }

  /// The page's numbers are those of `evaluation.json`, to the last digit.
  private func checkNumbers(_ page: Page) {
    guard let json = page.result?.json() else { return #expect(page.number("accuracy") == nil) }
    func check(_ id: String, _ value: JSONValue?) {
      let expected = value == .null ? .nan : value?.double ?? -1
      let found = page.number(id) ?? -2
      #expect(found == expected || found.isNaN && expected.isNaN, "\(id): \(found), \(expected)")
    }
    check("accuracy", json["accuracy"])
    check("loss", json["loss"])
    check("macro-f1", json["macro"]?["f1"])
    check("top3", json["top_k"]?["3"])
    check("ece", json["ece"])
    check("kappa", json["kappa"])
    check("mcc", json["mcc"])
    check("count", json["count"])
  }

  @Test func theTextsSayTheSameAsTheNumbers() throws {
    let page = try Page(RunFixture())
    let evaluation = try #require(page.result?.evaluation)
    let interval = evaluation.confusion.interval95
    #expect(page.texts.contains(percent(evaluation.accuracy)))
    #expect(
      page.texts.contains(
        "95 % interval \(fixed(interval.lower * 100, 2)) to \(percent(interval.upper))"))
    #expect(page.number("best-epoch") == 2)
    #expect(page.number("seconds") == 5)
    #expect(page.number("parameters") == Double(20 * 3 + 3))
  }

  @Test func theMatrixHasEveryCount() throws {
    let page = try Page(RunFixture())
    let matrix = try #require(page.result?.evaluation.confusion)
    let titles = page.xml.named("title").map(\.text)
    for row in 0..<3 {
      for column in 0..<3 where matrix[row, column] > 0 {
        let text =
          "true \(matrix.labels[row]), predicted \(matrix.labels[column]): "
          + "\(matrix[row, column]) of \(matrix.supports[row]) "
        // Once in counts and once in shares.
        #expect(titles.filter { $0.hasPrefix(text) }.count == 2, "\(text)")
      }
    }
  }

  @Test func theCalibrationOfThePredictionsIsTheEvaluations() throws {
    try withTemporaryDirectory { folder in
      let (run, result) = try RunFixture().write(to: folder)
      let record = try RunRecord(reading: run)
      #expect(record.calibration == result?.evaluation.calibration)
      #expect(record.predictions.map(\.prediction) == result?.evaluation.predictions)
    }
  }

  @Test func everyPictureIsThere() throws {
    let page = try Page(RunFixture())
    #expect(
      page.names == [
        "loss", "accuracy", "learning-rate", "confusion-counts", "confusion-shares", "f1",
        "reliability", "samples", "confused-pairs", "certain-mistakes", "uncertain-hits",
        "mistakes", "architecture", "filters",
      ])
    #expect(page.report.pictures.filter { $0.png != nil }.count == 6)
  }

  @Test func whatAugmentationMadeOfTheTrainingImagesIsShown() throws {
    var options = TrainingConfiguration()
    options.augmentation.policy = .heavy
    options.validationSplit = .share(0)
    let noise = RunFixture().dataset
    let dataset = Dataset(name: "noise", classes: noise.classes, train: noise.test, test: nil)
    try withTemporaryDirectory { folder in
      let record = try RunRecord(reading: RunFixture().write(to: folder).run)
      func report(epochs: Int) throws -> RunPage {
        let varied = try VariedImages(of: dataset, options, epochs: epochs)
        return RunPage(record, images: .missing("None."), varied: varied)
      }
      let page = try report(epochs: 4)
      let picture = try #require(page.pictures.first { $0.name == "augmentation" })
      let xml = try XMLText(picture.drawing.file)
      // Eight images as they are and in four epochs.
      #expect(xml.named("image").count == 40)
      #expect(TextBoxes(xml).overlaps.isEmpty && TextBoxes(xml).outside.isEmpty)
      #expect(picture.caption.hasSuffix("varied as epochs 1 to 4 showed them."))
      #expect(picture.png != nil && page.html.contains("id=\"augmentation\""))
      #expect(try report(epochs: 1).pictures.contains { $0.caption.contains("as epoch 1 showed") })
      #expect(try !report(epochs: 0).pictures.contains { $0.name == "augmentation" })
      options.augmentation.until = 0.5
      #expect(try report(epochs: 4).pictures.contains { $0.caption.contains("epochs 1 to 2") })
      options.augmentation = AugmentationOptions()
      let none = try VariedImages(of: dataset, options, epochs: 4)
      #expect(none == nil)
    }
  }

  @Test func imagesThatAreNotThoseOfTheTestAreNotShown() throws {
    var other = RunFixture()
    other.count = 61
    let fixture = RunFixture()
    try withTemporaryDirectory { folder in
      let record = try RunRecord(reading: fixture.write(to: folder).run)
      var few = fixture
      few.count = 59
      guard case .missing(let reason) = TestImages(of: few.dataset, for: record) else {
        Issue.record("59 images are not 60")
        return
      }
      #expect(
        reason == "Example images are left out: the test images of 'noise' are not the ones that "
          + "this run was tested on; name those with --dataset and --data.")
      guard case .found = TestImages(of: other.dataset, for: record) else {
        Issue.record("a part of the images was tested")
        return
      }
    }
    var untested = fixture
    untested.isTested = false
    try withTemporaryDirectory { folder in
      let record = try RunRecord(reading: untested.write(to: folder).run)
      guard case .missing(let reason) = TestImages(of: fixture.dataset, for: record) else {
        Issue.record("there was no test")
        return
      }
      #expect(reason == "Example images are left out: this run has not been tested.")
    }
    let page = try Page(fixture, images: .missing("There are none."))
    #expect(page.texts.contains("There are none."))
    #expect(!page.names.contains("samples"))
  }

  @Test func filesOfAnEarlierReportGoAway() throws {
    try withTemporaryDirectory { folder in
      let (run, _) = try RunFixture().write(to: folder)
      let record = try RunRecord(reading: run)
      let images = TestImages(of: RunFixture().dataset, for: record)
      let first = try RunPage(record, images: images).write(to: run)
      #expect(first.count == 14 + 6)
      try AtomicFile.write(text: "mine", to: run.pictures + "/notes.txt")
      let second = try RunPage(record, images: .missing("None.")).write(to: run)
      let names = try FileManager.default.contentsOfDirectory(atPath: run.pictures)
      #expect(
        Set(names)
          == Set(
            second.map { String($0.dropFirst(run.pictures.count + 1)) }
              + ["notes.txt"]))
      #expect(names.contains("filters.png") && !names.contains("samples.png"))
    }
  }
}

@Suite struct ClassOrderTests {
  @Test func whatIsMixedUpStandsTogether() {
    var matrix = ConfusionMatrix(labels: ["0", "1", "O", "l", "x"])
    for index in 0..<5 { matrix[index, index] = 90 }
    matrix[0, 2] = 9
    matrix[2, 0] = 5
    matrix[1, 3] = 10
    let order = ClassOrder.clustered(matrix)
    func distance(_ a: Int, _ b: Int) -> Int {
      abs((order.firstIndex(of: a) ?? 9) - (order.firstIndex(of: b) ?? 0))
    }
    #expect(order.sorted() == [0, 1, 2, 3, 4])
    #expect(distance(0, 2) == 1 && distance(1, 3) == 1)
  }

  @Test func withoutMistakesTheOrderIsTheirOwn() {
    var matrix = ConfusionMatrix(labels: ["a", "b", "c"])
    for index in 0..<3 { matrix[index, index] = 3 }
    #expect(ClassOrder.clustered(matrix) == [0, 1, 2])
    #expect(ClassOrder.clustered(ConfusionMatrix(labels: ["a"])) == [0])
  }
}
