import Foundation
import Support
import Testing
import TestSupport

@testable import Search
@testable import Studies

/// A clock that goes only when told.
private final class TestClock {
  var time = 1_000.0
  /// How far the machine's own clock is ahead.
  var ahead = 0.0
}

@Suite struct SweepStudyTests {
  private static let text = """
    {"method": "bayes", "metric": {"name": "val_loss"}, "run_cap": 12,
     "parameters": {"weight_decay": {"min": 0.0, "max": 1}, "epochs": {"min": 1, "max": 9}},
     "early_terminate": {"type": "asha", "eta": 2}, "emnist": {"round": 2, "seed": 3}}
    """

  private func sweep(_ text: String = text) throws -> SweepFile {
    try SweepFile(JSONValue(parsing: Array(text.utf8), path: "sweep.json"), path: "sweep.json")
  }

  private func study(
    _ directory: String, _ name: String = "a", _ file: SweepFile? = nil, clock: TestClock? = nil,
    isFreeRunning: Bool = false
  ) throws -> Study {
    let clock = clock ?? TestClock()
    // A process on another machine, so that only silence tells that it is gone.
    let worker = StudyWorker(host: "host-\(name)", process: 1, number: 0)
    return try Study(
      directory: directory, sweep: try file ?? sweep(), worker: worker,
      isFreeRunning: isFreeRunning, now: { clock.time + clock.ahead }, elapsed: { clock.time })
  }

  /// The number of the trial that a worker gets; `nil` if it gets none.
  private func claim(_ study: Study) throws -> Int? {
    if case .run(let trial) = try study.next() { trial.number } else { nil }
  }

  @Test func everybodySeesTheSameStudy() throws {
    try withTemporaryDirectory { directory in
      let one = try study(directory, "a")
      let other = try study(directory, "b")
      #expect(try claim(one) == 0)
      #expect(try claim(other) == 1)
      #expect(try one.report(0, epoch: 1, value: 0.5) == .goOn)
      try one.end(0, .finished, value: 0.25, seconds: 3)
      try other.end(1, .failed, reason: "diverged")
      try one.refresh()
      try other.refresh()
      #expect(one.trials == other.trials)
      #expect(one.trials == (try study(directory, "c")).trials)
      #expect(one.trials.map(\.state) == [.finished, .failed])
      #expect(one.trials[0].reports == [0.5] && one.trials[0].value == 0.25)
      #expect(one.trials[0].seconds == 3 && one.trials[1].reason == "diverged")
    }
  }

  /// Rounds of two: trial 4 needs trials 0 and 1.
  @Test func aTrialWaitsForTheRoundsItKnows() throws {
    try withTemporaryDirectory { directory in
      let study = try study(directory)
      #expect(try (0..<4).map { _ in try claim(study) } == [0, 1, 2, 3])
      #expect(try study.next() == .wait)
      try study.end(0, .finished, value: 1)
      #expect(try study.next() == .wait)
      try study.end(1, .finished, value: 1)
      #expect(try claim(study) == 4)
    }
  }

  @Test func freeRunningDoesNotWait() throws {
    try withTemporaryDirectory { directory in
      let study = try study(directory, isFreeRunning: true)
      #expect(try (0..<8).map { _ in try claim(study) } == Array(0..<8))
    }
  }

  @Test func theNumberOfTrialsIsTheTotal() throws {
    try withTemporaryDirectory { directory in
      let text = Self.text.replacingOccurrences(of: #""run_cap": 12"#, with: #""run_cap": 2"#)
      let first = try study(directory, "a", sweep(text))
      for number in 0..<2 {
        #expect(try claim(first) == number)
        try first.end(number, .finished, value: 1)
      }
      #expect(try first.next() == .done(.allTrials))
      // More trials than before are no other sweep.
      let longer = try study(directory, "b")
      #expect(try claim(longer) == 2)
    }
  }

  @Test func aSilentWorkersTrialIsTakenOver() throws {
    try withTemporaryDirectory { directory in
      let clock = TestClock()
      let one = try study(directory, "a", clock: clock)
      let other = try study(directory, "b", clock: clock)
      #expect(try claim(one) == 0)
      #expect(try one.report(0, epoch: 1, value: 0.5) == .goOn)
      clock.time += Study.patience
      #expect(try claim(other) == 1)
      try one.heartbeat()
      clock.time += Study.patience
      #expect(try claim(other) == 2)
      // It heard of the heartbeat just now.
      clock.time += Study.patience + 1
      let task = try other.next()
      guard case .run(let trial) = task else {
        Issue.record("\(task)")
        return
      }
      #expect(trial.number == 0 && trial.reports == [0.5] && trial.takeovers == 1)
      // The first worker wakes up and learns that the trial is no longer its own.
      #expect(try one.report(0, epoch: 2, value: 0.4) == .lost)
      #expect(try one.end(0, .finished, value: 0.4) == false)
      // The second goes on from a checkpoint of epoch 0, and reports epoch 1 again.
      #expect(try other.report(0, epoch: 1, value: 0.5) == .goOn)
      #expect(try other.end(0, .finished, value: 0.3))
      #expect(other.trials[0].reports == [0.5])
    }
  }

  /// Whatever their clocks say, and whoever opens the study when.
  @Test(arguments: [-86_400.0, 0, 86_400])
  func aSilentWorkersTrialIsTakenOverWhateverItsClockSays(ahead: Double) throws {
    try withTemporaryDirectory { directory in
      let (clock, other) = (TestClock(), TestClock())
      clock.ahead = ahead
      #expect(try claim(study(directory, "a", clock: clock)) == 0)
      let late = try study(directory, "b", clock: other)
      #expect(try claim(late) == 1)
      other.time += Study.patience + 1
      #expect(try claim(late) == 0)
    }
  }

  @Test func aSilentWorkerThatIsStillAtItKeepsItsTrial() throws {
    try withTemporaryDirectory { directory in
      let clock = TestClock()
      let one = try study(directory, "a", clock: clock)
      let other = try study(directory, "b", clock: clock)
      #expect(try claim(one) == 0)
      clock.time += Study.patience + 1
      other.isInUse = { $0 == 0 }
      #expect(try claim(other) == 1)
      // The first wakes up, and nobody has taken anything from it.
      #expect(try one.report(0, epoch: 1, value: 0.5) == .goOn)
      #expect(try claim(other) == 2)
      other.isInUse = { _ in false }
      #expect(try claim(other) == 3)
      clock.time += Study.patience + 1
      #expect(try claim(other) == 0)
    }
  }

  @Test func aTrialThatWasPutOffComesBackOnceItIsFree() throws {
    try withTemporaryDirectory { directory in
      let study = try study(directory)
      #expect(try claim(study) == 0)
      study.putOff(0)
      study.isInUse = { $0 == 0 }
      #expect(try claim(study) == 1)
      study.isInUse = { _ in false }
      #expect(try claim(study) == 0)
      #expect(try claim(study) == 2)
      #expect(study.trials[0].takeovers == 0)
    }
  }

  @Test func aWorkerOfADeadProcessIsGoneAtOnce() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let own = StudyWorker(number: 0).name
    let here = own.split(separator: "/")[0]
    #expect(StudyWorker.isGone("\(here)/\(process.processIdentifier)/a/0"))
    #expect(!StudyWorker.isGone(own))
    #expect(!StudyWorker.isGone("elsewhere/\(process.processIdentifier)/a/0"))
    // A container's programs all have the same number.
    #expect(StudyWorker.isGone("\(here)/\(getpid())/a/0"))
  }

  @Test func threeFailuresInARowEndIt() throws {
    try withTemporaryDirectory { directory in
      let study = try study(directory, isFreeRunning: true)
      for number in 0..<3 {
        #expect(try claim(study) == number)
        try study.end(number, .failed, reason: "diverged")
      }
      #expect(try study.next() == .done(.failures))
    }
  }

  @Test func theTargetEndsIt() throws {
    try withTemporaryDirectory { directory in
      let text = Self.text.replacingOccurrences(
        of: #""val_loss"}"#, with: #""val_loss", "target": 0.1}"#)
      let study = try study(directory, "a", sweep(text), isFreeRunning: true)
      #expect(try claim(study) == 0)
      _ = try study.report(0, epoch: 1, value: 0.05)
      try study.end(0, .finished, value: 0.2)
      #expect(try claim(study) == 1)
      try study.end(1, .finished, value: 0.1)
      #expect(try study.next() == .done(.target))
    }
  }

  @Test func pointsThatCannotBeTrainedAreDrawnAgain() throws {
    try withTemporaryDirectory { directory in
      let study = try study(directory, isFreeRunning: true)
      study.isUsable = { ($0.values[1]?.int ?? 0) <= 3 }
      for number in 0..<12 {
        #expect(try claim(study) == number)
        #expect(study.trials[number].point.values[1]?.int ?? 9 <= 3)
        try study.end(number, .finished, value: Double(number))
      }
    }
  }

  @Test func anotherSweepsStudyIsRefused() throws {
    try withTemporaryDirectory { directory in
      _ = try study(directory)
      let text = Self.text.replacingOccurrences(of: #""max": 9"#, with: #""max": 8"#)
      #expect(
        message { _ = try study(directory, "a", sweep(text)) }
          == "\(directory)/journal.jsonl: belongs to another sweep: 'parameters.epochs.max' differs"
      )
    }
  }

  @Test func eventsThatCannotBeAreDamage() throws {
    try withTemporaryDirectory { directory in
      _ = try study(directory)
      let journal = try Journal(path: Study.journalPath(directory))
      try journal.append { _ in
        [
          StudyEvent.report(7, epoch: 1, value: 1).json,
          StudyEvent.heartbeat(worker: "a", time: 1).json,
        ]
      }
      #expect(
        message { _ = try study(directory) }
          == "\(journal.path): line 2 is damaged: trial 7 is not running; restore the file from a "
          + "copy, or remove the line if its trial may be lost")
    }
  }

  @Test func notANumberIsAnInfiniteLoss() throws {
    try withTemporaryDirectory { directory in
      let one = try study(directory, isFreeRunning: true)
      #expect(try claim(one) == 0 && claim(one) == 1)
      #expect(try one.report(0, epoch: 1, value: 1) == .goOn)
      #expect(try one.report(1, epoch: 1, value: .nan) == .stop)
      let other = try study(directory, "b")
      #expect(other.trials[1].reports[0].isNaN)
    }
  }

  /// With ten epochs each.
  @Test(.enabled(if: isOptimized, "a limit in seconds holds for optimized code"))
  func tenThousandTrialsOpenInASecond() throws {
    try withTemporaryDirectory { directory in
      let file = try sweep()
      _ = try study(directory, "a", file)
      let search = SweepSearch(file.space, method: .random, seed: 1)
      let events = (0..<10_000).flatMap { number -> [JSONObject] in
        let parameters = search.point(trial: number, history: [])?.parameters(in: file.space) ?? [:]
        let reports = (1...10).map {
          StudyEvent.report(number, epoch: $0, value: 1 / Double(number + $0)).json
        }
        return [
          StudyEvent.trial(number, parameters: parameters, worker: "a/1/0", time: 1).json
        ] + reports + [
          StudyEvent.end(number, .finished, value: 0.5, reason: nil, seconds: 1).json
        ]
      }
      try Journal(path: Study.journalPath(directory)).append { _ in events }
      let times = try (0..<3).map { _ in
        let start = monotonicSeconds()
        let count = try study(directory, "b", file).trials.count
        #expect(count == 10_000)
        return monotonicSeconds() - start
      }
      // The quickest, because tests run side by side.
      #expect(times.min()! < 1)
    }
  }

  @Test func everyEventIsReadAsWritten() {
    let events: [StudyEvent] = [
      .study(identity: ["method": "grid"], data: "0f"), .study(identity: [:], data: nil),
      .trial(3, parameters: ["lr": 0.1], worker: "w", time: 12.5), .claim(3, worker: "v", time: 1),
      .heartbeat(worker: "w", time: 2), .report(3, epoch: 1, value: 0.5),
      .end(3, .finished, value: 0.5, reason: nil, seconds: 2.5),
      .end(4, .failed, value: nil, reason: "diverged", seconds: nil),
    ]
    for event in events { #expect(StudyEvent(event.json) == event) }
    #expect(StudyEvent(["event": "study", "schema": 2, "sweep": [:]]) == nil)
  }
}

@Suite struct SweepProcessesTests {
  private static let sweep = """
    {"method": "bayes", "metric": {"name": "val_loss"}, "run_cap": 24,
     "parameters": {"weight_decay": {"min": 0.0, "max": 1}, "epochs": {"min": 1, "max": 9}},
     "early_terminate": {"type": "asha", "eta": 2}, "emnist": {"seed": 3}}
    """

  /// The table is the same for one process, for four at once, and for four of which one is killed.
  @Test func anyNumberOfProcessesMakeTheSameStudy() throws {
    let alone = try trials(processes: 1)
    #expect(alone.count == 24 && alone.allSatisfy(\.isSettled))
    #expect(alone.contains { $0.state == .pruned } && alone.contains { $0.state == .finished })
    let together = try trials(processes: 4)
    #expect(table(together) == table(alone))
    #expect(Set(together.map(\.worker)).count > 1)
    let killed = try trials(processes: 4, killing: true)
    #expect(table(killed) == table(alone))
  }

  private func table(_ trials: [StudyTrial]) -> [String] {
    trials.map { "\($0.point.values) \($0.state) \($0.reports) \(String(describing: $0.value))" }
  }

  private func trials(processes count: Int, killing: Bool = false) throws -> [StudyTrial] {
    var trials: [StudyTrial] = []
    try withTemporaryDirectory { directory in
      let file = directory + "/sweep.json"
      try AtomicFile.write(text: Self.sweep, to: file)
      let processes = try (0..<count).map { _ in try start(file, directory) }
      if killing {
        usleep(60_000)
        kill(processes[0].processIdentifier, SIGKILL)
      }
      for process in processes { process.waitUntilExit() }
      for process in processes.dropFirst(killing ? 1 : 0) {
        #expect(process.terminationStatus == 0)
      }
      trials = try Study(
        directory: directory, sweep: SweepFile(path: file), worker: StudyWorker(number: 9)
      ).trials
    }
    return trials
  }

  private func start(_ file: String, _ directory: String) throws -> Process {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = bundle.appendingPathComponent("StudyWorker")
    process.arguments = [file, directory, "3"]
    try process.run()
    return process
  }
}
