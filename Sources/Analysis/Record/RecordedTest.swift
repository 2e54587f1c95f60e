import Datasets
import Interchange
import Metrics
import Support
import Training

/// The numbers of an `evaluation.json`. Those that were not finite are NaN.
public struct RecordedTest: Sendable {
  public let dataset: String
  public let part: String
  public let count: Int
  public let loss: Double
  public let accuracy: Double
  public let interval95: (lower: Double, upper: Double)
  public let top3: Double
  public let macroF1: Double
  public let expectedCalibrationError: Double
  /// What is known of the network's answers; `nil` if nothing is.
  public let confidence: RecordedConfidence?
  public let imagesPerSecond: Double
  public let confusion: ConfusionMatrix
  /// What tells the images and labels from others; `nil` in results that do not say.
  public let images: String?
  /// The CRC-32 of the `predictions.csv` beside it; `nil` in files of before there was one.
  let predictionsCheck: String?

  /// Reads the file at `path`.
  ///
  /// - Throws: ``FileError``, ``JSONError``, ``FormatVersion`` and ``RecordError``.
  public init(reading path: String) throws {
    let file = EvaluationFile(
      path: path, json: try JSONValue(parsing: readFile(path, as: .text), path: path))
    try FormatVersion.check(file.json["schema"]?.int, of: path)
    guard file.json.object?.fitsChecksum ?? true else {
      throw RecordError.damaged(path: path, by: nil)
    }
    dataset = try file.text("dataset")
    part = try file.text("part")
    loss = try file.number("loss")
    accuracy = try file.number("accuracy")
    top3 = try file.number("top_k", "3")
    macroF1 = try file.number("macro", "f1")
    expectedCalibrationError = try file.number("ece")
    confidence = try file.confidence()
    let speed = try file.number("images_per_second")
    guard speed.isNaN || RecordBounds.speed.contains(speed) else {
      throw file.wrong("images_per_second", "a number of images")
    }
    imagesPerSecond = speed
    let interval = try file.array("interval95").map { $0.double ?? .nan }
    guard interval.count == 2 else { throw file.wrong("interval95", "two numbers") }
    interval95 = (interval[0], interval[1])
    confusion = try file.confusion()
    images = file.json["images_sha256"]?.string
    count = confusion.count
    predictionsCheck = file.json["predictions_crc32"]?.string
  }
}

/// What a test says of how far the network's answers are to be believed.
public struct RecordedConfidence: Sendable {
  public let temperature: Double
  /// The expected calibration error at that temperature.
  public let expectedError: Double
  /// What scores lower is rejected.
  public let threshold: Double
}

/// An `evaluation.json` being read.
private struct EvaluationFile {
  let path: String
  let json: JSONValue

  func wrong(_ key: String, _ expected: String) -> RecordError {
    .badKey(path: path, key: key, expected: expected)
  }

  func text(_ key: String) throws -> String {
    guard let text = json[key]?.string else { throw wrong(key, "a text") }
    return text
  }

  /// A number, or NaN for the `null` that stands for what is not finite.
  func number(_ key: String, _ inner: String? = nil) throws -> Double {
    let value = inner.map { json[key]?[$0] } ?? json[key]
    if value == .null { return .nan }
    guard let number = value?.double else {
      throw wrong(inner.map { "\(key).\($0)" } ?? key, "a number")
    }
    return number
  }

  /// The member `confidence`, if there is one.
  func confidence() throws -> RecordedConfidence? {
    guard json["confidence"] != nil else { return nil }
    let temperature = try number("confidence", "temperature")
    let threshold = try number("confidence", "threshold")
    guard temperature > 0, threshold.isFinite else {
      throw wrong("confidence", "a temperature above 0 and a threshold")
    }
    return RecordedConfidence(
      temperature: temperature, expectedError: try number("confidence", "ece"),
      threshold: threshold)
  }

  func array(_ key: String) throws -> [JSONValue] {
    guard let array = json[key]?.array else { throw wrong(key, "an array") }
    return array
  }

  func confusion() throws -> ConfusionMatrix {
    let labels = try array("classes").map { $0["label"]?.string }
    guard !labels.contains(nil), (1...ClassTable.mostClasses).contains(labels.count) else {
      throw wrong("classes", "1 to \(grouped(ClassTable.mostClasses)) classes with labels")
    }
    var matrix = ConfusionMatrix(labels: labels.map { $0 ?? "" })
    if json["confusion"]?["pairs"] != nil { return try sparse(&matrix) }
    let rows = try array("confusion").map { $0.array?.map { $0.int ?? -1 } ?? [] }
    let isSquare =
      rows.count == labels.count
      && rows.allSatisfy { $0.count == labels.count && $0.allSatisfy(RecordBounds.images.contains) }
    guard isSquare else { throw wrong("confusion", "a row of counts for each class") }
    for (row, counts) in rows.enumerated() {
      for (column, count) in counts.enumerated() { matrix[row, column] = count }
    }
    return matrix
  }

  /// The pairs that occur, as they are written for many classes.
  private func sparse(_ matrix: inout ConfusionMatrix) throws -> ConfusionMatrix {
    for pair in json["confusion"]?["pairs"]?.array ?? [] {
      let numbers = pair.array?.map { $0.int ?? -1 } ?? []
      guard numbers.count == 3, (0..<matrix.classCount).contains(numbers[0]),
        (0..<matrix.classCount).contains(numbers[1]), RecordBounds.images.contains(numbers[2])
      else { throw wrong("confusion.pairs", "two classes and a count for each pair") }
      matrix[numbers[0], numbers[1]] = numbers[2]
    }
    return matrix
  }
}

/// A line of `predictions.csv`.
public struct RecordedPrediction: Equatable, Sendable {
  /// Where in the test files the image stands.
  public let index: Int
  public let prediction: Prediction
}

extension [RecordedPrediction] {
  /// Reads a `predictions.csv`.
  ///
  /// - Parameters:
  ///   - classCount: classes must be below it.
  ///   - check: the CRC-32 of the file, if it is known.
  /// - Throws: ``FileError`` and ``RecordError``.
  public init(csvFile path: String, classCount: Int, check: String? = nil) throws {
    let table = try NumberTable(path: path)
    guard check == nil || check == table.check else {
      throw RecordError.damaged(path: path, by: "evaluation.json")
    }
    let columns = try ["index", "true", "predicted", "probability", "margin"].map(table.column)
    // Of networks that tell how far they are to be believed.
    let (tempered, score) = (try? table.column("tempered"), try? table.column("score"))
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
            trueClass: UInt16(wholes[1]), predictedClass: UInt16(wholes[2]),
            probability: row[columns[3]], margin: row[columns[4]],
            tempered: tempered.map { row[$0] }, score: score.map { row[$0] })))
    }
  }
}
