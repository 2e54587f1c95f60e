import NN
import Datasets
import Foundation
import Support
import Synchronization
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Search
@testable import Studies
@testable import Training

extension StudyWorker {
  /// Of a process of this machine that has ended: no number is as large.
  fileprivate static var gone: StudyWorker {
    let host = StudyWorker(number: 0).name.prefix { $0 != "/" }
    return StudyWorker(host: String(host), process: .max, number: 0)
  }
}

@Suite struct SweepEngineTests {
  private static let search = """
    {"method": "bayes", "metric": {"name": "val_loss"},
     "parameters": {"lr": {"distribution": "log_uniform_values", "min": 0.001, "max": 0.1},
                    "optimizer": {"values": ["adam", "sgd"]}, "momentum": {"min": 0.0, "max": 0.9}},
     "early_terminate": {"type": "asha", "eta": 2},
     "emnist": {"trials": 9, "seed": 4, "round": 2,
       "base": {"model": "mlp", "hidden": [16], "batch_size": 32, "epochs": 2}}}
    """

  private func sweep(_ text: String = search) throws -> SweepFile {
    try SweepFile(JSONValue(parsing: Array(text.utf8), path: "sweep.json"), path: "sweep.json")
  }

  /// The search with a member of `emnist` changed.
  private func sweep(_ changes: (inout JSONObject) -> Void) throws -> SweepFile {
    var file = try JSONValue(parsing: Array(Self.search.utf8), path: "sweep.json").object ?? [:]
    var own = file["emnist"]?.object ?? [:]
    changes(&own)
    file["emnist"] = .object(own)
    return try SweepFile(.object(file), path: "sweep.json")
  }

  /// A study run in a directory until it is over.
  @discardableResult private func run(
    _ sweep: SweepFile, in directory: String, workers: Int = 1,
    observer: any SweepObserver = SweepWitness(), _ change: (inout SweepPlan) -> Void = { _ in }
  ) throws -> (record: StudyRecord, ending: Study.Ending?) {
    var plan = SweepPlan(sweep.settings)
    (plan.workers, plan.threads) = (workers, 1)
    change(&plan)
    let engine = SweepEngine(
      directory: directory, sweep: sweep, plan: plan, dataset: TrainingFixtures.digits,
      observer: observer)
    try engine.prepare(isFirst: true)
    let ending = try engine.run()
    return (try StudyRecord(reading: directory), ending)
  }

  /// What of a study may not depend on who did it, and when.
  private func table(_ record: StudyRecord) -> [String] {
    record.trials.map { "\($0.number) \($0.state) \($0.value ?? 0) \($0.reports) \($0.point)" }
  }

  @Test func anyNumberOfWorkersGivesTheSameTable() throws {
    var tables: [[String]] = []
    for workers in [1, 2, 3] {
      try withTemporaryDirectory { directory in
        let (record, ending) = try run(sweep(), in: directory, workers: workers)
        #expect(ending == .allTrials && record.trials.count == 9)
        #expect(record.counts.failed == 0)
        tables.append(table(record))
      }
    }
    #expect(tables[0] == tables[1] && tables[0] == tables[2])
  }

  /// As a kill leaves it between the end of a trial in the journal and the removal of its state.
  @Test func whatASettledTrialWouldGoOnFromIsRemoved() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep { $0["trials"] = 1 }
      try run(file, in: directory)
      let last = RunDirectory(path: StudyPlace(directory).trial(0)).last
      #expect(!FileSystem.exists(last))
      try AtomicFile.write(text: "x", to: last)
      try run(file, in: directory)
      #expect(!FileSystem.exists(last))
    }
  }

  @Test func aStudyGoesOnWhereItWasLeft() throws {
    try withTemporaryDirectory { directory in
      let whole = try run(sweep(), in: directory + "/whole").record
      let part = directory + "/part"
      try run(sweep { $0["trials"] = 4 }, in: part)
      // A worker that took a trial and is gone.
      let gone = try Study(directory: part, sweep: sweep(), worker: .gone)
      guard case .run = try gone.next() else { Issue.record("no trial"); return }
      let (record, _) = try run(sweep(), in: part, workers: 2)
      #expect(table(record) == table(whole))
      #expect(record.trials[4].takeovers == 1)
    }
  }

  @Test func aTrialGoesOnFromItsCheckpoint() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep { $0["trials"] = 1 }
      let whole = try run(file, in: directory + "/whole").record
      let part = directory + "/part"
      let gone = try Study(directory: part, sweep: file, worker: .gone)
      guard case .run(let trial) = try gone.next() else { Issue.record("no trial"); return }
      // It trained an epoch and could not say so any more.
      try trainAnEpoch(file.options(of: trial.point).placing(run: StudyPlace(part).trial(0)))
      let witness = SweepWitness()
      let record = try run(file, in: part, observer: witness).record
      #expect(table(record) == table(whole))
      #expect(witness.firstEpoch == 2)
      let epochs = try [EpochRecord](
        csvFile: RunDirectory(path: StudyPlace(part).trial(0)).history)
      #expect(record.trials[0].seconds ?? 0 >= epochs.reduce(0) { $0 + $1.seconds })
    }
  }

  /// A worker has been silent for long, but the lock on its directory says that it lives.
  @Test func aTrialThatSomebodyIsStillAtIsLeftToThemAndTheOthersAreDone() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep { $0["trials"] = 4 }
      let whole = try run(file, in: directory + "/whole").record
      let part = directory + "/part"
      let silent = try Study(directory: part, sweep: file, worker: .gone)
      guard case .run = try silent.next() else { Issue.record("no trial"); return }
      let trial = StudyPlace(part).trial(0)
      try makeDirectories(trial)
      let holder = LockHolder(trial, until: 3)
      let (record, ending) = try run(file, in: part, workers: 2, observer: holder)
      #expect(ending == .allTrials && holder.endedWhileHeld == [1, 2, 3])
      #expect(table(record) == table(whole))
      #expect(record.trials.map(\.takeovers) == [1, 0, 0, 0])
    }
  }

  /// A lock that is taken between the look at it and the training costs nothing either.
  @Test func aTrialWhoseDirectoryIsTakenAtTheLastMomentIsPutOff() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep { $0["trials"] = 4 }
      let whole = try run(file, in: directory + "/whole").record
      let part = directory + "/part"
      let trial = StudyPlace(part).trial(0)
      try makeDirectories(trial)
      let holder = LockHolder(trial, until: 3)
      let (record, _) = try run(file, in: part, observer: holder)
      #expect(holder.endedWhileHeld == [1, 2, 3])
      #expect(table(record) == table(whole))
      #expect(record.trials.map(\.takeovers) == [0, 0, 0, 0])
    }
  }

  private func trainAnEpoch(_ options: LayeredConfiguration) throws {
    let session = try TrainingSession(
      options.naming(TrainingFixtures.digits), dataset: TrainingFixtures.digits,
      description: modelDescription(for: options.configuration), device: Device(threads: 1))
    #expect(throws: LeavesAfterAnEpoch.Left.self) { try session.train(LeavesAfterAnEpoch()) }
  }

  @Test func noTrialBeginsAfterTheTime() throws {
    try withTemporaryDirectory { directory in
      let (record, ending) = try run(sweep(), in: directory) { $0.maxTime = 0 }
      #expect(record.trials.isEmpty && ending == nil)
    }
  }

  @Test func aTrialLeavesOutWhatItHasNoUseFor() throws {
    let file = try sweep()
    for (optimizer, expected) in [("adam", nil), ("sgd", 0.25)] {
      let point = try #require(
        SearchPoint(
          ["lr": 0.01, "optimizer": .string(optimizer), "momentum": 0.25], in: file.space))
      let options = try file.options(of: point).configuration
      #expect(options.settings[.momentum] == expected)
      #expect(options.seed == 4 && options.monitor == .valLoss && options.epochs == 2)
    }
  }

  @Test func foldsAndSeedsAreReportedOneByOne() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep {
        ($0["folds"], $0["repeats"], $0["trials"]) = (2, 2, 1)
      }
      let (record, _) = try run(file, in: directory)
      let trial = record.trials[0]
      #expect(trial.state == .finished && trial.reports.count == 4)
      #expect(trial.value == trial.reports.reduce(0, +) / 4)
      let names = try files(in: StudyPlace(directory).trial(0))
      #expect(
        names == ["fold-1-repeat-1", "fold-1-repeat-2", "fold-2-repeat-1", "fold-2-repeat-2"])
      // What the trainings would have gone on from is gone with them.
      #expect(
        try files(in: StudyPlace(directory).trial(0) + "/fold-1-repeat-1")
          == [
            "best.safetensors", "config.json", "events.out.tfevents.emnist", "history.csv",
            "manifest.json",
          ])
    }
  }

  @Test func failedTrialsHaveAReasonAndThreeInARowEndTheSweep() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep {
        $0["base"] = ["model": "cnn-2", "filters": [4], "epochs": 1, "batch_size": 32]
      }
      let (record, ending) = try run(file, in: directory)
      #expect(ending == .failures)
      #expect(record.trials.allSatisfy { $0.state == .failed })
      #expect(
        record.trials[0].reason
          == "'filters' has one number, but the model 'cnn-2' needs 2")
      #expect(record.ranking.isEmpty && record.json["best"] == .null)
    }
  }

  @Test func nothingLargerThanTheLimitIsTried() throws {
    let text = """
      {"method": "random", "parameters": {"hidden": {"values": [[8], [16], [32], [64]]}},
       "emnist": {"trials": 6, "max_parameters": 15000,
         "base": {"model": "mlp", "epochs": 1, "batch_size": 64}}}
      """
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep(text), in: directory)
      let widths = Set(record.trials.compactMap { $0.point.values[0]?.array?.first?.int })
      #expect(widths == [8, 16])
    }
  }

  /// The points of a grid that are too large are passed over, by any number of workers.
  @Test(arguments: [1, 2])
  func aGridKeepsTheLimitToo(workers: Int) throws {
    let text = """
      {"method": "grid", "parameters": {"hidden": {"values": [[64], [8], [32], [16]]}},
       "emnist": {"max_parameters": 15000, "round": 1,
         "base": {"model": "mlp", "epochs": 1, "batch_size": 64}}}
      """
    try withTemporaryDirectory { directory in
      let (record, ending) = try run(sweep(text), in: directory, workers: workers)
      #expect(record.trials.map { $0.point.values[0]?.array?.first?.int } == [8, 16])
      #expect(ending == .exhausted)
      let again = try run(sweep(text), in: directory, workers: workers)
      #expect(again.record.trials.count == 2)
    }
  }

  @Test(arguments: ["grid", "random", "bayes"])
  func nothingIsTrainedThatDoesNotFit(method: String) throws {
    let text = """
      {"method": "\(method)", "parameters": {"hidden": {"values": [[8], [16]]}},
       "metric": {"name": "val_loss"},
       "emnist": {"trials": 2, "max_macs": 10, "base": {"model": "mlp", "epochs": 1}}}
      """
    try withTemporaryDirectory { directory in
      let (record, ending) = try run(sweep(text), in: directory)
      #expect(record.trials.isEmpty && ending == .nothingFits)
    }
    #expect(
      SweepError.nothingFits(path: "S").description
        == "S: no network of the parameters' values is within max_parameters and max_macs")
  }

  @Test func noTrainingOfTheWinnerBeginsAfterTheTime() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { ($0["trials"], $0["refit"]) = (2, 2) }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      var notes: [String] = []
      var calls = 0
      let result = try winner.run {
        calls += 1
        return calls > 1
      } _: {
        notes.append($0)
      }
      #expect(result == nil && calls == 2)
      #expect(
        notes == [
          "training the winner again, 1 of 2",
          "max_time is over before training 2 of 2 of the winner; the same command does it",
        ])
      #expect(try winner.run { _ in }?.tests.count == 2)
    }
  }

  @Test func threadsOfAllWorkersAreBounded() throws {
    var plan = SweepPlan(try sweep().settings)
    (plan.workers, plan.threads) = (256, 256)
    #expect(
      message { try plan.checkThreads() }
        == "256 workers of 256 threads are 65,536 threads; at most 1,024 are possible, choose fewer"
    )
    (plan.workers, plan.threads) = (4, 256)
    #expect(message { try plan.checkThreads() } == "no error, but ()")
  }

  @Test func theWinnerAloneMeetsTheTestPart() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { $0["trials"] = 3 }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      let result = try #require(try winner.run { _ in })
      #expect(result.trial == record.ranking[0].number && result.tests.count == 1)
      for trial in record.trials {
        let run = RunDirectory(path: StudyPlace(directory).trial(trial.number))
        #expect((access(run.evaluation, F_OK) == 0) == (trial.number == result.trial))
      }
      #expect(try StudyRecord(reading: directory).result == result)
      #expect(try winner.run { _ in Issue.record("trained again") } == result)
    }
  }

  @Test func theWinnerIsTrainedAgainWithSeveralSeedsOnAllImages() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(
        sweep {
          ($0["trials"], $0["refit"]) = (2, 3)
        }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      let result = try #require(try winner.run { _ in })
      #expect(result.tests.map(\.run) == (1...3).map { "\(directory)/winner-\($0)" })
      let seeds = try result.tests.map { test in
        try JSONValue(parsing: readFile(test.run + "/config.json"), path: "")["seed"]?.int
      }
      #expect(seeds == [4, 5, 6])
      #expect(Set(result.tests.map(\.loss)).count == 3)
      #expect(try text(of: result.tests[0].run + "/history.csv").hasSuffix(",,\n"))
    }
  }

  /// A trial's own network and networks that are trained again are no one sample.
  @Test func anotherRefitBeginsItsTestsAnew() throws {
    try withTemporaryDirectory { directory in
      func result(_ refit: Int, on dataset: Dataset = TrainingFixtures.digits) throws -> SweepResult
      {
        let (record, _) = try run(
          sweep {
            ($0["trials"], $0["refit"]) = (2, .integer(refit))
          }, in: directory)
        let winner = try #require(
          SweepWinner(of: record, dataset: dataset, device: Device(threads: 1)))
        return try #require(try winner.run { _ in })
      }
      #expect(try result(0).tests.count == 1)
      let three = try result(3)
      #expect(three.tests.map(\.run) == (1...3).map { "\(directory)/winner-\($0)" })
      let two = try result(2)
      #expect(two.tests == Array(three.tests.prefix(2)))
      #expect(try result(0).tests.count == 1)
      let digits = TrainingFixtures.digits
      let other = Dataset(
        name: digits.name, classes: digits.classes, train: digits.train, test: digits.train)
      #expect(try result(0, on: other).tests.map(\.count) == [160])
    }
  }

  @Test func aStudyStaysWithItsImages() throws {
    try withTemporaryDirectory { directory in
      try run(sweep { $0["trials"] = 1 }, in: directory)
      let engine = SweepEngine(
        directory: directory, sweep: try sweep { $0["trials"] = 2 },
        plan: SweepPlan(try sweep().settings), dataset: TrainingFixtures.senseless,
        observer: SweepWitness())
      #expect(throws: JournalError.otherData(path: directory + "/journal.jsonl")) {
        try engine.prepare(isFirst: true)
      }
      let manifest = try Manifest(reading: StudyPlace(directory).manifest)
      #expect(manifest.kind == .study && manifest.sessions.count == 1)
    }
  }

  @Test func whatIsNoStudysIsLeftAlone() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/journal.jsonl"
      for text in ["{\"step\": 1}\n", "notes"] {
        try AtomicFile.write(text: text, to: path)
        #expect(throws: JournalError.foreign(path: path)) { try run(sweep(), in: directory) }
        #expect(try readFile(path) == Array(text.utf8))
      }
      unlink(path)
      try AtomicFile.write(text: "mine", to: directory + "/thesis.txt")
      #expect(throws: StudyError.notEmpty(path: directory)) {
        try StudyPlace(directory).checkEmptyOrStudy()
      }
    }
  }

  @Test func aTrialDoesNotGoOnFromAnotherSweepsCheckpoint() throws {
    try withTemporaryDirectory { directory in
      let options = ["model": "mlp", "hidden": "16", "batch_size": "32", "epochs": "4"]
      let place = StudyPlace(directory).trial(0)
      let other = try TrainingFixtures.configuration(
        options.merging(["lr": "0.3", "max_steps": "5", "out": place]) { $1 })
      try FileManager.default.createDirectory(
        atPath: StudyPlace(directory).trials, withIntermediateDirectories: true)
      // The directory is locked while the session lives.
      do {
        let session = try TrainingSession(
          other.naming(TrainingFixtures.digits), dataset: TrainingFixtures.digits,
          description: modelDescription(for: other.configuration), device: Device(threads: 1))
        _ = try session.train(Witness())
      }
      let text = """
        {"method": "grid", "parameters": {"lr": {"values": [0.01]}}, "emnist":
          {"base": {"model": "mlp", "hidden": [16], "batch_size": 32, "epochs": 2}}}
        """
      let (mixed, _) = try run(sweep(text), in: directory)
      let (clean, _) = try run(sweep(text), in: directory + "/clean")
      #expect(table(mixed) == table(clean))
    }
  }

  @Test func theBestTrialsCommandTrainsItAgain() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { $0["trials"] = 2 }, in: directory)
      let best = record.ranking[0]
      let words = record.command(for: best).split(separator: " ").map(String.init)
      #expect(Array(words.prefix(2)) == ["emnist", "train"])
      var layers = LayeredConfiguration()
      for index in stride(from: 2, to: words.count, by: 2) {
        let name = String(words[index].dropFirst(2)).replacing("-", with: "_")
        try layers.layFlag(.known(name), words[index + 1])
      }
      let typed = try layers.resolved(with: recipe(for: layers.configuration)).configuration
      #expect(typed == (try record.sweep.options(of: best.point).configuration))
    }
  }

  @Test func theTablesSayTheSameAsTheJournal() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { $0["trials"] = 3 }, in: directory)
      try record.writeFiles()
      let place = StudyPlace(directory)
      let json = try JSONValue(parsing: readFile(place.summary), path: "")
      #expect(json["trials"]?.array?.count == 3)
      #expect(json["best"]?["id"]?.int == record.ranking[0].number)
      #expect(json["best"]?["value"]?.double == record.ranking[0].value)
      let rows = try text(of: place.table).split(separator: "\n")
      #expect(rows[0] == "trial,state,value,epochs_run,seconds,lr,optimizer,momentum,reason")
      #expect(rows.count == 4)
      #expect(rows[1].hasPrefix("0,finished,\(record.trials[0].value ?? 0),2,"))
    }
  }

  @Test func aDirectoryWithoutAStudyIsNone() throws {
    try withTemporaryDirectory { directory in
      #expect(throws: StudyError.notAStudy(path: directory)) {
        _ = try StudyRecord(reading: directory)
      }
    }
    #expect(
      StudyError.isBusy(path: "runs/a").description
        == "runs/a: another sweep is at work here")
  }

  @Test func aLockIsHeldByOneAtATime() throws {
    try withTemporaryDirectory { directory in
      var lock = DirectoryLock(directory)
      #expect(lock != nil)
      #expect(DirectoryLock(directory) == nil)
      withExtendedLifetime(lock) {}
      lock = nil
      #expect(DirectoryLock(directory) != nil, "it goes with its holder")
    }
  }
}

/// Remembers in which epoch the first step was.
private final class SweepWitness: SweepObserver {
  private let epoch = Atomic(0)
  var firstEpoch: Int { epoch.load(ordering: .relaxed) }

  func sweep(worker: Int, begins trial: StudyTrial, of study: StudyCounts) {}
  func sweep(worker: Int, isAt progress: StepProgress) {
    _ = epoch.compareExchange(expected: 0, desired: progress.epoch, ordering: .relaxed)
  }
  func sweep(worker: Int, ended trial: StudyTrial, of study: StudyCounts) {}
}

/// Holds the lock on a directory until so many trials have ended.
private final class LockHolder: SweepObserver {
  private let lock: Mutex<DirectoryLock?>
  private let ended = Mutex<[Int]>([])
  private let limit: Int

  init(_ directory: String, until limit: Int) {
    lock = Mutex(DirectoryLock(directory))
    self.limit = limit
  }

  /// The trials that ended meanwhile, in order of their numbers.
  var endedWhileHeld: [Int] { ended.withLock { $0.sorted() } }

  func sweep(worker: Int, begins trial: StudyTrial, of study: StudyCounts) {}
  func sweep(worker: Int, isAt progress: StepProgress) {}
  func sweep(worker: Int, ended trial: StudyTrial, of study: StudyCounts) {
    guard trial.isSettled, lock.withLock({ $0 != nil }) else { return }
    let isOver = ended.withLock {
      $0.append(trial.number)
      return $0.count == limit
    }
    if isOver { lock.withLock { $0 = nil } }
  }
}

/// Leaves a training where its first epoch ends.
private final class LeavesAfterAnEpoch: TrainingObserver {
  struct Left: Error {}

  func trainer(_ trainer: Trainer, didStep progress: StepProgress) {}
  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) throws {
    throw Left()
  }
}
