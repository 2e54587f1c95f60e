import Configuration
import Datasets
import Metrics
import Support
import Training

/// What is said before each of several trainings, and at the end of all.
public struct SeriesText {
  private let outcome: SeriesOutcome
  private let terminal: Terminal

  public init(_ outcome: SeriesOutcome, terminal: Terminal) {
    self.outcome = outcome
    self.terminal = terminal
  }

  /// Which one begins.
  public static func opening(
    of session: TrainingSession, _ number: Int, of series: TrainingSeries
  ) -> String {
    let place = "\(series.kind.member) \(number) of \(series.parts.count)"
    let run = session.run.path.shown
    guard session.trainer.ending == nil else { return "\(place): trained already, \(run)" }
    let facts =
      switch series.kind {
      case .folds:
        "\(grouped(session.training.count)) training and "
          + "\(grouped(session.validation?.count ?? 0)) validation images"
      case .repeats: "seed \(session.configuration.configuration.seed)"
      }
    return "\(place): \(facts), \(run)"
  }

  /// Each one's best epoch, and what they say together.
  public var text: String {
    var table = Table(
      [.left(outcome.kind.member)] + facts.map { .right($0.title) }
        + scores.map { .right($0.title) })
    for record in outcome.records {
      table.add(
        ["\(record.number)"] + facts.map { $0.text(record) }
          + scores.map { score in score.value(record).map { score.text($0) } ?? "-" })
    }
    table.addRule()
    add("mean", to: &table) { $0.text($0.estimate.mean) }
    if outcome.records.count > 1 {
      add("standard deviation", to: &table) { $0.text($0.estimate.standardDeviation) }
    }
    if outcome.records.count > 2 { add("95 % interval", to: &table) { $0.interval } }
    return heading + "\n\n" + table.text(for: terminal) + "\n" + notes
  }

  private func add(_ name: String, to table: inout Table, _ text: (Score) -> String) {
    table.add(
      [name] + facts.map { _ in "" }
        + scores.map { $0.estimate.mean.isFinite ? text($0) : "-" })
  }

  private var heading: String {
    let records = outcome.records
    let count = records.count
    let members = counted(outcome.count, outcome.kind.member)
    let share = count == outcome.count ? members : "\(count) of \(members)"
    let seeds =
      outcome.kind == .repeats ? " with \(outcome.count == 1 ? "one seed" : "other seeds")" : ""
    let scored = outcome.kind == .repeats ? "scored" : "validated"
    return
      "\(outcome.model.shown) on \(outcome.dataset.shown): \(share)\(seeds), "
      + "each \(scored) at its "
      + [outcome.rule.epochName, outcome.rule.reason].compactMap(\.self).joined(separator: " ")
  }

  /// What the intervals are over, in the words of `emnist compare`.
  private var intervals: String {
    switch outcome.kind {
    case .folds: "95 % intervals are over folds.\n"
    case .repeats:
      "95 % intervals are over seeds; over seeds and images: emnist compare "
        + outcome.run.shellWord.shown + "\n"
    }
  }

  private var notes: String {
    let next =
      outcome.kind == .folds
      ? "The test part is untouched; each fold is a run: emnist eval "
        + "\(outcome.run)/fold-1".shellWord.shown
      : "next: emnist report " + outcome.run.shellWord.shown
    let few =
      outcome.records.count == 2
      ? "An interval needs three: two say next to nothing about how far others would be off.\n" : ""
    return (outcome.records.count > 2 ? intervals : few) + next + "\n"
  }
}

// The columns.
extension SeriesText {
  private struct Fact {
    let title: String
    let text: (SeriesRecord) -> String
  }

  private struct Score {
    let title: String
    let estimate: MeanEstimate
    let isShare: Bool
    let value: (SeriesRecord) -> Double?

    func text(_ value: Double) -> String { isShare ? percent(value) : fixed(value, 4) }

    /// The interval of the mean, which of a share ends at 0 and 100 %.
    var interval: String {
      let (lower, upper) = estimate.interval95
      return isShare
        ? "\(fixed(max(0, lower) * 100, 2)) to \(percent(min(1, upper)))"
        : "\(fixed(max(0, lower), 4)) to \(fixed(upper, 4))"
    }
  }

  private var facts: [Fact] {
    let epoch = Fact(title: "epoch") { "\($0.best.epoch) of \($0.epochs)" }
    switch outcome.kind {
    case .folds:
      return [
        Fact(title: "training") { grouped($0.trainingImages) },
        Fact(title: "validation") { grouped($0.validationImages) }, epoch,
      ]
    case .repeats:
      let seed = Fact(title: "seed") { "\($0.seed)" }
      // The table with both takes 70 columns.
      return terminal.width < 70 ? [seed] : [seed, epoch]
    }
  }

  private var scores: [Score] {
    let accuracy = outcome.kind == .folds ? "accuracy" : "validation"
    let validation = Score(title: accuracy, estimate: outcome.accuracy, isShare: true) {
      $0.best.validationAccuracy
    }
    switch outcome.kind {
    case .folds:
      let loss = Score(title: "loss", estimate: outcome.loss, isShare: false) {
        $0.best.validationLoss
      }
      return [loss, validation]
    case .repeats:
      let test = Score(title: "test", estimate: outcome.testAccuracy, isShare: true) {
        $0.test?.accuracy
      }
      return [validation, test]
    }
  }
}
