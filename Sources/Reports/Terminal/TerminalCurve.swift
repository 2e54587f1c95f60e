import Configuration
import NN
import Platform
import Support
import Training

/// A curve over an axis that begins at zero, in characters: dots of Braille patterns where the
/// terminal shows Unicode, asterisks elsewhere.
struct TerminalCurve {
  /// What stands above the vertical axis and below the horizontal one.
  let yTitle: String
  let xTitle: String
  /// What the last point is worth on the horizontal axis, as text.
  let xEnd: String
  private let terminal: Terminal
  /// In characters, without axes.
  private let columns: Int
  /// An odd number, so that the middle has one.
  private let rows = 13
  private let labels: [String]
  private let labelWidth: Int
  private let top: Double
  /// The dots of a character, across and down.
  private let cell: (width: Int, height: Int)

  /// - Parameter top: the highest value there can be, above zero.
  init(top: Double, yTitle: String, xTitle: String, xEnd: String, terminal: Terminal) {
    self.top = top
    self.yTitle = yTitle
    self.xTitle = xTitle
    self.xEnd = xEnd
    self.terminal = terminal
    cell = terminal.allowsUnicode ? (2, 4) : (1, 1)
    labels = ["\(top)", "\(top / 2)", "0"]
    labelWidth = labels.map(\.count).max() ?? 0
    columns = max(10, min(terminal.width, 80) - labelWidth - 4)
  }

  /// The points that the curve should have, one a column of dots.
  var pointCount: Int { columns * cell.width }

  /// The chart's lines.
  func text(_ values: [Double]) -> String {
    let (axis, tick, line) = terminal.allowsUnicode ? ("│", "┤", "─") : ("|", "+", "-")
    let style = Style(terminal)
    let indent = String(repeating: " ", count: labelWidth + 2)
    var text = yTitle + "\n"
    for (row, curve) in curve(values).enumerated() {
      let label = row % (rows / 2) == 0 ? labels[row / (rows / 2)] : ""
      text += label.filled(left: labelWidth) + " " + (label.isEmpty ? axis : tick)
      text += style(.green, curve.withoutTrailingSpace) + "\n"
    }
    let corner = terminal.allowsUnicode ? "└" : "+"
    text += "".filled(left: labelWidth + 1) + corner
    text += String(repeating: line, count: columns) + "\n"
    text += indent + "0" + xEnd.filled(left: columns - 1) + "\n"
    let margin = (columns - xTitle.columnCount) / 2
    return text + indent + String(repeating: " ", count: max(0, margin)) + xTitle + "\n"
  }

  /// The rows of characters, from the top.
  private func curve(_ values: [Double]) -> [String] {
    let height = rows * cell.height
    var isSet = [[Bool]](
      repeating: [Bool](repeating: false, count: columns * cell.width), count: height)
    var last: Int?
    for (column, value) in values.prefix(columns * cell.width).enumerated() {
      let share = min(max(value / top, 0), 1)
      let dot = Int((share * Double(height - 1)).rounded())
      // A jump is drawn as a line.
      for y in min(dot, last ?? dot)...max(dot, last ?? dot) {
        isSet[height - 1 - y][column] = true
      }
      last = dot
    }
    return (0..<rows).map { row in
      (0..<columns).map { character(isSet, row: row, column: $0) }.joined()
    }
  }

  /// A character's dots. The bits of a Braille pattern stand for its two columns, from the top.
  private func character(_ isSet: [[Bool]], row: Int, column: Int) -> String {
    guard terminal.allowsUnicode else { return isSet[row][column] ? "*" : " " }
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var pattern: UInt32 = 0
    for y in 0..<4 {
      for x in 0..<2 where isSet[4 * row + y][2 * column + x] { pattern |= bits[y][x] }
    }
    return pattern == 0 ? " " : UnicodeScalar(0x2800 + pattern).map { String($0) } ?? " "
  }
}

/// The course of a training's loss, in so little room that a line of text holds it.
struct LossTrace {
  /// Means of equally many losses each, from the first.
  private var means: [Double] = []
  private var sum = 0.0
  private var count = 0
  /// The losses of a mean; doubled when there are too many means.
  private var stride = 1

  private static let mostMeans = 256
  private static let levels = Array("▁▂▃▄▅▆▇█")

  init() { means.reserveCapacity(Self.mostMeans) }

  /// Adds the loss of a step; one that is no positive number is left out.
  mutating func add(_ loss: Double) {
    guard loss.isFinite, loss > 0 else { return }
    sum += loss
    count += 1
    guard count == stride else { return }
    means.append(sum / Double(count))
    (sum, count) = (0, 0)
    if means.count == Self.mostMeans { halve() }
  }

  /// All of it in `columns` block characters, or fewer at the beginning. The scale is logarithmic,
  /// so that the end of a training can be told from its middle.
  func text(columns: Int) -> String {
    let groups = min(columns, means.count)
    guard groups > 0 else { return "" }
    let values = (0..<groups).map { group in
      let part = means[group * means.count / groups..<(group + 1) * means.count / groups]
      return log(part.reduce(0, +) / Double(part.count))
    }
    guard let least = values.min(), let most = values.max(), most > least else {
      return String(repeating: Self.levels[0], count: groups)
    }
    let scale = Double(Self.levels.count - 1) / (most - least)
    return String(values.map { Self.levels[Int((($0 - least) * scale).rounded())] })
  }

  private mutating func halve() {
    for pair in 0..<means.count / 2 { means[pair] = (means[2 * pair] + means[2 * pair + 1]) / 2 }
    means.removeSubrange(means.count / 2..<means.count)
    stride *= 2
  }
}

/// The learning rate of a training, drawn before it runs.
public enum ScheduleText {
  /// A sentence about the schedule and the chart of its rate over the epochs.
  public static func text(of configuration: TrainingConfiguration, terminal: Terminal) -> String {
    let settings = TrainingSettings(configuration)
    let chart = TerminalCurve(
      top: settings.learningRate, yTitle: "learning rate", xTitle: "epoch",
      xEnd: "\(settings.epochs)", terminal: terminal)
    let rates = settings.plannedRates(points: chart.pointCount)
    return heading(settings) + "\n\n" + chart.text(rates) + note(settings)
  }

  private static func heading(_ settings: TrainingSettings) -> String {
    let warmUp = settings.schedule.values(settings.numbers).given(.warmupEpochs) ?? 0
    return "\(settings.schedule.name), \(counted(settings.epochs, "epoch"))"
      + (warmUp > 0 ? ", warm-up over \(warmUp)" : "")
  }

  private static func note(_ settings: TrainingSettings) -> String {
    let reduction = settings.schedule.makeReduction(
      rate: settings.learningRate, higherIsBetter: true, settings.numbers)
    guard let factor = reduction?.factor else { return "" }
    return
      "\nmultiplied by \(factor) whenever \(settings.monitor.followedByRate.rawValue) does not improve, which is "
      + "not drawn\n"
  }

  /// The object of `train --plot-schedule --json`: the rates of 101 evenly spaced moments.
  public static func json(of configuration: TrainingConfiguration) -> JSONObject {
    let settings = TrainingSettings(configuration)
    return [
      "schema": 1, "scheduler": .string(settings.schedule.name),
      "epochs": .integer(settings.epochs),
      "lr": .array(settings.plannedRates(points: 101).map { .number($0) }),
    ]
  }
}
