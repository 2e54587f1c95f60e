import Configuration
import Reports
import Support
import Training

/// What `emnist train --resume RUN` goes on with.
struct TrainingResumption {
  /// The run directory, or that of a cross-validation.
  let run: RunDirectory
  /// The run's configuration with what may be given anew.
  let configuration: LayeredConfiguration
  /// What to know about a change of the number of epochs.
  let notice: String?

  /// - Parameter given: by flags and the environment.
  /// - Throws: ``RunError``, ``ResumeError``, and what reading `config.json` throws.
  init(_ path: String, with given: LayeredConfiguration) throws {
    run = RunDirectory(path: path)
    let fold = run.foldRuns.first
    let recorded = try LayeredConfiguration(
      recordedIn: fold?.config ?? RunDirectory.find(path).config)
    if fold == nil, recorded.configuration.loop.folds != nil {
      throw ResumeError.isFold(path: path)
    }
    configuration = try recorded.resumed(with: given)
    notice = Self.notice(
      before: recorded.configuration, after: configuration.configuration)
  }

  /// What there is of the run's training, with something left to do.
  ///
  /// - Throws: what ``SavedTraining/init(reading:)`` and
  ///   ``SavedTraining/checkSomethingIsLeft(_:)`` throw.
  func saved() throws -> SavedTraining {
    let saved = try SavedTraining(reading: run)
    try saved.checkSomethingIsLeft(configuration.configuration)
    return saved
  }

  private static func notice(
    before: TrainingConfiguration, after: TrainingConfiguration
  ) -> String? {
    guard after.stepsDiffer(from: before), let old = before.epochs, let new = after.epochs else {
      return nil
    }
    return
      "planned for \(old) epochs, now for \(new): from here on rates and augmentation are those "
      + "of \(new), so the result is not that of \(new) in one go"
  }
}

/// Shows a training on standard error.
final class TrainingConsole: TrainingObserver {
  private var progress: ProgressLine?

  /// - Parameter isQuiet: shows nothing.
  init(isQuiet: Bool, color: ColorChoice) {
    guard !isQuiet else { return }
    let terminal = Terminal(descriptor: StandardStream.error.rawValue, color: color)
    progress = ProgressLine(terminal: terminal) { try? StandardStream.error.put($0) }
  }

  /// Shows a line above the progress.
  func show(_ message: String) { progress?.show(message) }

  /// Shows a line even where nothing else is shown.
  func insist(_ message: String) {
    guard progress == nil else { return show(message) }
    try? StandardStream.error.put(message + "\n")
  }

  /// Takes the progress away.
  func end() { progress?.clear() }

  func trainer(_ trainer: Trainer, didStep step: StepProgress) {
    progress?.update(step, at: monotonicSeconds())
  }

  func trainer(_ trainer: Trainer, isBackAfter divergence: Divergence) {
    let place = trainer.progress.epochs == 0 ? "its start" : "epoch \(trainer.progress.epochs)"
    insist("\(divergence.description); back to \(place), with half the rate")
  }

  func trainer(_ trainer: Trainer, didFinish record: EpochRecord, isBest: Bool) {
    progress?.finish(record, of: trainer.settings.epochs, isBest: isBest)
  }
}
