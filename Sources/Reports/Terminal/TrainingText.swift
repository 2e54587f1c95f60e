import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Support
import Tensor
import Training

/// What is said at the beginning and at the end of a training.
public enum TrainingText {
  /// The data, the model and where the results go.
  public static func opening(of session: TrainingSession) -> String {
    let dataset = session.dataset
    var parts = ["\(grouped(session.training.count)) training"]
    if let validation = session.validation {
      parts.append("\(grouped(validation.count)) validation")
    }
    if let count = session.testCount { parts.append("\(grouped(count)) test") }
    let facts = [dataset.note].compactMap(\.self) + dataset.decisions.map(\.description)
    let note = facts.map { "\n       \($0.shown)" }.joined()
    let model = session.model
    let source = session.initialMatching?.note.map { "\n       \($0.shown)" } ?? ""
    return """
      data   \(dataset.name.shown): \(parts.asEnumeration) images, \(dataset.classes.count) classes\(note)
      model  \(model.description.name.shown): \(grouped(model.parameterCount)) parameters, \
      \(grouped(model.multiplyAdds)) multiply-adds an image\(source)
      speed  \(model.device.level.rawValue), \(counted(model.device.threadCount, "thread"))
      run    \(session.run.path.shown)\(place(of: session))
      """
  }

  /// `, from epoch 3 on`, or nothing for a training from the beginning.
  private static func place(of session: TrainingSession) -> String {
    guard let progress = session.resumption else { return "" }
    guard session.trainer.ending == nil else {
      let isOver = session.isTested || session.dataset.test == nil
      return isOver ? ", trained already" : ", trained already; now the test"
    }
    let epoch = progress.epochs + 1
    return progress.part == nil
      ? ", from epoch \(epoch) on" : ", from the middle of epoch \(epoch) on"
  }

  /// Losses and accuracies of the best epoch and of the test, and the next command to type.
  public static func text(of outcome: TrainingOutcome, terminal: Terminal) -> String {
    var table = Table([.left(""), .right("loss"), .right("accuracy"), .phrases("")])
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
          + counted(test.count, "image"),
      ])
    }
    let next = next(after: outcome).map { "\n" + $0 } ?? ""
    return heading(of: outcome) + "\n\n" + table.text(for: terminal) + explanation(of: outcome)
      + next
  }

  /// Why the training loss may look like an error beside the others; empty where it cannot.
  private static func explanation(of outcome: TrainingOutcome) -> String {
    guard let names = outcome.handicaps?.names, !names.isEmpty, outcome.best != nil else {
      return ""
    }
    return "\nThe training loss includes \(names.asEnumeration); the others do not.\n"
  }

  private static func heading(of outcome: TrainingOutcome) -> String {
    let rule = outcome.rule
    let ending =
      switch outcome.stopped {
      case .finished: ""
      case .early: ", stopped early"
      case .time: ", stopped by --max-time"
      case .steps: ", stopped by --max-steps"
      case .interrupted: ", interrupted"
      }
    return "\(outcome.model.shown) on \(outcome.dataset.shown): \(rule.epochName) "
      + "\(outcome.bestEpoch) of \(outcome.history.count)\(rule.reason.map { " \($0)" } ?? "")"
      + "\(ending)\ntrained for \(duration(outcome.trainSeconds)), "
      + "\(grouped(Int(outcome.imagesPerSecond.rounded()))) images/s"
  }

  /// What to type next; nothing after an interruption, whose own sentence says it.
  private static func next(after outcome: TrainingOutcome) -> String? {
    guard outcome.stopped != .interrupted else { return nil }
    let run = outcome.run.shellWord.shown
    return outcome.test == nil
      ? "no test part was found; test the run with: emnist eval \(run) --data DIR\n"
      : "next: emnist eval \(run) --confusion\n      emnist report \(run)\n"
  }
}
