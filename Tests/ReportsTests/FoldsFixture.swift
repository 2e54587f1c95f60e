import Support

@testable import Analysis
@testable import Training

/// The directory of a cross-validation, made without training.
struct FoldsFixture {
  /// On each fold's validation part, in all epochs.
  var accuracies: [Double]
  /// Of so many folds the summary tells; `nil`: there is no summary.
  var finished: Int?
  /// What tells the images that are divided from others.
  var images = "a"
  var options: JSONObject = [:]

  func write(to path: String) throws -> FoldsRecord {
    let directory = RunDirectory(path: path)
    let folds = try accuracies.enumerated().map { try write($1, fold: $0 + 1, into: path) }
    if let finished {
      let entries = (1...finished).map { JSONValue.object(["fold": .integer($0)]) }
      try AtomicFile.write(
        text: JSONValue.object(["folds": .array(entries)]).text(),
        to: directory.summary(of: .folds))
    }
    return FoldsRecord(directory, folds: folds)
  }

  private func write(_ accuracy: Double, fold: Int, into path: String) throws -> RunRecord {
    var fixture = RunFixture()
    fixture.isTested = false
    fixture.history = RunFixture.history(3).map { record in
      EpochRecord(
        epoch: record.epoch, seconds: 2, imagesPerSecond: 10, learningRate: 0.1, trainLoss: 1,
        trainAccuracy: 0.5, validationLoss: 0.5, validationAccuracy: accuracy)
    }
    let place = "\(path)/fold-\(fold)"
    try makeDirectories(place)
    let run = try fixture.write(to: place).run
    var config: JSONObject = ["model": "m", "folds": .integer(accuracies.count)]
    for (key, value) in options { config[key] = value }
    try AtomicFile.write(text: JSONValue.object(config).text(), to: run.config)
    let parts: JSONValue = [
      "training": ["count": 2400, "sha256": .string("\(images)-training-\(fold)")],
      "validation": ["count": 600, "sha256": .string("\(images)-validation-\(fold)")],
    ]
    let manifest: JSONValue = ["schema": 1, "kind": "run", "sessions": [], "parts": parts]
    try AtomicFile.write(text: manifest.text(), to: run.manifest)
    return try RunRecord(reading: run)
  }
}
