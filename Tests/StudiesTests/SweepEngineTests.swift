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

@Suite struct SweepEngineTests: SmallSearch {
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
      // A training has folds or seeds: of both the folds.
      #expect(record.command(for: trial).hasSuffix(" --folds 2"))
      // Each epoch of the four trainings counts once.
      let epochs = try (1...2).flatMap { fold in
        try (1...2).map { turn in
          let run = "\(StudyPlace(directory).trial(0))/fold-\(fold)-repeat-\(turn)"
          return try [EpochRecord](csvFile: RunDirectory(path: run).history).count
        }
      }
      #expect(record.json["trials"]?.array?[0]["epochs"]?.int == epochs.reduce(0, +))
      #expect(epochs.allSatisfy { $0 > 0 })
      let names = try files(in: StudyPlace(directory).trial(0))
      #expect(
        names == ["fold-1-repeat-1", "fold-1-repeat-2", "fold-2-repeat-1", "fold-2-repeat-2"])
      // Seeds train on the same images, and each says by which seed they were chosen.
      let seeds = try names.map { name in
        let config = "\(StudyPlace(directory).trial(0))/\(name)/config.json"
        let options = try LayeredConfiguration(recordedIn: config).configuration
        return [options.seed, try #require(options.splitSeed)]
      }
      let (first, second) = (seeds[0][1], seeds[0][1] + 1)
      #expect(seeds == [[first, first], [second, first], [first, first], [second, first]])
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
