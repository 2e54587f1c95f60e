import Support
import Testing
import TestSupport

@testable import Analysis
@testable import Metrics
@testable import Reports
@testable import Training

@Suite struct FoldsPageTests {
  /// A page of folds whose validation accuracies are these, of which so many are finished.
  private func page(_ accuracies: [Double], finished: Int? = nil) throws -> FoldsPage {
    try withTemporaryDirectory { folder in
      FoldsPage(
        try FoldsFixture(accuracies: accuracies, finished: finished).write(to: folder + "/cv"))
    }
  }

  private func headline(_ page: FoldsPage) throws -> String? {
    try XMLText(page.html).named("p").first { $0.attributes["class"] == "headline" }?.text
  }

  @Test func meanDeviationAndIntervalStandAtTheTop() throws {
    let page = try page([0.8, 0.81, 0.82, 0.83])
    #expect(try headline(page) == "81.50 % validation accuracy in the mean of 4 folds.")
    #expect(
      page.summary
        == "81.50 % validation accuracy in the mean of 4 folds\nstandard deviation 1.29 points; "
        + "95 % interval 79.45 to 83.55 %, by Student's t\n")
    let cells = try XMLText(page.html).named("td").map(\.text)
    for text in ["fold 1", "fold 4", "mean", "standard deviation", "95 % interval"] {
      #expect(cells.contains(text), "\(text)")
    }
    #expect(page.pictures.map(\.name).first == "folds")
    for picture in page.pictures {
      let boxes = TextBoxes(try XMLText(picture.drawing.file))
      #expect(boxes.overlaps.isEmpty && boxes.outside.isEmpty, "\(picture.name)")
    }
  }

  @Test func twoFoldsSayThatAnIntervalNeedsMore() throws {
    let page = try page([0.5, 0.7])
    #expect(page.summary.hasSuffix("; an interval needs at least 3 folds\n"))
    #expect(try XMLText(page.html).named("td").map(\.text).contains("needs 3 folds"))
  }

  @Test func anIntervalOfSharesEndsAtAll() throws {
    #expect(try page([0.9, 1, 1]).summary.contains("95 % interval 82.32 to 100.00 %"))
    let estimate = MeanEstimate([0.01, 0, 0.02])
    #expect(estimate.shareInterval95?.lower == 0)
    #expect(MeanEstimate([0.1, 0.2]).shareInterval95 == nil)
  }

  @Test func aFoldThatIsNotFinishedDoesNotCount() throws {
    let page = try page([0.8, 0.81, 0.82, 0.1], finished: 3)
    #expect(try headline(page) == "81.00 % validation accuracy in the mean of 3 folds.")
    #expect(page.html.contains("fold 4 is not finished and does not count."))
  }
}
