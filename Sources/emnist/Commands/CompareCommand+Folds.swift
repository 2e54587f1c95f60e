import Analysis
import Reports
import Support
import Training

// Of cross-validations, whose folds are compared.
extension CompareCommand {
  /// Prints how they compare.
  ///
  /// - Throws: ``FoldsComparisonError``.
  func run(_ comparable: ComparableFolds) throws -> ExitCode {
    guard images == nil else { throw FoldsComparisonError.noTestImages }
    let comparison = try FoldsComparison(comparable)
    try StandardStream.error.put(leftOut: comparison.leftOut)
    try StandardStream.output.put(text(of: comparison))
    return .success
  }

  private func text(of comparison: FoldsComparison) -> String {
    switch format {
    case .json: return JSONValue.object(comparison.json).text() + "\n"
    case .csv: return comparison.csvText
    case .markdown, .text:
      let report =
        format == .markdown
        ? FoldsComparisonText(markdown: comparison)
        : FoldsComparisonText(comparison, terminal: output.resultTerminal)
      return output.quiet ? report.summary : report.text
    }
  }

  /// A run that was named.
  ///
  /// - Throws: ``FoldsComparisonError/amongRuns(path:)`` for a cross-validation; as
  ///   ``RunRecord/init(reading:)``.
  static func runRecord(_ path: String) throws -> RunRecord {
    if let directory = ComparableFolds.directory(path) {
      throw FoldsComparisonError.amongRuns(path: directory.path)
    }
    return try RunRecord(reading: RunDirectory.find(path))
  }
}

extension StandardStream {
  /// What is not compared, a line each with the reason.
  func put(leftOut: [LeftOutRun]) throws {
    try put(leftOut.map { "left out: \($0.text.shown)\n" }.joined())
  }
}
