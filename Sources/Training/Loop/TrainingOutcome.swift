import Datasets
import NN
import Support

/// What a training came to, for the table at its end and for `train --json`.
public struct TrainingOutcome: Sendable {
  public let run: String
  public let model: String
  public let dataset: String
  public let parameters: Int
  public let stopped: StopReason
  public let history: [EpochRecord]
  /// Counted from 1; 0 if no epoch ended.
  public let bestEpoch: Int
  /// Of training steps, without validation.
  public let trainSeconds: Double
  public let imagesPerSecond: Double
  /// The best epoch's result on the test part, if there is one.
  public let test: TestResult?

  /// What a session came to.
  public init(_ session: TrainingSession, stopped: StopReason, test: TestResult?) {
    let trainer = session.trainer
    run = session.run.path
    model = session.model.description.name
    dataset = session.dataset.name
    parameters = session.model.parameterCount
    self.stopped = stopped
    history = trainer.history
    bestEpoch = trainer.bestEpoch
    trainSeconds = trainer.trainingSeconds
    imagesPerSecond = Double(trainer.trainedImages) / trainer.trainingSeconds
    self.test = test
  }

  /// The best epoch's record.
  public var best: EpochRecord? { history.first { $0.epoch == bestEpoch } }

  /// The object of `train --json`.
  public var json: JSONObject {
    var object: JSONObject = [
      "schema": 1, "run": .string(run), "epochs_run": .integer(history.count),
      "best_epoch": .integer(bestEpoch), "stopped": .string(stopped.rawValue),
    ]
    object.set("train_seconds", number: trainSeconds)
    object.set("images_per_second", number: imagesPerSecond)
    object["parameters"] = .integer(parameters)
    object["history"] = .array(history.map { .object($0.json) })
    object["test"] = test.map { .object($0.json(includingMatrix: false)) } ?? .null
    return object
  }
}
