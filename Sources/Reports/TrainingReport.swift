import Experiments
import Support

/// The table at the end of a training.
public enum TrainingReport {
  /// Losses and accuracies of the best epoch and of the test, and the next command to type.
  public static func text(of outcome: TrainingOutcome, terminal: Terminal) -> String {
    var table = Table([.left(""), .right("loss"), .right("accuracy"), .left("")])
    if let best = outcome.best {
      table.add(["training", fixed(best.trainLoss, 4), percent(best.trainAccuracy), ""])
      if let loss = best.validationLoss, let accuracy = best.validationAccuracy {
        table.add(["validation", fixed(loss, 4), percent(accuracy), ""])
      }
    }
    if let test = outcome.test?.evaluation {
      let interval = test.confusion.interval95
      table.add([
        "test", fixed(test.loss, 4), percent(test.accuracy),
        "95 % interval \(fixed(interval.lower * 100, 2)) to \(percent(interval.upper)), "
          + "\(grouped(test.count)) images",
      ])
    }
    return heading(of: outcome) + "\n\n" + table.text(for: terminal) + "\n" + next(after: outcome)
  }

  private static func heading(of outcome: TrainingOutcome) -> String {
    let epochs = outcome.history.count
    let ending =
      switch outcome.stopped {
      case .finished: ""
      case .early: ", stopped early"
      case .time: ", stopped by --max-time"
      case .interrupted: ", interrupted"
      }
    return "\(outcome.model) on \(outcome.dataset): best epoch \(outcome.bestEpoch) of "
      + "\(epochs)\(ending); trained for \(duration(outcome.trainSeconds)), "
      + "\(grouped(Int(outcome.imagesPerSecond.rounded()))) images/s"
  }

  private static func next(after outcome: TrainingOutcome) -> String {
    outcome.test == nil
      ? "no test part was found; test the run with: emnist eval \(outcome.run) --data DIR\n"
      : "next: emnist eval \(outcome.run) --confusion\n"
  }
}
