import Metrics
import Support
import Training

/// A line of `predictions.csv`.
public struct RecordedPrediction: Equatable, Sendable {
  /// Where in the test files the image stands.
  public let index: Int
  public let prediction: Prediction
}

extension [RecordedPrediction] {
  /// Reads a `predictions.csv`.
  ///
  /// - Parameter classCount: classes must be below it.
  /// - Throws: ``FileError`` and ``RecordError``.
  public init(csvFile path: String, classCount: Int) throws {
    let table = try NumberTable(path: path)
    let columns = try ["index", "true", "predicted", "probability", "margin"].map(table.column)
    self = []
    reserveCapacity(table.rowCount)
    try table.forEachRow { line, row in
      let wholes = columns.prefix(3).map { Int(exactly: row[$0]) ?? -1 }
      guard RecordBounds.images.contains(wholes[0]), (0..<classCount).contains(wholes[1]),
        (0..<classCount).contains(wholes[2])
      else {
        throw RecordError.badRow(
          path: path, line: line, expected: "an index and two classes below \(classCount)")
      }
      append(
        RecordedPrediction(
          index: wholes[0],
          prediction: Prediction(
            trueClass: UInt8(wholes[1]), predictedClass: UInt8(wholes[2]),
            probability: row[columns[3]], margin: row[columns[4]])))
    }
  }
}
