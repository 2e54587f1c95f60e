import Support

/// Small grey pictures in a terminal, a row for each label.
///
/// Pictures are shrunk to at most 14 columns. A character shows two pixels, one above the other:
/// in shades of grey where there is colour, else as eight dots, else as one of ten characters.
public struct GlyphText {
  /// The most columns of a picture.
  static let largestWidth = 14

  private let terminal: Terminal
  private let picture: TerminalPicture
  private let labelWidth: Int
  /// The pictures that fit beside each other behind a label.
  public let columns: Int

  /// A view of pictures of `height` × `width` pixels, ink 255, with these labels.
  public init(labels: [String], height: Int, width: Int, terminal: Terminal) {
    self.terminal = terminal
    picture = TerminalPicture(height: height, width: width, terminal: terminal)
    labelWidth = min(labels.map(\.columnCount).max() ?? 0, 10)
    columns = max(1, (terminal.width - labelWidth - 1) / (picture.columns + 1))
  }

  /// A row, each line ended by a line break; pictures that do not fit go to the next lines.
  public func row(_ label: String, images: [[UInt8]]) -> String {
    let style = Style(terminal)
    var text = ""
    for start in stride(from: 0, to: images.count, by: columns) {
      let lines = images[start..<min(start + columns, images.count)].map(picture.lines)
      for line in 0..<picture.rows {
        let isMiddle = start == 0 && line == picture.rows / 2
        let name = style(isMiddle ? .bold : nil, (isMiddle ? label : "").filled(right: labelWidth))
        let pictures = lines.map { $0[line] }.joined(separator: " ")
        text += "\(name) \(pictures)".withoutTrailingSpace + "\n"
      }
    }
    return text
  }
}
