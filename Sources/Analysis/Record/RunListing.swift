import Configuration
import Interchange
import Platform
import Support
import Training

/// A run as a list shows it: little is read of it, so that thousands are listed in a second or two.
public struct RunListing: Sendable {
  public let run: String
  /// When it was begun, `2026-11-30T09:25:34Z`; `nil` for runs of before there were manifests.
  public let date: String?
  public let model: String?
  public let dataset: String?
  /// Epochs that were trained, the last one perhaps in part.
  public let epochsRun: Int
  /// Of the best epoch; `nil` without a validation part.
  public let validationAccuracy: Double?
  public let testAccuracy: Double?
  /// Trainable weights; `nil` before the first epoch.
  public let parameters: Int?
  public let state: State
  /// Every option of its configuration that has a value.
  public let options: [(name: String, value: String)]

  /// How far a run has come.
  public enum State: String, Sendable {
    /// Another process is at work on it.
    case running
    case finished
    /// `--patience` ended it.
    case early
    /// `--max-time` and `--max-steps` did.
    case time, steps
    /// A signal did; `train --resume` goes on.
    case interrupted
    /// The loss or a weight was no number any more.
    case diverged
    /// Its process ended without a word; `train --resume` goes on.
    case killed
    /// One of its files cannot be read.
    case damaged
    /// It says nothing about it.
    case unknown
  }

  /// What is known of a run; a file that cannot be read makes it ``State/damaged``.
  public init(of directory: RunDirectory) {
    run = directory.path
    var isDamaged = false
    func read<Value>(_ path: String, _ value: (String) throws -> Value) -> Value? {
      guard FileSystem.exists(path) else { return nil }
      do { return try value(path) } catch {
        isDamaged = true
        return nil
      }
    }
    let manifest = read(directory.manifest, Manifest.init(reading:))
    let history = read(directory.history, [EpochRecord].init(csvFile:)) ?? []
    let test = read(directory.evaluation) { try JSONValue(parsing: readFile($0), path: $0) }
    let weights = read(directory.best, SafetensorsFile.read(path:))
    let configuration = read(directory.config) {
      try JSONValue(parsing: readFile($0, as: .text), path: $0).object
    }
    options = (configuration.flatMap { $0 } ?? JSONObject()).compactMap { name, value in
      guard !["schema", "sources"].contains(name), value != .null else { return nil }
      return (name, value.string ?? value.text())
    }
    date = manifest?.sessions.first?["date"]?.string
    model = options.first { $0.name == "model" }?.value
    dataset =
      manifest?["data", "name"]?.string ?? test?["dataset"]?.string
      ?? options.first { $0.name == "dataset" }?.value
    epochsRun = history.count
    let best = manifest?["result", "best_epoch"]?.int ?? weights?.bestEpoch
    validationAccuracy = history.first { $0.epoch == best }?.validationAccuracy
    testAccuracy = test?["accuracy"]?.double ?? manifest?["result", "test_accuracy"]?.double
    parameters = weights?.parameterCount
    state = isDamaged ? .damaged : Self.state(manifest, directory)
  }

  private static func state(_ manifest: Manifest?, _ directory: RunDirectory) -> State {
    guard let manifest else { return .unknown }
    if let ended = manifest.sessions.last?["ended"]?.string {
      return State(rawValue: ended) ?? .unknown
    }
    // Whoever trains holds the lock for as long as the process lives.
    return DirectoryLock(directory.path) == nil ? .running : .killed
  }

  /// The runs in a directory and those of the cross-validations and repeated trainings in it, in the
  /// order of their names.
  public static func all(in root: String) -> [RunListing] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().flatMap { name -> [RunListing] in
      let directory = RunDirectory(path: "\(root)/\(name)")
      if FileSystem.exists(directory.config) { return [RunListing(of: directory)] }
      return directory.seriesRuns.map(RunListing.init(of:))
    }
  }

  /// The members of an entry of `runs`.
  public var json: JSONObject {
    var object: JSONObject = ["run": .string(run)]
    object["date"] = date.map(JSONValue.string) ?? .null
    object["model"] = model.map(JSONValue.string) ?? .null
    object["dataset"] = dataset.map(JSONValue.string) ?? .null
    object["epochs_run"] = .integer(epochsRun)
    object["val_accuracy"] = validationAccuracy.map(JSONValue.number) ?? .null
    object["test_accuracy"] = testAccuracy.map(JSONValue.number) ?? .null
    object["parameters"] = parameters.map(JSONValue.integer) ?? .null
    object["state"] = .string(state.rawValue)
    return object
  }
}

extension SafetensorsFile {
  fileprivate var bestEpoch: Int? {
    metadata.first { $0.key == "emnist.epoch" }.flatMap { Int($0.value) }
  }

  /// Weights that are trained: all but what a normalization gathers of its inputs.
  fileprivate var parameterCount: Int {
    tensors.filter { !$0.name.contains("running_") && !$0.name.contains("num_batches") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}
