import Configuration
import Datasets
import Interchange
import NN
import Platform
import Support
import Tensor

/// What `last.safetensors` holds beside the weights.
public struct TrainingState {
  let metadata: [(key: String, value: String)]
  let tensors: [SafetensorsTensor]

  init(
    of trainer: Trainer, parts: PartsDigest, steps: [StepRecord]?,
    _ configuration: LayeredConfiguration
  ) {
    tensors = trainer.update.tensors(of: trainer.model, steps: trainer.step)
    var metadata = [
      (TrainingProgress.key, JSONValue.object(trainer.resumption.json).text()),
      (PartsDigest.key, parts.json.text()),
      (Self.optionsKey, JSONValue.object(configuration.deciding).text()),
      (Self.historyKey, trainer.history.check),
    ]
    if let steps { metadata.append((Self.stepsKey, steps.check(upTo: trainer.resumption.step))) }
    if trainer.resumption != trainer.progress {
      metadata.append((TrainingProgress.endKey, JSONValue.object(trainer.progress.json).text()))
    }
    self.metadata = metadata
  }

  /// The keys of the checks of the tables beside a checkpoint, as far as a training goes on from them.
  static let historyKey = "emnist.history_crc32"
  static let stepsKey = "emnist.steps_crc32"
}

extension TrainingState {
  /// The key of the options that the weights depend on.
  static let optionsKey = "emnist.options"
}

extension LayeredConfiguration {
  /// The options that decide what a training comes to at any moment, with their values.
  var deciding: JSONObject {
    let others = Self.changeableInResume + Self.bookkeeping + ["out", "name", "force", "mapping"]
    return JSONObject(json.filter { !others.contains($0.key) }.map { ($0.key, $0.value) })
  }
}

/// A training that ended, or was ended, as its run directory keeps it: from here another one goes
/// on as if there had been no end.
///
/// While it lives, no other process gets at the directory.
public struct SavedTraining: Sendable {
  public let run: RunDirectory
  public let checkpoint: Checkpoint
  /// From where it goes on.
  public let progress: TrainingProgress
  /// Where it ended: the same, or behind an epoch that was cut short.
  public let end: TrainingProgress
  /// Every epoch until the end.
  public let history: [EpochRecord]
  /// Every step, if they were recorded.
  let steps: [StepRecord]
  let file: SafetensorsFile
  let parts: PartsDigest
  /// The options that the weights depend on; empty in checkpoints that do not say.
  let options: JSONObject

  /// Reads the training of a run directory.
  ///
  /// - Throws: ``RunError`` without a checkpoint or if the directory is in use; ``ResumeError`` if
  ///   the checkpoint holds no state; ``FileError``, ``JSONError``, ``SafetensorsError``,
  ///   ``CheckpointError``, ``ModelError`` and ``RecordError`` if a file is damaged.
  public init(reading run: RunDirectory) throws {
    self.run = try run.locked()
    let path = run.last
    guard FileSystem.exists(path) else { throw RunError.noCheckpoint(path: path) }
    let file = try SafetensorsFile.read(path: path)
    func state<Value>(_ key: String, _ read: (JSONValue) -> Value?) throws -> Value {
      guard let text = file[metadata: key] else { throw ResumeError.noState(path: path) }
      let json = try JSONValue(
        parsing: Array(text.utf8), path: "\(path): \(key)", exitCode: .dataError)
      guard let value = read(json) else {
        throw CheckpointError.badKey(path: path, key: key, expected: "what a training writes")
      }
      return value
    }
    checkpoint = try Checkpoint(file, path: path)
    let progress = try state(TrainingProgress.key, TrainingProgress.init)
    end =
      file[metadata: TrainingProgress.endKey] == nil
      ? progress : try state(TrainingProgress.endKey, TrainingProgress.init)
    parts = try state(PartsDigest.key, PartsDigest.init)
    let options =
      file[metadata: TrainingState.optionsKey] == nil
      ? JSONObject() : try state(TrainingState.optionsKey, \.object)
    history = try Self.rows(run.history, from: [EpochRecord].init(csvFile:), upTo: end.epochs)
    let stepsCheck = file[metadata: TrainingState.stepsKey]
    steps =
      stepsCheck != nil || FileSystem.exists(run.steps)
      ? try Self.rows(run.steps, from: [StepRecord].init(csvFile:), upTo: progress.step) : []
    (self.file, self.progress, self.options) = (file, progress, options)
    try Self.compare(file[metadata: TrainingState.historyKey], history.check, of: run.history)
    try Self.compare(stepsCheck, steps.check(upTo: progress.step), of: run.steps)
  }

  /// - Throws: ``RecordError/damaged(path:by:)`` if there is a check, and it is another.
  private static func compare(_ check: String?, _ found: String, of path: String) throws {
    guard check == nil || check == found else {
      throw RecordError.damaged(path: path, by: "last.safetensors")
    }
  }

  /// The training of a run directory, or `nil` if there is none there that could go on.
  ///
  /// - Throws: ``RunError/inUse(path:)``.
  public static func ifUsable(in run: RunDirectory) throws -> SavedTraining? {
    do {
      return try SavedTraining(reading: run)
    } catch RunError.inUse(let path) {
      throw RunError.inUse(path: path)
    } catch {
      return nil
    }
  }

  /// The first rows of a table, which may have been written before a checkpoint that did not come.
  private static func rows<Row>(
    _ path: String, from read: (String) throws -> [Row], upTo count: Int
  ) throws -> [Row] {
    let rows = try read(path)
    guard rows.count >= count else {
      throw ResumeError.rowsMissing(path: path, found: rows.count, needed: count)
    }
    return Array(rows.prefix(count))
  }
}

// What must be so before it goes on.
extension SavedTraining {
  /// Why there is nothing left to do under these settings, if so.
  func reasonNothingIsLeft(_ settings: TrainingSettings) -> StopReason? {
    if let limit = settings.maxTime, let part = progress.part, part.elapsed >= limit {
      return .time
    }
    return progress.reasonToStop(settings)
  }

  /// Why there is nothing left to train under a configuration, as a sentence; `nil` if there is.
  public func ending(under configuration: TrainingConfiguration) -> String? {
    let settings = TrainingSettings(configuration)
    guard let reason = reasonNothingIsLeft(settings) else { return nil }
    let (epochs, improved) = (progress.epochs, progress.improvedEpoch)
    return switch reason {
    case .finished, .interrupted:
      epochs == 1 ? "its epoch is trained" : "all \(epochs) epochs are trained"
    case .early: "\(epochs - improved) epochs brought no improvement"
    case .steps: "all \(progress.step) steps are trained"
    case .time: "its \(ValueKind<Double>.seconds.text(settings.maxTime ?? 0)) are over"
    }
  }

  /// Checks that data and model are those of the training.
  ///
  /// - Throws: ``RunError`` and ``ResumeError``.
  func check(
    _ dataset: Dataset, _ found: PartsDigest, normalization: Normalization,
    description: ModelDescription, configuration: LayeredConfiguration
  ) throws {
    if let images = dataset.train { try checkpoint.check(images, of: dataset, run: run.path) }
    let (old, new) = (parts.training + parts.validation, found.training + found.validation)
    guard old == new else {
      throw ResumeError.imageCountDiffers(
        run: run.path, trained: old, dataset: dataset.name, found: new)
    }
    guard parts == found, checkpoint.normalization == normalization else {
      throw ResumeError.imagesDiffer(run: run.path, dataset: dataset.name)
    }
    guard checkpoint.description.json == description.json else {
      throw ResumeError.otherModel(path: run.last, config: run.config)
    }
    try check(configuration)
  }

  private func check(_ configuration: LayeredConfiguration) throws {
    let found = configuration.deciding
    let (trained, asked) = (checkpoint.convolution, configuration.configuration.convolution)
    guard trained == asked else {
      throw ResumeError.optionEdited(
        path: run.config, option: "convolution", trained: "\"\(trained.rawValue)\"",
        found: "\"\(asked.rawValue)\"")
    }
    for (name, value) in options where found[name].map({ $0 != value }) ?? false {
      throw ResumeError.optionEdited(
        path: run.config, option: name, trained: value.text(),
        found: found[name]?.text() ?? "null")
    }
  }

  /// Brings back the best epoch's checkpoint where an epoch that is to be done anew has replaced
  /// it, and removes what will be written again.
  ///
  /// - Parameter isOver: whether nothing is left to train, so that a test result stays.
  /// - Throws: ``ResumeError/bestMissing(path:epoch:)``.
  func prepareDirectory(isOver: Bool) throws {
    guard !isOver else {
      // The end came between the last two files of the last epoch.
      if progress.part == nil { FileSystem.removeFile(run.earlierBest) }
      return
    }
    func isBest(_ path: String) -> Bool {
      (try? SafetensorsFile.read(path: path))?[metadata: "emnist.epoch"] == "\(progress.bestEpoch)"
    }
    if progress.bestEpoch > 0, !isBest(run.best) {
      guard isBest(run.earlierBest), FileSystem.moveFile(run.earlierBest, to: run.best) else {
        throw ResumeError.bestMissing(path: run.best, epoch: progress.bestEpoch)
      }
    }
    FileSystem.removeFile(run.earlierBest)
    run.removeTest()
  }
}
