import Interchange
import Support

/// What one epoch came to.
public struct EpochRecord: Sendable, Equatable {
  /// Counted from 1.
  public let epoch: Int
  /// Of the whole epoch, validation included.
  public let seconds: Double
  /// Of training.
  public let imagesPerSecond: Double
  /// The learning rate of the epoch's last step.
  public let learningRate: Double
  /// Means over the epoch's batches, dropout and all.
  public let trainLoss: Double
  public let trainAccuracy: Double
  /// On the validation part, if there is one.
  public let validationLoss: Double?
  public let validationAccuracy: Double?

  public init(
    epoch: Int, seconds: Double, imagesPerSecond: Double, learningRate: Double, trainLoss: Double,
    trainAccuracy: Double, validationLoss: Double?, validationAccuracy: Double?
  ) {
    self.epoch = epoch
    self.seconds = seconds
    self.imagesPerSecond = imagesPerSecond
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }

  /// The record as `train --json` has it.
  public var json: JSONObject {
    var object: JSONObject = ["epoch": .integer(epoch)]
    object.set("seconds", number: seconds)
    object.set("images_per_second", number: imagesPerSecond)
    object.set("lr", number: learningRate)
    object.set("train_loss", number: trainLoss)
    object.set("train_accuracy", number: trainAccuracy)
    guard let validationLoss, let validationAccuracy else { return object }
    object.set("val_loss", number: validationLoss)
    object.set("val_accuracy", number: validationAccuracy)
    return object
  }
}

extension [EpochRecord] {
  /// `history.csv`: one row an epoch; the validation columns are empty without a validation part.
  public var csvText: String {
    let header =
      "epoch,seconds,images_per_second,lr,train_loss,train_accuracy,val_loss,val_accuracy\n"
    return reduce(into: header) { text, record in
      text += "\(record.epoch),\(fixed(record.seconds, 3)),\(fixed(record.imagesPerSecond, 1)),"
      text += "\(record.learningRate),\(record.trainLoss),\(record.trainAccuracy),"
      text += record.validationLoss.map { "\($0)" } ?? ""
      text += ","
      text += record.validationAccuracy.map { "\($0)" } ?? ""
      text += "\n"
    }
  }
}

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

extension [EpochRecord] {
  /// The CRC-32 of all but the times, so that checkpoints of the same training are the same bytes.
  var check: String {
    let rows = map { record in
      "\(record.epoch),\(record.learningRate),\(record.trainLoss),\(record.trainAccuracy),"
        + "\(record.validationLoss ?? .nan),\(record.validationAccuracy ?? .nan)\n"
    }
    return CRC32.digits(rows.joined())
  }
}

/// What one training step came to.
public struct StepRecord: Sendable, Equatable {
  /// Counted from 1.
  public let step: Int
  public let learningRate: Double
  /// The batch's means, dropout and all, before the step changed the weights.
  public let loss: Double
  public let accuracy: Double
}

extension [StepRecord] {
  /// `steps.csv`: one row a step, every number with all its digits.
  var csvText: String {
    reduce(into: "step,lr,loss,accuracy\n") { text, record in
      text += "\(record.step),\(record.learningRate),\(record.loss),\(record.accuracy)\n"
    }
  }
}

extension [StepRecord] {
  /// The CRC-32 of the first rows, all digits of them.
  func check(upTo count: Int) -> String { CRC32.digits(Array(prefix(count)).csvText) }

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
