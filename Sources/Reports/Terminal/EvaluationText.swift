import Analysis
import Metrics
import Support
import Training

/// The result of a test as a person reads it.
public struct EvaluationText {
  private let result: TestResult
  private let terminal: Terminal
  private var evaluation: Evaluation { result.evaluation }

  /// What whoever compares results should know about the data.
  public var note: String?
  public var sort = ClassSort.label
  public var showsMatrix = false
  public var showsReliability = false
  /// Where the result was written to; `nil`: nowhere.
  public var writtenTo: String?

  /// The line that says why it was not.
  public var notWritten: String?

  public init(_ result: TestResult, terminal: Terminal) {
    self.result = result
    self.terminal = terminal
  }

  /// `runs/cnn-mnist-1: 99.54 %`: the accuracy and whose it is.
  public var answer: String {
    "\((result.run ?? result.checkpoint).shown): \(percent(evaluation.accuracy))\n"
  }

  /// The scores of every class in scikit-learn's layout.
  private var classes: String { ClassText.text(of: evaluation.confusion, sortedBy: sort) }

  /// The scores of every class, the main numbers, and what else is wanted.
  public var text: String {
    var blocks = [classes, absent + summary + (note.map { $0 + "\n" } ?? "")]
    if let shifted = result.shifted { blocks.append(text(of: shifted)) }
    if evaluation.count > 0 { blocks.append(firstPredictions) }
    if showsReliability { blocks.append(reliability) }
    if showsMatrix {
      blocks.append(ConfusionMatrixText(evaluation.confusion, terminal: terminal).text())
    }
    if let writtenTo {
      let more = result.shifted == nil ? "" : ", the shifted images' beside them,"
      blocks.append(
        "written: evaluation.json, confusion.csv and predictions.csv\(more) in \(writtenTo.shown)\n"
      )
    }
    if let notWritten { blocks.append(notWritten) }
    return blocks.joined(separator: "\n")
  }

  /// The classes that no image is of.
  private var absent: String {
    let supports = evaluation.confusion.supports
    let names = supports.indices.filter { supports[$0] == 0 }.map { evaluation.labels[$0].shown }
    guard !names.isEmpty, evaluation.count > 0 else { return "" }
    let rest = names.count > 20 ? " and \(grouped(names.count - 20)) more" : ""
    return "no image is of \(names.prefix(20).joined(separator: ", "))\(rest)\n"
  }

  private var summary: String {
    let confusion = evaluation.confusion
    let speed = Double(evaluation.count) / result.seconds
    return """
      \(result.checkpoint.shown) on \(result.dataset.shown): \(percent(evaluation.accuracy)) of \
      \(counted(evaluation.count, "\(Self.noun(result.part)) image"))
      95 % interval \(Self.interval(confusion)), loss \(fixed(evaluation.loss, 4)), \
      top 3 \(percent(evaluation.top3)), top 5 \(percent(evaluation.top5))
      kappa \(fixedIfDefined(confusion.kappa, 4)), Matthews correlation \
      \(fixedIfDefined(confusion.matthewsCorrelation, 4)), ECE (\(Calibration.binCount) bins) \
      \(fixed(evaluation.calibration.expectedError, 4)), MCE \
      \(fixed(evaluation.calibration.maximumError, 4))
      \(confidence)
      \(fixed(result.seconds, 2)) s, \(speed.isFinite ? grouped(Int(speed.rounded())) : "?") images/s

      """
  }

  /// What becomes of it at the network's temperature and with its threshold.
  private var confidence: String {
    guard let confidence = evaluation.confidence else {
      return "no temperature and no threshold: they are fitted on a validation part"
    }
    let error = fixed(evaluation.tempered.expectedError, 4)
    let text = "at its temperature \(fixed(confidence.temperature.value, 3)) ECE \(error)"
    guard let selective = evaluation.selective else { return text }
    return text + "\nabove its threshold \(percent(selective.coverage)) of the images, "
      + "\(percent(selective.accuracy)) of them right"
  }

  private static func noun(_ part: RunPart) -> String {
    switch part {
    case .train: "training"
    case .val: "validation"
    case .test: "test"
    }
  }

  private static func interval(_ confusion: ConfusionMatrix) -> String {
    let interval = confusion.interval95
    return "\(fixed(interval.lower * 100, 2)) to \(percent(interval.upper))"
  }

  private func text(of shifted: ShiftedResult) -> String {
    let other = shifted.evaluation
    return """
      with the mean over \(shifted.views) views, shifted by up to a pixel: \
      \(percent(other.accuracy)) (\(percentagePoints(other.accuracy - evaluation.accuracy)) points)
      95 % interval \(Self.interval(other.confusion)), loss \(fixed(other.loss, 4)), \
      top 3 \(percent(other.top3)), top 5 \(percent(other.top5)); \(fixed(shifted.seconds, 2)) s

      """
  }

  /// The first images with their labels and what they were taken for.
  private var firstPredictions: String {
    let shown = evaluation.predictions.prefix(Evaluation.shownPredictions)
    var table = Table([.left("image")] + result.indices.prefix(shown.count).map { .right("\($0)") })
    table.add(["label"] + shown.map { evaluation.labels[Int($0.trueClass)] })
    table.add(["predicted"] + shown.map { evaluation.labels[Int($0.predictedClass)] })
    table.add(["probability"] + shown.map { fixed($0.probability, 4) })
    return table.text(for: terminal)
  }

  /// How often predictions were right that were made with about the same probability.
  private var reliability: String {
    var table = Table([
      .left("probability"), .right("images"), .right("mean"), .right("right"), .right("gap"),
    ])
    for bin in evaluation.calibration.bins {
      var cells = ["\(fixed(bin.lower, 3)) to \(fixed(bin.upper, 3))", grouped(bin.count)]
      if bin.count > 0 {
        let gap = bin.accuracy - bin.confidence
        cells += [fixed(bin.confidence, 4), fixed(bin.accuracy, 4)]
        cells.append((gap < 0 ? "-" : "+") + fixed(abs(gap), 4))
      }
      table.add(cells)
    }
    return table.text(for: terminal)
  }
}

/// In which order classes are listed.
public enum ClassSort: String, CaseIterable, Sendable {
  /// As the data set has them.
  case label
  /// The lowest score first.
  case f1, precision, recall
  /// The most samples first.
  case support

  /// Class indices in this order; equal ones as the data set has them.
  func order(of matrix: ConfusionMatrix) -> [Int] {
    let keys: [Double] =
      switch self {
      case .label: matrix.labels.indices.map(Double.init)
      case .f1: matrix.classScores.map(\.f1)
      case .precision: matrix.classScores.map(\.precision)
      case .recall: matrix.classScores.map(\.recall)
      case .support: matrix.supports.map { -Double($0) }
      }
    return matrix.labels.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}

/// Precision, recall, F1 and support of every class, and their averages, in the layout of
/// scikit-learn's `classification_report`, to the letter: classes that are nobody's true or
/// predicted one are left out.
public enum ClassText {
  /// More classes are more than a person reads.
  private static let mostInFull = 200
  private static let shownOfMany = 50

  /// - Parameters:
  ///   - digits: decimals of the scores.
  ///   - sort: the order of the classes.
  public static func text(
    of matrix: ConfusionMatrix, digits: Int = 2, sortedBy sort: ClassSort = .label
  ) -> String {
    let names = matrix.labels.map(\.shown)
    let width = max(names.map(\.count).max() ?? 0, "weighted avg".count, digits)
    let (supports, predicted) = (matrix.supports, matrix.predictedCounts)
    let total = matrix.count

    func row(_ name: String, _ cells: [String]) -> String {
      name.padded(left: width) + " " + cells.map { " " + $0.padded(left: 9) }.joined() + "\n"
    }
    func row(_ name: String, _ scores: Scores, _ support: Int) -> String {
      let values = [scores.precision, scores.recall, scores.f1].map { fixed($0, digits) }
      return row(name, values + ["\(support)"])
    }

    var text = row("", ["precision", "recall", "f1-score", "support"]) + "\n"
    let scores = matrix.classScores
    let order = sort.order(of: matrix).filter { supports[$0] + predicted[$0] > 0 }
    let shown = order.count <= mostInFull ? order[...] : order.prefix(shownOfMany)
    for index in shown { text += row(names[index], scores[index], supports[index]) }
    if shown.count < order.count {
      text +=
        "\n\(grouped(order.count - shown.count)) more classes are not shown; evaluation.json has all\n"
    }
    // `micro` is the accuracy, and 0 rather than NaN without samples.
    text += "\n" + row("accuracy", ["", "", fixed(matrix.micro.f1, digits), "\(total)"])
    text += row("macro avg", matrix.macro, total)
    text += row("weighted avg", matrix.weighted, total)
    return text
  }
}
