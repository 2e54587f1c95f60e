import Datasets
import Metrics
import Support
import Training

/// What is said before a fold and at the end of a cross-validation.
public enum FoldsText {
  /// Which fold begins.
  public static func opening(of session: TrainingSession, fold: Int, of count: Int) -> String {
    guard session.trainer.ending == nil else {
      return "fold \(fold) of \(count): trained already, \(session.run.path)"
    }
    return "fold \(fold) of \(count): \(grouped(session.training.count)) training and "
      + "\(grouped(session.validation?.count ?? 0)) validation images, \(session.run.path)"
  }

  /// Each fold's best epoch, and what they say together.
  public static func text(of outcome: CrossValidationOutcome, terminal: Terminal) -> String {
    var table = Table([
      .left("fold"), .right("training"), .right("validation"), .right("epoch"), .right("loss"),
      .right("accuracy"),
    ])
    for fold in outcome.folds {
      table.add([
        "\(fold.number)", grouped(fold.trainingImages), grouped(fold.validationImages),
        "\(fold.best.epoch) of \(fold.epochs)",
        fixed(fold.best.validationLoss ?? .nan, 4), percent(fold.best.validationAccuracy ?? .nan),
      ])
    }
    let (loss, accuracy) = (outcome.loss, outcome.accuracy)
    table.addRule()
    table.add(["mean", "", "", "", fixed(loss.mean, 4), percent(accuracy.mean)])
    if outcome.folds.count > 1 {
      let deviations = [fixed(loss.standardDeviation, 4), percent(accuracy.standardDeviation)]
      table.add(["standard deviation", "", "", ""] + deviations)
      let (lower, upper) = accuracy.interval95
      let bounds = "\(fixed(lower * 100, 2)) to \(percent(upper))"
      let lossBounds = "\(fixed(loss.interval95.lower, 4)) to \(fixed(loss.interval95.upper, 4))"
      table.add(["95 % interval", "", "", "", lossBounds, bounds])
    }
    return heading(of: outcome) + "\n\n" + table.text(for: terminal)
      + "\nThe test part is untouched; each fold is a run: emnist eval \(outcome.run)/fold-1\n"
  }

  private static func heading(of outcome: CrossValidationOutcome) -> String {
    let count = outcome.folds.count
    let share = count == outcome.foldCount ? "\(count)" : "\(count) of \(outcome.foldCount)"
    return
      "\(outcome.model) on \(outcome.dataset): \(share) folds, each validated at its best epoch"
  }
}
