extension [StepRecord] {
  /// Reads a `steps.csv`.
  ///
  /// - Throws: ``FileError`` and ``RecordError``.
  init(csvFile path: String) throws {
    let table = try NumberTable(path: path)
    let columns = try ["step", "lr", "loss", "accuracy"].map(table.column)
    self = []
    reserveCapacity(table.rowCount)
    try table.forEachRow { line, row in
      guard let step = Int(exactly: row[columns[0]]), RecordBounds.count.contains(step) else {
        throw RecordError.badRow(path: path, line: line, expected: "a step")
      }
      append(
        StepRecord(
          step: step, learningRate: row[columns[1]], loss: row[columns[2]],
          accuracy: row[columns[3]]))
    }
  }
}
