import Support

/// How one grey picture becomes lines of characters, all pictures being of one size.
struct TerminalPicture {
  private enum Ink {
    /// Two shades of the 256 colours: a half block's own and the background's.
    case halfBlocks
    /// Shades of the background.
    case spaces
    /// Two columns and four rows of dots a character.
    case dots
    /// Characters of growing blackness.
    case characters
  }

  private let height: Int
  private let width: Int
  private let ink: Ink
  /// The picture's pixels that make up one point, along each axis.
  private let shrinking: Int
  /// The points of a character, across and down.
  private let cell: (width: Int, height: Int)

  /// In characters.
  let columns: Int
  let rows: Int

  init(height: Int, width: Int, terminal: Terminal) {
    self.height = height
    self.width = width
    switch (terminal.allowsColor, terminal.allowsUnicode) {
    case (true, true): (ink, cell) = (.halfBlocks, (1, 2))
    case (true, false): (ink, cell) = (.spaces, (1, 2))
    case (false, true): (ink, cell) = (.dots, (2, 4))
    case (false, false): (ink, cell) = (.characters, (1, 2))
    }
    let room = GlyphText.largestWidth * cell.width
    shrinking = (width + room - 1) / room
    columns = (width + shrinking * cell.width - 1) / (shrinking * cell.width)
    rows = (height + shrinking * cell.height - 1) / (shrinking * cell.height)
  }

  /// The picture's lines, each of ``columns`` characters.
  func lines(_ pixels: [UInt8]) -> [String] {
    (0..<rows).map { row in
      switch ink {
      case .halfBlocks: halfBlocks(row, of: pixels)
      case .spaces: shaded(row, of: pixels)
      case .dots: dots(row, of: pixels)
      case .characters: characters(row, of: pixels)
      }
    }
  }

  private func halfBlocks(_ row: Int, of pixels: [UInt8]) -> String {
    var line = ""
    var last = (-1, -1)
    for column in 0..<columns {
      let colors = (
        Self.color(point(2 * row, column, pixels)), Self.color(point(2 * row + 1, column, pixels))
      )
      if colors != last { line += "\u{1B}[38;5;\(colors.0);48;5;\(colors.1)m" }
      line += "▀"
      last = colors
    }
    return line + "\u{1B}[0m"
  }

  private func shaded(_ row: Int, of pixels: [UInt8]) -> String {
    (0..<columns).map { "\u{1B}[48;5;\(Self.color(mean(row, $0, pixels)))m " }.joined()
      + "\u{1B}[0m"
  }

  private func characters(_ row: Int, of pixels: [UInt8]) -> String {
    let ramp = Array(" .:-=+*#%@")
    return String((0..<columns).map { ramp[mean(row, $0, pixels) * (ramp.count - 1) / 255] })
  }

  /// Braille patterns: the bits of the dots of a character's two columns, from the top.
  private func dots(_ row: Int, of pixels: [UInt8]) -> String {
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var line = ""
    for column in 0..<columns {
      var pattern: UInt32 = 0x2800
      for down in 0..<4 {
        for across in 0..<2 where point(4 * row + down, 2 * column + across, pixels) > 96 {
          pattern |= bits[down][across]
        }
      }
      line.unicodeScalars.append(UnicodeScalar(pattern) ?? " ")
    }
    return line
  }

  /// The mean of a character's two points.
  private func mean(_ row: Int, _ column: Int, _ pixels: [UInt8]) -> Int {
    (point(2 * row, column, pixels) + point(2 * row + 1, column, pixels)) / 2
  }

  /// The mean of the pixels of a point, 0 outside the picture.
  private func point(_ row: Int, _ column: Int, _ pixels: [UInt8]) -> Int {
    var sum = 0
    for r in row * shrinking..<(row + 1) * shrinking where r < height {
      for c in column * shrinking..<(column + 1) * shrinking where c < width {
        sum += Int(pixels[r * width + c])
      }
    }
    return sum / (shrinking * shrinking)
  }

  /// The nearest of the 256 colours' black, 24 greys from 8 to 238 in steps of 10, and white.
  private static func color(_ gray: Int) -> Int {
    if gray < 4 { return 16 }
    return gray > 246 ? 231 : 232 + min(max(gray - 3, 0) / 10, 23)
  }
}
