import Analysis
import Configuration
import Metrics
import Support

/// A number at the top of a report, to be read by people and by programs.
struct KeyNumber {
  /// What programs find it by.
  let id: String
  let name: String
  /// With all its digits.
  let value: String
  let text: String
  let note: String

  init(_ id: String, _ name: String, _ value: Double, _ text: String, note: String = "") {
    self.id = id
    self.name = name
    self.value = "\(value)"
    self.text = value.isFinite ? text : "not a number"
    self.note = note
  }

  init(_ id: String, _ name: String, _ value: Int, _ text: String? = nil, note: String = "") {
    self.id = id
    self.name = name
    self.value = "\(value)"
    self.text = text ?? grouped(value)
    self.note = note
  }

  /// The name over the number, and what belongs to it under it.
  var markup: Markup {
    .element(
      "div", [:], .element("dt", [:], Markup(name)),
      .element(
        "dd", [:], .element("data", ["id": "number-\(id)", "value": value], Markup(text)),
        note.isEmpty ? Markup() : .element("small", [:], Markup(note))))
  }

  /// Those of a run, as far as it came.
  static func all(of record: RunRecord) -> [KeyNumber] {
    (record.test.map(test) ?? []) + training(record)
  }

  /// How far the network's answers are to be believed.
  private static func confidence(_ confidence: RecordedConfidence) -> [KeyNumber] {
    [
      KeyNumber(
        "tempered-ece", "ECE, tempered", confidence.expectedError,
        fixed(confidence.expectedError, 4),
        note: "at temperature \(fixed(confidence.temperature, 3))")
    ]
  }

  private static func test(_ test: RecordedTest) -> [KeyNumber] {
    let interval = test.interval95
    return [
      KeyNumber(
        "accuracy", "Accuracy", test.accuracy, percent(test.accuracy),
        note: "95 % interval \(fixed(interval.lower * 100, 2)) to \(percent(interval.upper))"),
      KeyNumber("loss", "Loss", test.loss, fixed(test.loss, 4), note: "nats an image"),
      KeyNumber(
        "macro-f1", "Macro F1", test.macroF1, fixed(test.macroF1, 4), note: "mean over classes"),
      KeyNumber(
        "kappa", "Cohen’s kappa", test.confusion.kappa, fixedIfDefined(test.confusion.kappa, 4),
        note: "agreement beyond chance"),
      KeyNumber(
        "mcc", "Matthews correlation", test.confusion.matthewsCorrelation,
        fixed(test.confusion.matthewsCorrelation, 4), note: "of true and predicted"),
      KeyNumber("top3", "Top 3", test.top3, percent(test.top3), note: "true class among three"),
      KeyNumber(
        "ece", "ECE", test.expectedCalibrationError, fixed(test.expectedCalibrationError, 4),
        note: "calibration error, \(Calibration.binCount) bins"),
    ] + (test.confidence.map(confidence) ?? []) + [
      KeyNumber("count", "Images", test.count, note: "of the \(test.part) part")
    ]
  }

  private static func training(_ record: RunRecord) -> [KeyNumber] {
    let epochs = record.history.count
    var numbers: [KeyNumber] = []
    if let best = record.bestEpoch {
      numbers.append(
        KeyNumber(
          "best-epoch", record.rule == .last ? "Last epoch" : "Best epoch", best, "\(best)",
          note: ["of \(epochs)", record.rule?.reason].compactMap(\.self).joined(separator: " ")))
    }
    if epochs > 0 {
      numbers.append(
        KeyNumber(
          "seconds", "Time", record.seconds, duration(record.seconds),
          note: "for \(counted(epochs, "epoch")), validation included"))
    }
    if let summary = record.model?.summary {
      numbers.append(
        KeyNumber(
          "parameters", "Parameters", summary.parameters, note: "trainable numbers"))
    }
    return numbers
  }
}
