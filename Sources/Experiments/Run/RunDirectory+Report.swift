import Support

extension RunDirectory {
  /// The page that `emnist report` draws.
  public var report: String { path + "/report.html" }
  /// The directory of its pictures.
  public var pictures: String { path + "/report" }

  /// The names of all pictures that a report may have, without `.svg` and `.png`.
  public static let pictureNames = [
    "loss", "accuracy", "learning-rate", "confusion-counts", "confusion-shares", "f1",
    "reliability", "samples", "confused-pairs", "certain-mistakes", "uncertain-hits", "mistakes",
    "filters", "test-accuracy",
  ]

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
