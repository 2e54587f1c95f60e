import Configuration
import Datasets
import Metrics
import Support

/// What one fold of a cross-validation came to.
public struct FoldRecord: Sendable {
  /// Counted from 1.
  public let number: Int
  public let run: String
  public let trainingImages: Int
  public let validationImages: Int
  public let stopped: StopReason
  public let trainSeconds: Double
  public let epochs: Int
  /// The epoch that `--monitor` chose on the fold's own validation part, so that its numbers are a
  /// little too good, and the last one, which nothing chose.
  public let best: EpochRecord
  public let last: EpochRecord

  init(number: Int, _ session: TrainingSession, stopped: StopReason) {
    let trainer = session.trainer
    guard let last = trainer.history.last else { preconditionFailure("a fold without an epoch") }
    self.number = number
    self.stopped = stopped
    self.last = last
    run = session.run.path
    trainingImages = session.training.count
    validationImages = session.validation?.count ?? 0
    trainSeconds = trainer.trainingSeconds
    epochs = trainer.history.count
    best = trainer.history.first { $0.epoch == trainer.bestEpoch } ?? last
  }

  var json: JSONObject {
    var object: JSONObject = [
      "fold": .integer(number), "run": .string(run), "training_images": .integer(trainingImages),
      "validation_images": .integer(validationImages), "epochs_run": .integer(epochs),
      "best_epoch": .integer(best.epoch), "stopped": .string(stopped.rawValue),
    ]
    object.set("train_seconds", number: trainSeconds)
    object.set("train_loss", number: best.trainLoss)
    object.set("train_accuracy", number: best.trainAccuracy)
    object.set("val_loss", number: best.validationLoss ?? .nan)
    object.set("val_accuracy", number: best.validationAccuracy ?? .nan)
    object.set("last_val_loss", number: last.validationLoss ?? .nan)
    object.set("last_val_accuracy", number: last.validationAccuracy ?? .nan)
    return object
  }
}

extension [FoldRecord] {
  /// `folds.csv`: one row a fold, every number with all its digits.
  var csvText: String {
    let header =
      "fold,training_images,validation_images,epochs_run,best_epoch,train_loss,train_accuracy,"
      + "val_loss,val_accuracy,last_val_loss,last_val_accuracy\n"
    return reduce(into: header) { text, fold in
      let (best, last) = (fold.best, fold.last)
      text += "\(fold.number),\(fold.trainingImages),\(fold.validationImages),\(fold.epochs),"
      text += "\(best.epoch),\(best.trainLoss),\(best.trainAccuracy),"
      let numbers = [
        best.validationLoss, best.validationAccuracy, last.validationLoss, last.validationAccuracy,
      ]
      text += numbers.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
    }
  }
}

/// What a cross-validation came to.
public struct CrossValidationOutcome: Sendable {
  /// The directory of the folds.
  public let run: String
  public let model: String
  public let dataset: String
  /// By which rule each fold's best epoch is the best.
  public let rule: BestEpochRule
  /// The folds that were asked for.
  public let foldCount: Int
  /// Those that are finished; at least one.
  public let folds: [FoldRecord]

  /// Of the folds' validation losses and accuracies, each at its best epoch.
  public var loss: MeanEstimate { MeanEstimate(folds.map { $0.best.validationLoss ?? .nan }) }
  public var accuracy: MeanEstimate {
    MeanEstimate(folds.map { $0.best.validationAccuracy ?? .nan })
  }

  /// The object of `train --folds --json` and of `folds.json`.
  public var json: JSONObject {
    func both(_ value: (MeanEstimate) -> Double) -> JSONValue {
      var object = JSONObject()
      object.set("val_loss", number: value(loss))
      object.set("val_accuracy", number: value(accuracy))
      return .object(object)
    }
    func interval(_ estimate: MeanEstimate) -> JSONValue {
      guard estimate.margin95.isFinite else { return .null }
      return [.number(estimate.interval95.lower), .number(estimate.interval95.upper)]
    }
    return [
      "schema": 1, "run": .string(run), "model": .string(model), "dataset": .string(dataset),
      "fold_count": .integer(foldCount), "folds": .array(folds.map { .object($0.json) }),
      "mean": both(\.mean), "standard_deviation": both(\.standardDeviation),
      "interval95": ["val_loss": interval(loss), "val_accuracy": interval(accuracy)],
    ]
  }
}
