import Analysis
import Support

/// Runs as `emnist runs` lists them.
public struct RunListText {
  private let runs: [RunListing]
  private let terminal: Terminal

  public init(_ runs: [RunListing], terminal: Terminal) {
    self.runs = runs
    self.terminal = terminal
  }

  private struct Column: Sendable {
    let column: Table.Column
    /// The lower, the longer it stays in a narrow window.
    let rank: Int
    let text: @Sendable (RunListing) -> String?
  }

  private static let columns = [
    Column(column: .left("run"), rank: 0) { $0.run },
    Column(column: .left("begun, UTC"), rank: 6) { $0.date.map(shortDate) },
    Column(column: .left("model"), rank: 3) { $0.model },
    Column(column: .left("data"), rank: 7) { $0.dataset },
    Column(column: .right("epochs"), rank: 5) { grouped($0.epochsRun) },
    Column(column: .right("validation"), rank: 2) { $0.validationAccuracy.map { percent($0) } },
    Column(column: .right("test"), rank: 1) { $0.testAccuracy.map { percent($0) } },
    Column(column: .right("parameters"), rank: 8) { $0.parameters.map(grouped) },
    Column(column: .left("state"), rank: 4) { $0.state.rawValue },
  ]

  /// `2026-11-30 09:25` of `2026-11-30T09:25:34Z`.
  private static func shortDate(_ date: String) -> String {
    String(date.prefix(16)).replacing("T", with: " ")
  }

  /// The table, each line ended by a line break; where the window is narrow without the columns that
  /// matter least, which are named under it. A file or a pipe gets them all.
  public var text: String {
    let shown = Self.columns.filter { column in fitting.contains(column.rank) }
    var table = Table(shown.map(\.column))
    for run in runs { table.add(shown.map { $0.text(run) ?? "-" }) }
    let hidden = Self.columns.filter { !fitting.contains($0.rank) }.map(\.column.title)
    let note = hidden.isEmpty ? "" : "not shown here: \(hidden.joined(separator: "; "))\n"
    return table.text(for: terminal) + note
  }

  /// The ranks of the columns that fit.
  private var fitting: Set<Int> {
    guard terminal.canRedraw else { return Set(Self.columns.map(\.rank)) }
    var (left, fitting) = (terminal.width + 2, Set<Int>())
    for column in Self.columns.sorted(by: { $0.rank < $1.rank }) {
      let texts = [column.column.title] + runs.map { (column.text($0) ?? "-").shown }
      let needed = 2 + (texts.map(\.columnCount).max() ?? 0)
      guard needed <= left || column.rank == 0 else { continue }
      left -= needed
      fitting.insert(column.rank)
    }
    return fitting
  }
}
