import Support
import Tensor

@testable import Search
@testable import Studies

/// A study made without training: random points, and a value that some of the parameters decide.
struct StudyFixture {
  /// The object `parameters` of the sweep.
  var parameters: String
  var count = 40
  var goal = "maximize"
  /// Further members of the sweep, with a comma before each.
  var more = ""
  var directory = "sweeps/demo"
  /// The share of the trials that are stopped early and that fail.
  var pruned = 0.4
  var failed = 0.05
  var epochs = 8
  /// The last trials are still running.
  var running = 0

  static let usual = """
    {"lr": {"distribution": "log_uniform_values", "min": 0.0001, "max": 0.1},
     "optimizer": {"values": ["sgd", "adam", "adamw"]}, "dropout": {"min": 0.0, "max": 0.5},
     "batch_size": {"values": [32, 64, 128]}, "epochs": {"value": 8},
     "hidden": {"min": 16, "max": 512}}
    """

  /// Parameters that only some trials use.
  static let nested = """
    {"optimizer": {"values": [
       {"value": "sgd", "parameters":
         {"momentum": {"min": 0.0, "max": 0.99}, "nesterov": {"values": [true, false]}}},
       "adamw"]},
     "dropout": {"values": [0, {"min": 0.1, "max": 0.5}]},
     "lr": {"distribution": "log_uniform_values", "min": 0.0001, "max": 0.1}}
    """

  static let categorical = """
    {"optimizer": {"values": ["sgd", "adam", "adamw"]}, "batch_norm": {"values": [true, false]}}
    """

  static let twelve = """
    {"lr": {"distribution": "log_uniform_values", "min": 0.0001, "max": 0.1},
     "weight_decay": {"distribution": "log_uniform_values", "min": 0.000001, "max": 0.01},
     "dropout": {"min": 0.0, "max": 0.5}, "batch_size": {"values": [32, 64, 128]},
     "optimizer": {"values": ["sgd", "adam", "adamw"]}, "hidden": {"min": 16, "max": 512},
     "label_smoothing": {"min": 0.0, "max": 0.3}, "mixup": {"min": 0.0, "max": 1.0},
     "scheduler": {"values": ["constant", "cosine", "one_cycle"]},
     "warmup_epochs": {"min": 0, "max": 5}, "ema": {"values": [0, 0.9, 0.99, 0.999]},
     "batch_norm": {"values": [true, false]}}
    """

  static let manyChoices = """
    {"seed": {"values": [\((1...100).map(String.init).joined(separator: ","))]},
     "lr": {"min": 0.001, "max": 0.1}}
    """

  init(_ parameters: String = usual, _ change: (inout StudyFixture) -> Void = { _ in }) {
    self.parameters = parameters
    change(&self)
  }

  var sweep: SweepFile {
    get throws {
      let text = """
        {"method": "random", "metric": {"name": "val_accuracy", "goal": "\(goal)"},
         "parameters": \(parameters)\(more)}
        """
      return try SweepFile(
        JSONValue(parsing: Array(text.utf8), path: "sweep.json"), path: "sweep.json")
    }
  }

  var record: StudyRecord {
    get throws {
      let sweep = try sweep
      var stream = RandomStream(seed: 4, purpose: .testing)
      let search = SweepSearch(sweep.space, method: .random, seed: 1)
      let trials = (0..<count).compactMap { number in
        search.point(trial: number, history: []).map { trial(number, $0, &stream) }
      }
      return StudyRecord(directory: directory, sweep: sweep, trials: trials)
    }
  }

  private func trial(
    _ number: Int, _ point: SearchPoint, _ stream: inout RandomStream
  ) -> StudyTrial {
    var trial = StudyTrial(number: number, point: point, worker: "here/1/a/0")
    let fate = Double(stream.below(1000)) / 1000
    trial.state =
      number >= count - running
      ? .running : fate < failed ? .failed : fate < failed + pruned ? .pruned : .finished
    let last = Self.quality(of: point) + 0.01 * Double(stream.normal())
    let done = trial.state == .finished ? epochs : 1 + stream.below(max(1, epochs / 2))
    trial.reports = (1...done).map { last * (1 - 0.5 / Double($0)) }
    trial.value = trial.state == .finished ? trial.reports.max() : nil
    trial.seconds = trial.state == .running ? nil : 1.5 * Double(done)
    trial.reason =
      trial.state == .failed
      ? "the loss of epoch \(done) is not a number" : trial.state == .pruned ? "stopped" : nil
    return trial
  }

  /// Highest in the middle of the first two parameters.
  private static func quality(of point: SearchPoint) -> Double {
    let coordinates = point.coordinates.prefix(3).compactMap(\.self).map { $0 > 1 ? 1 : $0 }
    return coordinates.enumerated().reduce(0.9) { value, coordinate in
      let distance = coordinate.element - 0.6
      return value - distance * distance / Double(coordinate.offset + 1)
    }
  }
}
