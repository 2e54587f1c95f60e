import Configuration
import Datasets
import NN
import Platform
import Support
import Tensor

/// Several trainings on the same images, each validated on another part of them.
///
/// Every fold is a run in a directory of its own, `DIR/fold-1` and so on, with the same first
/// weights. The test part is not touched: whoever compares models by their folds has it left for
/// the one chosen.
public final class CrossValidation {
  /// The directory of the folds' directories and of the summary.
  public let directory: RunDirectory
  /// What each fold trains and validates on.
  public let parts: [TrainingParts]
  /// The folds that are finished.
  public private(set) var finished: [FoldRecord] = []

  private let configuration: LayeredConfiguration
  private let isResumed: Bool
  private let dataset: Dataset
  private let description: ModelDescription
  private let device: Device
  private let origin: RunOrigin

  /// Divides the training images, and makes the directory.
  ///
  /// - Parameters:
  ///   - configuration: with the number of folds, resolved with the model's recipe.
  ///   - run: the directory of a cross-validation to go on with; `nil`: a new one.
  ///   - origin: who trains, for the manifests.
  /// - Throws: ``TrainingError/noImages``, ``FoldsError``, ``RunError`` and ``FileError``.
  public init(
    _ configuration: LayeredConfiguration, dataset: Dataset, description: ModelDescription,
    resuming run: RunDirectory? = nil, origin: RunOrigin = RunOrigin(), device: Device
  ) throws {
    let options = configuration.configuration
    guard let images = dataset.train, let folds = options.loop.folds else {
      throw TrainingError.noImages
    }
    self.configuration = configuration
    isResumed = run != nil
    self.dataset = Dataset(name: dataset.name, classes: dataset.classes, train: images, test: nil)
    self.description = description
    (self.device, self.origin) = (device, origin)
    parts = try TrainingParts.folds(
      folds, of: images, classes: dataset.classes.labels, options)
    directory =
      try run?.locked()
      ?? RunDirectory.create(
        out: options.out, name: options.name,
        stem: fileName("\(description.name)-\(dataset.name)-folds"), force: options.force)
    try beginManifest()
  }

  /// Writes down what the folds are made from.
  private func beginManifest() throws {
    var manifest = try Manifest.begun(.crossValidation, at: directory.manifest)
    manifest.begin(origin, on: (device.level, device.threadCount))
    manifest.set(configuration)
    manifest.set(dataset)
    try manifest.write(to: directory.manifest)
  }

  /// What there is of fold `number`; `nil` if no epoch of it has ended.
  private func saved(_ number: Int) throws -> SavedTraining? {
    let run = directory.fold(number)
    return FileSystem.exists(run.last) ? try SavedTraining(reading: run) : nil
  }

  /// The training of fold `number`, from 1: a new one, or what there is of it, to its end if it has
  /// come to one.
  public func session(_ number: Int) throws -> TrainingSession {
    let run = directory.fold(number)
    let saved = isResumed ? try saved(number) : nil
    let isBegun = isResumed && saved == nil && FileSystem.exists(run.path)
    return try TrainingSession(
      configuration.placing(run: run.path), dataset: dataset, description: description,
      parts: parts[number - 1], resuming: saved, in: isBegun ? run : nil,
      origin: origin, device: device)
  }

  /// Takes note of a fold that was trained to its end, and writes the summary of those so far.
  public func finish(_ session: TrainingSession, stopped: StopReason) throws {
    finished.append(FoldRecord(number: finished.count + 1, session, stopped: stopped))
    guard let outcome else { return }
    try AtomicFile.write(text: finished.csvText, to: directory.foldsTable)
    // The last file: what it tells of is done.
    try AtomicFile.write(
      text: JSONValue.object(outcome.json).text(pretty: true), to: directory.folds)
  }

  /// What the finished folds came to; `nil` before the first.
  public var outcome: CrossValidationOutcome? {
    finished.isEmpty
      ? nil
      : CrossValidationOutcome(
        run: directory.path, model: description.name, dataset: dataset.name,
        rule: configuration.configuration.monitor, foldCount: parts.count, folds: finished)
  }
}

/// A cross-validation that a signal ended.
public struct CrossValidationInterrupted: UserError, Equatable {
  public let signal: Int32
  /// The fold that was cut short, from 1; those before it are finished.
  public let fold: Int
  public let foldCount: Int
  public let run: String

  public init(signal: Int32, fold: Int, foldCount: Int, run: String) {
    self.signal = signal
    self.fold = fold
    self.foldCount = foldCount
    self.run = run
  }

  public var exitCode: ExitCode { Interruption.exitCode(for: signal) }

  public var description: String {
    let finished =
      switch fold {
      case 1: "none is finished"
      case 2: "the first is finished; its result is in \(run)/folds.json"
      default: "the \(fold - 1) before it are finished; their results are in \(run)/folds.json"
      }
    return "interrupted in fold \(fold) of \(foldCount), which ended early; \(finished)"
  }
}
