import Analysis
import Formats

/// A page with a frame around every character that was found, and what it was taken for above it.
public enum SegmentPicture {
  private static let frame: UInt8 = 128

  /// The PNG of a page.
  public static func png(of page: SegmentedPicture, labels: [String]) -> [UInt8] {
    let picture = page.picture
    var pixels = picture.pixels
    for character in page.characters {
      guard let box = character.place?.box else { continue }
      outline(box, in: &pixels, width: picture.width, height: picture.height)
      write(
        labels[character.top(1)[0].class], above: box, isInkDark: character.picture.isInkDark,
        in: &pixels, width: picture.width, height: picture.height)
    }
    return PNG.encode(gray: pixels, width: picture.width, height: picture.height)
  }

  private static func outline(
    _ box: InkBox, in pixels: inout [UInt8], width: Int, height: Int
  ) {
    let (left, right) = (
      max(0, box.columns.lowerBound - 2), min(width - 1, box.columns.upperBound + 1)
    )
    let (top, bottom) = (max(0, box.rows.lowerBound - 2), min(height - 1, box.rows.upperBound + 1))
    for x in left...right { (pixels[top * width + x], pixels[bottom * width + x]) = (frame, frame) }
    for y in top...bottom { (pixels[y * width + left], pixels[y * width + right]) = (frame, frame) }
  }

  /// Writes above a box, or below it at the upper edge.
  private static func write(
    _ label: String, above box: InkBox, isInkDark: Bool, in pixels: inout [UInt8], width: Int,
    height: Int
  ) {
    let size = max(1, box.rows.count / 40)
    let above = box.rows.lowerBound - 4 - PixelFont.height * size
    let top = above >= 0 ? above : box.rows.upperBound + 4
    for (place, character) in label.enumerated() {
      let left = box.columns.lowerBound + place * PixelFont.advance * size
      for (number, hasInk) in PixelFont.pixels(of: character).enumerated() where hasInk {
        for down in 0..<size {
          for across in 0..<size {
            let (x, y) = (left + number % 5 * size + across, top + number / 5 * size + down)
            guard x < width, (0..<height).contains(y) else { continue }
            pixels[y * width + x] = isInkDark ? 0 : 255
          }
        }
      }
    }
  }
}
