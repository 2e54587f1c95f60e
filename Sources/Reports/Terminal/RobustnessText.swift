import Analysis
import Datasets
import Support
import Training

/// The accuracy on harder and harder images, a table for each perturbation.
public struct RobustnessText {
  private let robustness: Robustness
  private let terminal: Terminal
  /// Where the files went; `nil` if nowhere.
  public var writtenTo: String?
  /// Whether the picture is there as PNG too.
  public var hasRaster = false

  public init(_ robustness: Robustness, terminal: Terminal) {
    self.robustness = robustness
    self.terminal = terminal
  }

  public var text: String {
    let first = robustness.runs[0]
    let heading =
      "\(names.asEnumeration) on \(first.dataset.shown): \(counted(first.count, "\(first.part.rawValue) image")), "
      + "made harder; 95 % intervals are Wilson's\n"
    return heading + "\n" + tables + "\n" + summary
      + (writtenTo.map { "\nwritten: perturbation.json, \(others) in \($0.shown)\n" } ?? "")
  }

  private var others: String { hasRaster ? ".csv, .svg and .png" : ".csv and .svg" }

  private var names: [String] { robustness.names.map(\.shown) }

  /// The tables alone.
  public var tables: String {
    robustness.runs[0].curves.indices.map(table).joined(separator: "\n")
  }

  private func table(_ number: Int) -> String {
    let curves = robustness.runs.map { $0.curves[number] }
    let kind = curves[0].kind
    let isAlone = curves.count == 1
    var table = Table(
      [.right("by")] + (isAlone ? [.right("accuracy"), .right("95 % interval")] : columns))
    for (row, point) in curves[0].points.enumerated() {
      let (lower, upper) = point.interval95
      let cells =
        isAlone
        ? [percent(point.accuracy), "\(fixed(lower * 100, 2)) to \(percent(upper))"]
        : curves.map { percent($0.points[row].accuracy) }
      table.add([PerturbationKind.text(of: point.strength)] + cells)
    }
    return "\(kind.title.lowercased()), in \(kind.unit)\n" + table.text(for: terminal)
  }

  /// Numbers instead of names where these would not fit.
  private var columns: [Table.Column] {
    let width = names.reduce(8) { $0 + 2 + max(8, $1.columnCount) }
    return names.indices.map { .right(width > terminal.width ? "\($0 + 1)" : names[$0]) }
  }

  /// The means over all strengths but 0, a row a run.
  public var summary: String {
    let kinds = robustness.runs[0].curves.map(\.kind)
    var table = Table([.left("mean of all but 0")] + kinds.map { .right($0.rawValue) })
    for (number, run) in robustness.runs.enumerated() {
      let name =
        columns.count > 1 && columns[0].title == "1"
        ? "\(number + 1) \(names[number])" : names[number]
      table.add([name] + run.curves.map { percent($0.meanAccuracy, 1) })
    }
    return table.text(fitting: terminal)
  }
}
