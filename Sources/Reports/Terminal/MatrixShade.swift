import Support

/// How dark a confusion is drawn: by the share of the true class, on a scale that is the same for
/// every matrix, so that two can be compared.
enum MatrixShade: Int, CaseIterable {
  case faint, light, medium, dark, full

  /// The largest share of each shade.
  private var limit: Double { [0.005, 0.01, 0.03, 0.1, 1][rawValue] }

  /// `nil` for a pair that never occurred.
  init?(count: Int, of support: Int) {
    guard count > 0, support > 0 else { return nil }
    let share = Double(count) / Double(support)
    self = Self.allCases.first { share <= $0.limit } ?? .full
  }

  func glyph(for terminal: Terminal) -> String {
    (terminal.allowsUnicode ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "#", "@"])[rawValue]
  }

  /// The glyph's weight.
  var weight: Style.Weight? { self == .faint ? .dim : textWeight }

  /// The weight of a number or a bar, which must be readable however small the share.
  var textWeight: Style.Weight? { [nil, nil, .yellow, .red, .boldRed][rawValue] }

  /// `to 3 %`
  var rangeText: String { self == .full ? "more" : "to " + percent(limit, limit < 0.01 ? 1 : 0) }
}
