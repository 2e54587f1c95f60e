import Configuration
import Datasets
import Interchange
import Support
import Tensor

extension TrainingSession {
  /// Writes down what the training is made from, before it begins or goes on.
  func beginManifest() throws {
    var manifest = try Manifest.begun(.run, at: run.manifest)
    manifest.begin(origin, on: (device.level, device.threadCount))
    manifest.set(configuration)
    manifest.set(dataset)
    manifest.set("training", training, digest: parts.trainingImages)
    manifest.set("validation", validation, digest: parts.validationImages)
    manifest.set("test", testSelection)
    manifest.set("result", nil)
    try manifest.write(to: run.manifest)
  }

  /// Writes down what came of it.
  func endManifest(_ reason: StopReason) throws {
    guard var manifest = try? Manifest(reading: run.manifest) else { return }
    manifest.end(reason.rawValue)
    manifest.set("result", .object(try result(reason)))
    try manifest.write(to: run.manifest)
  }

  /// Writes down that the training ended with an error of its own; what came of it is not a result.
  func noteEnd(_ reason: String, of error: any Error) throws {
    guard error is TrainingError, var manifest = try? Manifest(reading: run.manifest) else {
      return
    }
    manifest.end(reason)
    try manifest.write(to: run.manifest)
  }

  /// Makes up for what an end of the process between the last files left out.
  func completeManifest(_ reason: StopReason) throws {
    guard let manifest = try? Manifest(reading: run.manifest) else { return }
    let (result, test) = (manifest["result"], try recordedTest)
    let isWhole = test == nil || result?["predictions_sha256"] != nil
    guard result?["last_sha256"] == nil || !isWhole else { return }
    try endManifest(reason)
    guard let test else { return }
    try noteTest(loss: test["loss"]?.double ?? .nan, accuracy: test["accuracy"]?.double ?? .nan)
  }

  /// Adds what the test came to.
  func noteTest(loss: Double, accuracy: Double) throws {
    guard var manifest = try? Manifest(reading: run.manifest) else { return }
    var results = manifest["result"]?.object ?? JSONObject()
    results.set("test_loss", number: loss)
    results.set("test_accuracy", number: accuracy)
    results["predictions_sha256"] = .string(
      try Digest.hexadecimal(.sha256, ofFile: run.predictions))
    manifest.set("result", .object(results))
    try manifest.write(to: run.manifest)
  }

  private func result(_ reason: StopReason) throws -> JSONObject {
    let rows = trainer.history.map { $0.withoutTimes }
    return [
      "stopped": .string(reason.rawValue), "epochs": .integer(trainer.history.count),
      "best_epoch": .integer(trainer.bestEpoch),
      "history_sha256": .string(SHA256.hexadecimal(text: rows.csvText)),
      "best_sha256": .string(try SafetensorsFile.read(path: run.best).digest),
      "last_sha256": .string(try SafetensorsFile.read(path: run.last).digest),
    ]
  }
}

extension EpochRecord {
  /// What no clock decides.
  fileprivate var withoutTimes: EpochRecord {
    EpochRecord(
      epoch: epoch, seconds: 0, imagesPerSecond: 0, learningRate: learningRate,
      trainLoss: trainLoss, trainAccuracy: trainAccuracy, validationLoss: validationLoss,
      validationAccuracy: validationAccuracy)
  }
}

extension SafetensorsFile {
  /// The SHA-256 of names, shapes and bytes of all tensors, in the file's order; metadata, as names
  /// of programs, are left out.
  fileprivate var digest: String {
    var digest = Digest(.sha256)
    for tensor in tensors {
      digest.update(Array("\(tensor.name) \(tensor.dtype.rawValue) \(tensor.shape)\n".utf8))
      digest.update(tensor.bytes)
    }
    return digest.hexadecimal
  }
}
