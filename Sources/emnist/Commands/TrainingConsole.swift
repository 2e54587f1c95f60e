import Configuration
import Reports
import Support
import Training

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
    // Where the last epoch is kept, each would be the best so far.
    progress?.finish(
      record, of: trainer.settings.epochs, isBest: isBest && trainer.settings.monitor != .last)
  }
}
