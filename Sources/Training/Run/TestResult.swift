import Metrics
import Support

/// What a test came to.
public struct TestResult: Sendable {
  public let evaluation: Evaluation
  public let run: String
  public let checkpoint: String
  public let dataset: String
  public var part = RunPart.test
  /// Where in the part's files the samples stand.
  public let indices: [Int]
  public let seconds: Double
  /// What the model says on the same samples if it also looks at them shifted.
  public var shifted: ShiftedResult?

  /// The object of `eval --json`.
  public func json(includingMatrix: Bool = true) -> JSONObject {
    var object = evaluation.json(
      run: run, checkpoint: checkpoint, dataset: dataset, part: part.rawValue, indices: indices,
      seconds: seconds, includingMatrix: includingMatrix)
    if let shifted { object["tta"] = .object(shifted.json) }
    return object
  }

  /// Writes `evaluation.json`, `confusion.csv` and `predictions.csv`; with shifts also
  /// `tta-confusion.csv` and `tta-predictions.csv`.
  public func write(to run: RunDirectory) throws {
    try AtomicFile.write(text: JSONValue.object(json()).text(pretty: true), to: run.evaluation)
    try AtomicFile.write(text: evaluation.confusion.csvText, to: run.confusion)
    try AtomicFile.write(
      text: evaluation.predictions.csvText(indices: indices), to: run.predictions)
    guard let shifted = shifted?.evaluation else { return }
    try AtomicFile.write(text: shifted.confusion.csvText, to: run.path + "/tta-confusion.csv")
    try AtomicFile.write(
      text: shifted.predictions.csvText(indices: indices), to: run.path + "/tta-predictions.csv")
  }
}

/// What a model says that judges an image by the mean of its probabilities for the image and for
/// shifted ones: test-time augmentation.
public struct ShiftedResult: Sendable {
  public let evaluation: Evaluation
  /// The images that each probability is the mean over, with the one as it is.
  public let views: Int
  public let seconds: Double

  /// The member `tta` of `eval --json`.
  var json: JSONObject {
    let confusion = evaluation.confusion
    var object: JSONObject = ["kind": "shifts", "views": .integer(views)]
    object.set("loss", number: evaluation.loss)
    object.set("accuracy", number: evaluation.accuracy)
    let interval = confusion.interval95
    object["interval95"] = [.number(interval.lower), .number(interval.upper)]
    object.set("macro_f1", number: confusion.macro.f1)
    object.set("kappa", number: confusion.kappa)
    object.set("mcc", number: confusion.matthewsCorrelation)
    object.set("top_3", number: evaluation.top3)
    object.set("top_5", number: evaluation.top5)
    object.set("ece", number: evaluation.calibration.expectedError)
    object.set("seconds", number: seconds)
    return object
  }
}
