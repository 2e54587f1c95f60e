import Configuration
import Datasets
import Metrics
import Support
import Tensor
import Training

/// The end of a sweep: the best trial's network meets the test part, which no trial saw.
///
/// Either the trial's own network is tested, or the winner's options are trained again with several
/// seeds, on training and validation images together, for as many epochs as were best.
public struct SweepWinner {
  public let trial: StudyTrial
  private let place: StudyPlace
  private let sweep: SweepFile
  private let dataset: Dataset
  private let origin: RunOrigin
  private let device: Device

  /// - Returns: `nil` if no trial finished.
  public init?(
    of record: StudyRecord, dataset: Dataset, origin: RunOrigin = RunOrigin(), device: Device
  ) {
    guard let trial = record.ranking.first else { return nil }
    self.trial = trial
    place = StudyPlace(record.directory)
    sweep = record.sweep
    self.dataset = dataset
    (self.origin, self.device) = (origin, device)
  }

  /// Trains what is not trained yet and tests it.
  ///
  /// - Parameters:
  ///   - isTimeUp: whether no more training may begin.
  ///   - note: is told before each training, and if there is no more time for one.
  /// - Returns: `nil` if another process is at it, a signal came, the time is up, or there is no test
  ///   part.
  public func run(
    isTimeUp: () -> Bool = { false }, _ note: (String) -> Void
  ) throws -> SweepResult? {
    guard let part = dataset.test, let lock = DirectoryLock(place.trials) else { return nil }
    return try withExtendedLifetime(lock) {
      try SweepResult.checkFormat(of: place.winner)
      let wanted = refitCount
      var result = SweepResult(
        trial: trial.number, tests: [], images: Selection(part).digest)
      if let earlier = SweepResult(reading: place.winner) { takeOver(earlier, wanted, &result) }
      while result.tests.count < max(1, wanted) {
        let number = result.tests.count + 1
        guard wanted == 0 || !isTimeUp() else {
          note(
            "max_time is over before training \(number) of \(wanted) of the winner; the same "
              + "command does it")
          return nil
        }
        if wanted > 0 { note("training the winner again, \(number) of \(wanted)") }
        guard let test = try wanted > 0 ? refit(number) : test(of: place.trial(trial.number)) else {
          return nil
        }
        result.tests.append(test)
        try result.write(to: place.winner)
      }
      return result
    }
  }

  /// The tests of an earlier end that are still good: of the same trial and images, and of networks
  /// that this end would have as well.
  private func takeOver(_ earlier: SweepResult, _ wanted: Int, _ result: inout SweepResult) {
    guard earlier.trial == trial.number, earlier.images == nil || earlier.images == result.images
    else { return }
    let runs = wanted > 0 ? (1...wanted).map(place.refit) : [place.trial(trial.number)]
    result.tests = zip(earlier.tests, runs).prefix { test, run in
      test.run.split(separator: "/").last == run.split(separator: "/").last
    }.map(\.0)
  }

  /// A trial of several trainings has no network of its own to test.
  private var refitCount: Int {
    let own = try? sweep.options(of: trial.point).configuration.series
    let isOneTraining =
      sweep.settings.folds == nil && sweep.settings.repeats == 1 && own?.count ?? 1 == 1
    return max(sweep.settings.refit, isOneTraining ? 0 : 1)
  }

  private func test(of path: String) throws -> SweepResult.Test? {
    guard let test = dataset.test else { return nil }
    let run = RunDirectory(path: path)
    let options = try sweep.options(of: trial.point).configuration
    let images = Selection(test)
    do {
      let result = try RunTester(run: run, checkpointPath: run.best, device: device).test(
        options.limitTest.map { images.limited(to: $0, seed: options.imageSeed) } ?? images,
        dataset: dataset)
      try result.write(to: run)
      return SweepResult.Test(result, of: run)
    } catch is WorkInterrupted {
      return nil
    }
  }

  private func refit(_ number: Int) throws -> SweepResult.Test? {
    let options = try sweep.options(of: trial.point)
    let refit = options.refitting(bestEpoch: bestEpoch).placing(
      run: place.refit(number), seedOffset: UInt64(number - 1), force: true)
    let session = try TrainingSession(
      refit.naming(dataset), dataset: dataset,
      description: modelDescription(for: refit.configuration), origin: origin, device: device)
    let nobody = Unwatched()
    // A session does not keep its observer.
    _ = try withExtendedLifetime(nobody) { try session.train(nobody) }
    return try session.test().map { SweepResult.Test($0, of: session.run) }
  }

  /// The epoch of the trial's best report, from 1; `nil` if its reports are no epochs.
  private var bestEpoch: Int? {
    trial.reports.firstIndex { $0 == trial.value }.map { $0 + 1 }
  }
}

/// Nobody watches.
private final class Unwatched: TrainingObserver {
  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {}
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) {}
}

/// What the winner of a sweep came to on the test part.
public struct SweepResult: Equatable, Sendable {
  /// One network's test.
  public struct Test: Equatable, Sendable {
    public let run: String
    public let count: Int
    public let loss: Double
    public let accuracy: Double

    init(_ result: TestResult, of run: RunDirectory) {
      self.run = run.path
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
  /// What tells the test part from others; `nil` in results that do not say.
  let images: String?

  init(trial: Int, tests: [Test], images: String? = nil) {
    self.trial = trial
    self.tests = tests
    self.images = images
  }

  /// - Throws: ``FormatVersion`` for a file that must not be written over.
  static func checkFormat(of path: String) throws {
    let json = try? JSONValue(parsing: readFile(path, as: .text), path: path)
    try FormatVersion.check(json?["schema"]?.int, of: path)
  }

  /// `nil` if there is no such file, or none that ``write(to:)`` wrote.
  public init?(reading path: String) {
    guard let json = try? JSONValue(parsing: readFile(path, as: .text), path: path).object,
      let trial = json["trial"]?.int, let tests = json["tests"]?.array
    else { return nil }
    self.trial = trial
    self.tests = tests.compactMap { $0.object.flatMap(Test.init) }
    images = json["images_sha256"]?.string
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
    object["images_sha256"] = images.map { .string($0) }
    object.set("mean_accuracy", number: accuracy.mean)
    if tests.count > 1 { object.set("standard_deviation", number: accuracy.standardDeviation) }
    return object
  }

  func write(to path: String) throws {
    try AtomicFile.write(text: JSONValue.object(json).text(pretty: true), to: path)
  }
}
