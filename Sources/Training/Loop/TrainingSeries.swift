import Configuration
import Datasets
import NN
import Platform
import Support
import Tensor

/// Several trainings in one directory: the folds of a cross-validation, or the repeats of a training
/// with other seeds.
///
/// Each is a run in a directory of its own, `DIR/fold-1` or `DIR/repeat-1` and so on.
///
/// Folds are validated on parts of their own, begin with the same weights and leave the test part
/// alone: whoever compares models by their folds has it left for the one chosen. Repeats have the same
/// parts, other weights and other draws, and each is tested.
public final class TrainingSeries {
  public let kind: SeriesKind
  /// The directory of the runs' directories and of the summary.
  public let directory: RunDirectory
  /// What each of them trains and validates on.
  public let parts: [TrainingParts]
  /// Those that are finished.
  public private(set) var finished: [SeriesRecord] = []

  private let configuration: LayeredConfiguration
  private let isResumed: Bool
  private let dataset: Dataset
  private let description: ModelDescription
  private let device: Device
  private let origin: RunOrigin

  /// Divides the training images, and makes the directory.
  ///
  /// - Parameters:
  ///   - configuration: with the number of folds or repeats, resolved with the model's recipe.
  ///   - run: the directory of several trainings to go on with; `nil`: a new one.
  ///   - origin: who trains, for the manifests.
  /// - Throws: ``TrainingError/noImages``, ``FoldsError``, ``RunError`` and ``FileError``.
  public init(
    _ configuration: LayeredConfiguration, dataset: Dataset, description: ModelDescription,
    resuming run: RunDirectory? = nil, origin: RunOrigin = RunOrigin(), device: Device
  ) throws {
    let options = configuration.configuration
    guard let images = dataset.train, let series = options.series else {
      throw TrainingError.noImages
    }
    kind = series.kind
    self.configuration = configuration
    isResumed = run != nil
    self.dataset =
      kind == .folds
      ? Dataset(
        name: dataset.name, classes: dataset.classes, train: images, test: nil,
        files: dataset.files, transposedOnDisk: dataset.transposedOnDisk, note: dataset.note,
        scale: dataset.scale, decisions: dataset.decisions)
      : dataset
    self.description = description
    (self.device, self.origin) = (device, origin)
    parts =
      switch kind {
      case .folds:
        try TrainingParts.folds(
          series.count, of: images, classes: dataset.classes.labels, options)
      case .repeats:
        Array(repeating: try TrainingParts(of: dataset, options), count: series.count)
      }
    directory =
      try run?.locked()
      ?? RunDirectory.create(
        out: options.out, name: options.name,
        stem: fileName("\(description.name)-\(dataset.name)-\(kind.rawValue)"),
        force: options.force)
    try beginManifest()
  }

  /// Writes down what the trainings are made from.
  private func beginManifest() throws {
    var manifest = try Manifest.begun(kind.manifest, at: directory.manifest)
    manifest.begin(origin, on: (device.level, device.threadCount))
    manifest.set(configuration)
    manifest.set(dataset)
    try manifest.write(to: directory.manifest)
  }

  /// What there is of a run; `nil` if no epoch of it has ended.
  private func saved(_ run: RunDirectory) throws -> SavedTraining? {
    FileSystem.exists(run.last) ? try SavedTraining(reading: run) : nil
  }

  /// Training `number`, from 1: a new one, or what there is of it, to its end if it has come to one.
  public func session(_ number: Int) throws -> TrainingSession {
    let run = directory.run(number, of: kind)
    let saved = isResumed ? try saved(run) : nil
    let isBegun = isResumed && saved == nil && FileSystem.exists(run.path)
    return try TrainingSession(
      placed(number, in: run), dataset: dataset, description: description,
      parts: parts[number - 1], resuming: saved, in: isBegun ? run : nil,
      origin: origin, device: device)
  }

  private func placed(_ number: Int, in run: RunDirectory) -> LayeredConfiguration {
    switch kind {
    case .folds: configuration.placing(run: run.path)
    case .repeats: configuration.repeating(run: run.path, seedOffset: UInt64(number - 1))
    }
  }

  /// Takes note of a training that came to its end, and writes the summary of those so far.
  public func finish(_ session: TrainingSession, stopped: StopReason) throws {
    try finished.append(SeriesRecord(number: finished.count + 1, session, stopped: stopped))
    guard let outcome else { return }
    try AtomicFile.write(text: outcome.csvText, to: directory.summaryTable(of: kind))
    // The last file: what it tells of is done.
    try AtomicFile.write(
      text: JSONValue.object(outcome.json).text(pretty: true), to: directory.summary(of: kind))
  }

  /// What the finished ones came to; `nil` before the first.
  public var outcome: SeriesOutcome? {
    finished.isEmpty
      ? nil
      : SeriesOutcome(
        kind: kind, run: directory.path, model: description.name, dataset: dataset.name,
        rule: configuration.configuration.monitor, count: parts.count, records: finished)
  }
}

extension TrainingConfiguration {
  /// How many trainings of which kind it asks for; `nil`: one alone.
  public var series: (kind: SeriesKind, count: Int)? {
    loop.folds.map { (.folds, $0) } ?? loop.repeats.map { (.repeats, $0) }
  }
}

/// Several trainings that a signal ended.
public struct SeriesInterrupted: UserError, Equatable {
  public let signal: Int32
  public let kind: SeriesKind
  /// The one that was cut short, from 1; those before it are finished.
  public let number: Int
  public let count: Int
  /// Whether it was its test that was cut short.
  public var isTrained = false
  public let run: String

  public init(
    signal: Int32, kind: SeriesKind, number: Int, of count: Int, isTrained: Bool = false,
    run: String
  ) {
    (self.signal, self.kind) = (signal, kind)
    (self.number, self.count, self.isTrained) = (number, count, isTrained)
    self.run = run
  }

  public var exitCode: ExitCode { Interruption.exitCode(for: signal) }

  public var description: String {
    let summary = "\(run)/\(kind.rawValue).json"
    let finished =
      switch number {
      case 1: "none is finished"
      case 2: "the first is finished; its result is in \(summary)"
      default: "the \(number - 1) before it are finished; their results are in \(summary)"
      }
    let place = isTrained ? "in the test of \(kind.member)" : "in \(kind.member)"
    return "interrupted \(place) \(number) of \(count), which ended early; \(finished)"
  }
}
