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
