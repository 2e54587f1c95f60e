import Analysis
import Reports
import Studies
import Support
import Training

/// What is drawn as a whole though it is made of many runs: a cross-validation, several that are compared
/// with each other, or a study.
struct DrawnWhole {
  let directory: RunDirectory
  /// The directories that the page is of.
  let runs: [RunDirectory]
  let page: any ReportPage
  /// What the page comes to, a few lines for a terminal.
  let summary: String

  /// `nil` unless the one path that was named is such a directory, or those that were named are
  /// cross-validations.
  init?(named paths: [String]) throws {
    guard let first = paths.first, let directory = try? RunDirectory.named(first) else {
      return nil
    }
    self.directory = directory
    guard paths.count == 1 else {
      guard let folds = try ComparableFolds(paths), folds.areMost else { return nil }
      let report = ComparedFoldsPage(try FoldsComparison(folds))
      (runs, page, summary) = (folds.records.map(\.directory), report, report.summary)
      return
    }
    if FileSystem.exists(Study.journalPath(directory.path)) {
      (runs, summary) = ([directory], "")
      page = StudyPage(try StudyRecord(reading: directory.path))
      return
    }
    let folds = directory.foldRuns
    guard !folds.isEmpty else { return nil }
    let report = FoldsPage(try FoldsRecord(reading: directory))
    (runs, page, summary) = (folds, report, report.summary)
  }
}
