import Configuration
import Datasets
import Formats
import Metrics

/// A picture in colours.
struct RGBPicture {
  let png: [UInt8]
  let width: Int
  let height: Int

  /// From ink, 0 to 255: white to a dark blue.
  fileprivate init(ink: [UInt8], width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    png = PNG.encode(
      rgb: ink.flatMap { value in
        Self.darkest.map { UInt8(255 - (255 - $0) * Int(value) / 255) }
      }, width: width, height: height)
  }

  private static let darkest = [8, 48, 107]
}

/// What TensorBoard shows as pictures.
enum TrainingPictures {
  private static let columns = 8

  /// Sixty-four training images; where they are varied, eight of them, and beside each what becomes of
  /// it in the first seven epochs.
  ///
  /// - Returns: `nil` of no images.
  static func samples(
    of training: Selection, _ configuration: TrainingConfiguration
  ) -> RGBPicture? {
    let images = training.images
    let isVaried = !configuration.augmentation.augmentation.isIdentity
    let count = min(training.count, isVaried ? columns : columns * columns)
    guard count > 0 else { return nil }
    let places = (0..<count).map { Int(training.indices[$0 * training.count / count]) }
    let preview = AugmentationPreview(
      images, configuration.augmentation, seed: configuration.seed)
    let pictures = places.flatMap { preview.pictures(of: $0, count: isVaried ? columns : 1) }
    let sheet = ContactSheet(columns: columns, scale: 2, gap: 4, background: 0)
      .render(images: pictures, height: images.height, width: images.width)
    return RGBPicture(ink: sheet.pixels, width: sheet.width, height: sheet.height)
  }

  /// The classes that a matrix shows at most.
  private static let mostClasses = 100

  /// A row for each true class, a column for each answer; ink is the root of the share of the row, so
  /// that a mistake in a hundred is seen.
  static func confusion(_ matrix: ConfusionMatrix) -> RGBPicture {
    let matrix =
      matrix.classCount > mostClasses
      ? matrix.restricted(to: matrix.mostConfused(mostClasses)) : matrix
    let labels = matrix.labels
    let widest = min(6, labels.map(\.count).max() ?? 1)
    let captions = labels.map { String($0.prefix(widest)) }
    // Of a cell a side, and the room for the names of the rows.
    let side = max(12, 480 / labels.count)
    let margin = PixelFont.width(of: String(repeating: "0", count: widest)) + 6
    let extent = margin + labels.count * side
    var sheet = Sheet(extent)
    for (row, supports) in zip(labels.indices, matrix.supports) {
      for column in labels.indices where matrix[row, column] > 0 {
        let share = Double(matrix[row, column]) / Double(supports)
        sheet.fill(
          margin + row * side, margin + column * side, side - 1,
          UInt8((255 * share.squareRoot()).rounded()))
      }
      let (middle, caption) = (margin + row * side + side / 2, captions[row])
      sheet.write(caption, middle - PixelFont.height / 2, margin - 3)
      // Above the columns only what is not wider than they are.
      let above = String(caption.prefix(max(1, (side + 1) / PixelFont.advance)))
      sheet.write(
        above, margin - PixelFont.height - 3, middle + PixelFont.width(of: above) / 2)
    }
    return RGBPicture(ink: sheet.ink, width: extent, height: extent)
  }

  /// A square to draw on, in ink from 0 to 255.
  private struct Sheet {
    private(set) var ink: [UInt8]
    private let extent: Int

    init(_ extent: Int) {
      self.extent = extent
      ink = [UInt8](repeating: 0, count: extent * extent)
    }

    mutating func fill(_ top: Int, _ left: Int, _ side: Int, _ value: UInt8) {
      for row in top..<top + side {
        for column in left..<left + side { ink[row * extent + column] = value }
      }
    }

    /// Writes a text that ends before a column.
    mutating func write(_ text: String, _ top: Int, _ right: Int) {
      PixelFont.draw(
        text, size: 1, ink: 255, x: right - PixelFont.width(of: text), y: top, into: &ink,
        width: extent)
    }
  }
}
