import Configuration
import Datasets
import Metrics
import Support

/// What one of several trainings came to.
public struct SeriesRecord: Sendable {
  /// Counted from 1.
  public let number: Int
  public let run: String
  public let seed: UInt64
  public let trainingImages: Int
  public let validationImages: Int
  public let stopped: StopReason
  public let trainSeconds: Double
  public let epochs: Int
  /// The epoch that `--monitor` chose on the training's own validation part, so that its numbers are
  /// a little too good, and the last one, which nothing chose.
  public let best: EpochRecord
  public let last: EpochRecord
  /// The best epoch's on the test part; `nil` if it was not tested.
  public let test: (loss: Double, accuracy: Double)?

  init(number: Int, _ session: TrainingSession, stopped: StopReason) throws {
    let trainer = session.trainer
    guard let last = trainer.history.last else { preconditionFailure("a run without an epoch") }
    self.number = number
    self.stopped = stopped
    self.last = last
    run = session.run.path
    seed = session.configuration.configuration.seed
    trainingImages = session.training.count
    validationImages = session.validation?.count ?? 0
    trainSeconds = trainer.trainingSeconds
    epochs = trainer.history.count
    best = trainer.history.first { $0.epoch == trainer.bestEpoch } ?? last
    test = try session.recordedTest.map {
      ($0["loss"]?.double ?? .nan, $0["accuracy"]?.double ?? .nan)
    }
  }

  func json(of kind: SeriesKind) -> JSONObject {
    var object: JSONObject = [kind.member: .integer(number), "run": .string(run)]
    if kind == .repeats { object["seed"] = ValueKind<UInt64>.seed.json(seed) }
    object["training_images"] = .integer(trainingImages)
    object["validation_images"] = .integer(validationImages)
    object["epochs_run"] = .integer(epochs)
    object["best_epoch"] = .integer(best.epoch)
    object["stopped"] = .string(stopped.rawValue)
    object.set("train_seconds", number: trainSeconds)
    object.set("train_loss", number: best.trainLoss)
    object.set("train_accuracy", number: best.trainAccuracy)
    object.set("val_loss", number: best.validationLoss ?? .nan)
    object.set("val_accuracy", number: best.validationAccuracy ?? .nan)
    object.set("last_val_loss", number: last.validationLoss ?? .nan)
    object.set("last_val_accuracy", number: last.validationAccuracy ?? .nan)
    guard kind == .repeats else { return object }
    object.set("test_loss", number: test?.loss ?? .nan)
    object.set("test_accuracy", number: test?.accuracy ?? .nan)
    return object
  }

  /// A row of the table, every number with all its digits.
  func csvText(of kind: SeriesKind) -> String {
    let counts =
      kind == .folds ? [trainingImages, validationImages].map(String.init) : ["\(seed)"]
    let epochs = ["\(epochs)", "\(best.epoch)", "\(best.trainLoss)", "\(best.trainAccuracy)"]
    let validation = [
      best.validationLoss, best.validationAccuracy, last.validationLoss, last.validationAccuracy,
    ]
    let tests = kind == .folds ? [] : [test?.loss, test?.accuracy]
    let numbers = (validation + tests).map { $0.map { "\($0)" } ?? "" }
    return (["\(number)"] + counts + epochs + numbers).joined(separator: ",") + "\n"
  }
}

/// What several trainings came to together.
public struct SeriesOutcome: Sendable {
  public let kind: SeriesKind
  /// The directory of the runs.
  public let run: String
  public let model: String
  public let dataset: String
  /// By which rule each one's best epoch is the best.
  public let rule: BestEpochRule
  /// How many were asked for.
  public let count: Int
  /// Those that are finished; at least one.
  public let records: [SeriesRecord]

  /// Of the validation losses and accuracies, each at its best epoch; not a number without a
  /// validation part.
  public var loss: MeanEstimate { MeanEstimate(records.map { $0.best.validationLoss ?? .nan }) }
  public var accuracy: MeanEstimate {
    MeanEstimate(records.map { $0.best.validationAccuracy ?? .nan })
  }

  /// Of the test losses and accuracies; not a number if one was not tested.
  public var testLoss: MeanEstimate { MeanEstimate(records.map { $0.test?.loss ?? .nan }) }
  public var testAccuracy: MeanEstimate { MeanEstimate(records.map { $0.test?.accuracy ?? .nan }) }

  /// What is estimated, by the names of files.
  private var estimates: [(name: String, estimate: MeanEstimate)] {
    [("val_loss", loss), ("val_accuracy", accuracy)]
      + (kind == .folds ? [] : [("test_loss", testLoss), ("test_accuracy", testAccuracy)])
  }

  /// The object of `train --folds --json` and of `folds.json`, or of `train --repeats --json` and of
  /// `repeats.json`. An interval of accuracies ends at 0 and 1.
  public var json: JSONObject {
    func all(_ value: (MeanEstimate) -> Double) -> JSONValue {
      var object = JSONObject()
      for (name, estimate) in estimates { object.set(name, number: value(estimate)) }
      return .object(object)
    }
    let intervals = estimates.map { name, estimate -> (String, JSONValue) in
      guard estimate.margin95.isFinite else { return (name, .null) }
      let (lower, upper) = estimate.interval95
      let isShare = name.hasSuffix("accuracy")
      return (name, [.number(max(0, lower)), .number(isShare ? min(1, upper) : upper)])
    }
    return [
      "schema": 1, "run": .string(run), "model": .string(model), "dataset": .string(dataset),
      "\(kind.member)_count": .integer(count),
      kind.rawValue: .array(records.map { .object($0.json(of: kind)) }),
      "mean": all(\.mean), "standard_deviation": all(\.standardDeviation),
      "interval95": .object(JSONObject(intervals)),
    ]
  }

  /// `folds.csv` or `repeats.csv`: one row a training.
  var csvText: String {
    let counts = kind == .folds ? "training_images,validation_images" : "seed"
    let tests = kind == .folds ? "" : ",test_loss,test_accuracy"
    let header =
      "\(kind.member),\(counts),epochs_run,best_epoch,train_loss,train_accuracy,"
      + "val_loss,val_accuracy,last_val_loss,last_val_accuracy\(tests)\n"
    return records.reduce(into: header) { $0 += $1.csvText(of: kind) }
  }
}
