import Platform
import Support

extension RunDirectory {
  /// The page that `emnist report` draws.
  public var report: String { path + "/report.html" }
  /// The directory of its pictures.
  public var pictures: String { path + "/report" }

  /// The names of all pictures that a report may have, without `.svg` and `.png`.
  public static let pictureNames =
    [
      "loss", "accuracy", "learning-rate", "augmentation", "confusion-counts", "confusion-shares",
      "f1", "reliability", "samples", "confused-pairs", "certain-mistakes", "uncertain-hits",
      "mistakes",
      "filters", "test-accuracy",
    ] + studyPictureNames

  private static let studyPictureNames =
    ["history", "learning-curves", "importance", "contour", "parallel"]
    + (1...sliceLimit).map { "slice-\($0)" }

  /// How many parameters of a study have a picture of their own.
  public static let sliceLimit = 24

  /// Removes the report and its pictures; the directory stays if it holds anything else.
  public func removeReport() {
    unlink(report)
    for name in Self.pictureNames {
      unlink("\(pictures)/\(name).svg")
      unlink("\(pictures)/\(name).png")
    }
    rmdir(pictures)
  }
}
