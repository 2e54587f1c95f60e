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

  private static let columns: [(column: Table.Column, text: @Sendable (RunListing) -> String?)] = [
    (.left("run"), { $0.run }),
    (.left("begun (UTC)", rank: 6), { $0.date.map(shortDate) }),
    (.left("model", rank: 3), { $0.model }),
    (.left("data", rank: 7), { $0.dataset }),
    (.right("epochs", rank: 5), { grouped($0.epochsRun) }),
    (.right("validation", rank: 2), { $0.validationAccuracy.map { percent($0) } }),
    (.right("test", rank: 1), { $0.testAccuracy.map { percent($0) } }),
    (.right("parameters", rank: 8), { $0.parameters.map(grouped) }),
    (.left("state", rank: 4), { $0.state.rawValue }),
  ]

  /// `2026-11-30 09:25` of `2026-11-30T09:25:34Z`.
  private static func shortDate(_ date: String) -> String {
    String(date.prefix(16)).replacing("T", with: " ")
  }

  /// The table, each line ended by a line break.
  public var text: String {
    var table = Table(Self.columns.map(\.column))
    for run in runs { table.add(Self.columns.map { $0.text(run) ?? "-" }) }
    return table.text(for: terminal)
  }
}
