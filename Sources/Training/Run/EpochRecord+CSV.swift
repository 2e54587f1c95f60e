import Support

extension [EpochRecord] {
  /// Reads a `history.csv`. Other columns than the ones known here may stand in it.
  ///
  /// - Throws: ``FileError`` and ``RecordError``.
  public init(csvFile path: String) throws {
    let table = try NumberTable(path: path)
    let columns = try [
      "epoch", "seconds", "images_per_second", "lr", "train_loss", "train_accuracy",
    ].map(table.column)
    let validation = try ["val_loss", "val_accuracy"].map(table.column)
    self = []
    try table.forEachRow { line, row in
      guard let epoch = Int(exactly: row[columns[0]]), RecordBounds.count.contains(epoch),
        RecordBounds.seconds.contains(row[columns[1]]),
        RecordBounds.speed.contains(row[columns[2]]),
        [columns[5], validation[1]].allSatisfy({ row.isEmpty($0) || (0...1).contains(row[$0]) })
      else {
        throw RecordError.badRow(
          path: path, line: line, expected: "an epoch, its seconds, images a second and accuracies")
      }
      append(
        EpochRecord(
          epoch: epoch, seconds: row[columns[1]], imagesPerSecond: row[columns[2]],
          learningRate: row[columns[3]], trainLoss: row[columns[4]],
          trainAccuracy: row[columns[5]],
          validationLoss: row.isEmpty(validation[0]) ? nil : row[validation[0]],
          validationAccuracy: row.isEmpty(validation[1]) ? nil : row[validation[1]]))
    }
  }
}
