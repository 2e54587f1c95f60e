import Analysis
import Support

/// What pictures show, as a person reads it: on a terminal with shades beside what the network saw,
/// elsewhere a line for each.
public struct PredictionText {
  private let labels: [String]
  /// The classes shown of each picture.
  private let count: Int
  private let terminal: Terminal

  public init(labels: [String], top count: Int, terminal: Terminal) {
    self.labels = labels.map(\.shown)
    self.count = count
    self.terminal = terminal
  }

  /// The predictions of a file, each line ended by a line break.
  public func text(_ predictions: [PicturePrediction]) -> String {
    predictions.map { prediction in
      let file = prediction.file.shown
      let name = predictions.count > 1 ? "\(file) \(prediction.index)" : file
      return terminal.allowsColor ? block(prediction, name) : line(prediction, name)
    }.joined()
  }

  /// A page: what its lines read, and a line for each character, each ended by a line break.
  public func text(_ page: SegmentedPicture) -> String {
    let count = page.characters.count
    var text = "\(page.file.shown): \(counted(count, "character"))\n"
    for line in page.lines(labels: labels) { text += "  \(line)\n" }
    for character in page.characters {
      guard let box = character.place?.box else { continue }
      let place =
        "(\(box.columns.lowerBound), \(box.rows.lowerBound)) "
        + "\(box.columns.count) x \(box.rows.count)"
      text += line(character, "  \(character.index) at \(place)")
    }
    return text
  }

  /// `scan.png: A 97.3 %, H 1.2 %, 4 0.4 %`
  private func line(_ prediction: PicturePrediction, _ name: String) -> String {
    let classes = prediction.top(count).map { "\(labels[$0.class]) \(percent($0.probability, 1))" }
    let remarks = prediction.picture.remarks.map { " (\($0.description))" }.joined()
    let verdict = prediction.isCharacter == false ? "\(Self.rejection); nearest " : ""
    return "\(name): \(verdict)\(classes.joined(separator: ", "))\(remarks)\n"
  }

  private func block(_ prediction: PicturePrediction, _ name: String) -> String {
    let style = Style(terminal)
    let picture = TerminalPicture(
      height: prediction.height, width: prediction.width, terminal: terminal)
    let glyph = picture.lines(prediction.picture.pixels)
    let width = prediction.top(count).map { labels[$0.class].columnCount }.max() ?? 0
    let classes = prediction.top(count).enumerated().map { rank, best in
      let label = labels[best.class].filled(right: width)
      return style(rank == 0 ? .bold : nil, label) + percent(best.probability, 1).filled(left: 9)
    }
    let remarks = prediction.picture.remarks.map { style(.dim, $0.description) }
    let verdict = prediction.isCharacter == false ? [style(.bold, Self.rejection)] : []
    let texts =
      [name, style(.dim, Self.story(prediction.picture))] + remarks + verdict + classes
    let blank = String(repeating: " ", count: picture.columns)
    let room = max(1, terminal.width - picture.columns - 2)
    return (0..<max(glyph.count, texts.count)).map { row in
      let left = row < glyph.count ? glyph[row] : blank
      guard row < texts.count else { return left + "\n" }
      return left + "  " + (row == 0 ? texts[row].cut(to: room) : texts[row]) + "\n"
    }.joined() + "\n"
  }

  private static let rejection = "not a character"

  /// What was done to the picture.
  private static func story(_ picture: PreparedPicture) -> String {
    let polarity = picture.isInkDark ? "dark ink" : "light ink"
    return polarity
      + (picture.isFitted ? ", brought into the training images' form" : ", taken as it is")
  }
}

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
    labelWidth = min(labels.map(\.shown.columnCount).max() ?? 0, 10)
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
        let name = style(
          isMiddle ? .bold : nil, (isMiddle ? label.shown : "").filled(right: labelWidth))
        let pictures = lines.map { $0[line] }.joined(separator: " ")
        text += "\(name) \(pictures)".withoutTrailingSpace + "\n"
      }
    }
    return text
  }
}
