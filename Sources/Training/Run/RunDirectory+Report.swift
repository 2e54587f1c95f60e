import Platform
import Support

extension RunDirectory {
  /// The page that `emnist report` draws.
  public var report: String { path + "/report.html" }
  /// The directory of its pictures.
  public var pictures: String { path + "/report" }

  /// Removes the report and its pictures; the directory stays if it holds anything else.
  public func removeReport() {
    unlink(report)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: pictures)) ?? []
    for file in files where file.hasSuffix(".svg") || file.hasSuffix(".png") {
      unlink("\(pictures)/\(file)")
    }
    rmdir(pictures)
  }
}
