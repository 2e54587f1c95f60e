import NN
import Datasets
import Foundation
import Support
import Synchronization
import Tensor
import Testing
import TrainingFixtures

@testable import Configuration
@testable import Search
@testable import Studies
@testable import Training

/// What the suites about sweeps that train have in common: a small search, and how it is run.
protocol SmallSearch {}

extension SmallSearch {
  static var search: String {
    """
    {"method": "bayes", "metric": {"name": "val_loss"},
     "parameters": {"lr": {"distribution": "log_uniform_values", "min": 0.001, "max": 0.1},
                    "optimizer": {"values": ["adam", "sgd"]}, "momentum": {"min": 0.0, "max": 0.9}},
     "early_terminate": {"type": "asha", "eta": 2},
     "emnist": {"trials": 9, "seed": 4, "round": 2,
       "base": {"model": "mlp", "hidden": [16], "batch_size": 32, "epochs": 2}}}
    """
  }

  func sweep(_ text: String = Self.search) throws -> SweepFile {
    try SweepFile(JSONValue(parsing: Array(text.utf8), path: "sweep.json"), path: "sweep.json")
  }

  /// The search with a member of `emnist` changed.
  func sweep(_ changes: (inout JSONObject) -> Void) throws -> SweepFile {
    var file = try JSONValue(parsing: Array(Self.search.utf8), path: "sweep.json").object ?? [:]
    var own = file["emnist"]?.object ?? [:]
    changes(&own)
    file["emnist"] = .object(own)
    return try SweepFile(.object(file), path: "sweep.json")
  }

  /// A study run in a directory until it is over.
  @discardableResult func run(
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
  func table(_ record: StudyRecord) -> [String] {
    record.trials.map { "\($0.number) \($0.state) \($0.value ?? 0) \($0.reports) \($0.point)" }
  }
}

/// Remembers in which epoch the first step was.
final class SweepWitness: SweepObserver {
  private let epoch = Atomic(0)
  var firstEpoch: Int { epoch.load(ordering: .relaxed) }

  func sweep(worker: Int, begins trial: StudyTrial, of study: StudyCounts) {}
  func sweep(worker: Int, isAt progress: StepProgress) {
    _ = epoch.compareExchange(expected: 0, desired: progress.epoch, ordering: .relaxed)
  }
  func sweep(worker: Int, ended trial: StudyTrial, of study: StudyCounts) {}
}
