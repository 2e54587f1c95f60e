import Analysis
import Configuration
import Datasets
import Reports
import Support
import Training

extension DataPreviewCommand {
  /// The most mistakes on a sheet, and the most pairs of classes in a terminal.
  private static let sheetCount = 100
  private static let pairCount = 12

  /// Shows what a run got wrong on the images that it was tested on.
  ///
  /// - Throws: ``ComparisonError/notTested(run:)``, ``MistakesError``, and what loading throws.
  func showMistakes(of run: RunDirectory) throws {
    let record = try RunRecord(reading: run)
    guard let test = record.test else { throw ComparisonError.notTested(run: run.path) }
    let data = try loadData(
      Training::Checkpoint.judging(
        dataSet.layers.configuration(over: run).dataRequest, by: run.best),
      parts: .test, environment: environment)
    guard case .found(let images) = TestImages(of: data.dataset, for: record) else {
      throw MistakesError.otherImages(run: run.path, dataset: data.dataset.name)
    }
    let sheet = MistakeSheet(record, test, images: images)
    if let out {
      try write(sheet, to: out, run)
    } else {
      try StandardStream.output.put(text(sheet, images, run))
    }
  }

  private func write(_ sheet: MistakeSheet, to path: String, _ run: RunDirectory) throws {
    guard let (bytes, count) = sheet.png(limit: Self.sheetCount) else {
      throw MistakesError.none(run: run.path)
    }
    try AtomicFile.write(bytes, to: path)
    try StandardStream.output.put(
      "\(path.shown): the \(count) surest mistakes of \(run.path.shown), \(byteCount(bytes.count))\n"
    )
  }

  private func text(_ sheet: MistakeSheet, _ images: ImageSet, _ run: RunDirectory) -> String {
    let terminal = output.resultTerminal
    let rows = sheet.rows(Self.pairCount, terminal: terminal)
    guard !rows.isEmpty else { return "\(run.path.shown): no mistakes\n" }
    let view = GlyphText(
      labels: rows.map(\.name), height: images.height, width: images.width, terminal: terminal)
    return rows.map { row in
      view.row(row.name, images: Array(row.images.prefix(perClass ?? view.columns)))
    }.joined()
  }
}

/// Mistakes that cannot be drawn.
enum MistakesError: UserError, Equatable {
  case otherImages(run: String, dataset: String)
  case none(run: String)

  var exitCode: ExitCode { .dataError }

  var description: String {
    switch self {
    case .otherImages(let run, let dataset):
      "\(run): was not tested on the images that '\(dataset)' has here; "
        + "say with --dataset and --data where those lie"
    case .none(let run): "\(run): got no test image wrong, so there is nothing to draw"
    }
  }
}
