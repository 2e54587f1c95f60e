import Analysis
import Reports
import Studies
import Support
import Training

/// What is drawn as a whole though it is made of many runs: a cross-validation or a study.
struct DrawnWhole {
  let directory: RunDirectory
  /// The directories that the page is of.
  let runs: [RunDirectory]
  let page: any ReportPage
  /// What the page comes to, a few lines for a terminal.
  let summary: String

  /// `nil` unless the one path that was named is such a directory.
  init?(named paths: [String]) throws {
    guard paths.count == 1, let directory = try? RunDirectory.named(paths[0]) else { return nil }
    self.directory = directory
    if FileSystem.exists(Study.journalPath(directory.path)) {
      (runs, summary) = ([directory], "")
      page = StudyPage(try StudyRecord(reading: directory.path))
      return
    }
    let folds = directory.foldRuns
    guard !folds.isEmpty else { return nil }
    let report = FoldsPage(directory, folds: try folds.map(RunRecord.init(reading:)))
    (runs, page, summary) = (folds, report, report.summary)
  }
}
