import Metrics
import Support
import Training

/// What the winner of a sweep came to on the test part.
public struct SweepResult: Equatable, Sendable {
  /// One network's test.
  public struct Test: Equatable, Sendable {
    public let run: String
    public let count: Int
    public let loss: Double
    public let accuracy: Double

    init(_ result: TestResult) {
      run = result.run
      count = result.evaluation.count
      loss = result.evaluation.loss
      accuracy = result.evaluation.accuracy
    }

    init?(_ json: JSONObject) {
      guard let run = json["run"]?.string, let count = json["count"]?.int,
        RecordBounds.images.contains(count),
        let loss = json["loss"]?.double, let accuracy = json["accuracy"]?.double
      else { return nil }
      (self.run, self.count, self.loss, self.accuracy) = (run, count, loss, accuracy)
    }

    var json: JSONObject {
      var object: JSONObject = ["run": .string(run), "count": .integer(count)]
      object.set("loss", number: loss)
      object.set("accuracy", number: accuracy)
      return object
    }
  }

  public let trial: Int
  /// One a seed; the trial's own network if there is no refit.
  public internal(set) var tests: [Test]

  init(trial: Int, tests: [Test]) {
    self.trial = trial
    self.tests = tests
  }

  /// `nil` if there is no such file, or none that ``write(to:)`` wrote.
  public init?(reading path: String) {
    guard let json = try? JSONValue(parsing: readFile(path, as: .text), path: path).object,
      let trial = json["trial"]?.int, let tests = json["tests"]?.array
    else { return nil }
    self.trial = trial
    self.tests = tests.compactMap { $0.object.flatMap(Test.init) }
  }

  /// Of the test accuracies.
  public var accuracy: MeanEstimate { MeanEstimate(tests.map(\.accuracy)) }

  /// What holds the accuracy with 95 % probability: of the mean over several seeds, or of a single
  /// network by its images. All of 0 to 1 without a test.
  public var interval95: (lower: Double, upper: Double) {
    guard tests.count < 2 else {
      let (lower, upper) = accuracy.interval95
      return (max(0, lower), min(1, upper))
    }
    return wilsonInterval95(accuracy: tests.first?.accuracy ?? 0, count: tests.first?.count ?? 0)
  }

  /// The object of `winner.json`.
  public var json: JSONObject {
    var object: JSONObject = [
      "schema": 1, "trial": .integer(trial), "tests": .array(tests.map { .object($0.json) }),
    ]
    object.set("mean_accuracy", number: accuracy.mean)
    if tests.count > 1 { object.set("standard_deviation", number: accuracy.standardDeviation) }
    return object
  }

  func write(to path: String) throws {
    try AtomicFile.write(text: JSONValue.object(json).text(pretty: true), to: path)
  }
}
