import Datasets
import Formats

/// Rows of pictures of one size with a label before each row, as a PNG: white on grey.
public struct LabelledRows {
  private let columns: Int
  private let height: Int
  private let width: Int

  private static let scale = 2
  private static let gap = 2
  private static let letter = 2
  private static let longestLabel = 14
  private static let background: UInt8 = 64

  /// Rows of at most `columns` pictures of `height` × `width` bytes.
  public init(columns: Int, height: Int, width: Int) {
    (self.columns, self.height, self.width) = (columns, height, width)
  }

  /// The PNG of at least one row, and its size in pixels. A row that is not full ends in black.
  public func png(
    _ rows: [(label: String, images: [[UInt8]])]
  ) -> (bytes: [UInt8], width: Int, height: Int) {
    let blank = [UInt8](repeating: 0, count: height * width)
    let sheet = ContactSheet(
      columns: columns, scale: Self.scale, gap: Self.gap, background: Self.background
    ).render(
      images: rows.flatMap { $0.images + repeatElement(blank, count: columns - $0.images.count) },
      height: height, width: width)
    let labels = rows.map { String($0.label.prefix(Self.longestLabel)) }
    let margin = 3 * Self.gap + (labels.map(PixelFont.width).max() ?? 0) * Self.letter
    let total = margin + sheet.width
    var pixels = [UInt8](repeating: Self.background, count: total * sheet.height)
    for y in 0..<sheet.height {
      pixels.replaceSubrange(
        y * total + margin..<(y + 1) * total,
        with: sheet.pixels[y * sheet.width..<(y + 1) * sheet.width])
    }
    let rowHeight = height * Self.scale + Self.gap
    for (row, label) in labels.enumerated() {
      PixelFont.draw(
        label, size: Self.letter, ink: 255,
        x: margin - Self.gap - PixelFont.width(of: label) * Self.letter,
        y: Self.gap + row * rowHeight + max(0, rowHeight - PixelFont.height * Self.letter) / 2,
        into: &pixels, width: total)
    }
    return (PNG.encode(gray: pixels, width: total, height: sheet.height), total, sheet.height)
  }
}
