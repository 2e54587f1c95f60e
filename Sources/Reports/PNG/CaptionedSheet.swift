import Analysis
import Datasets
import Formats
import Metrics

/// Pictures in rows, each with a few words under it, as a PNG: ink on paper.
public struct CaptionedSheet {
  /// A picture and what it is.
  public struct Cell {
    /// The pixels, background 0 and ink 255.
    public let image: [UInt8]
    /// Such as `8 → 9`; what does not fit is cut off.
    public let caption: String

    public init(image: [UInt8], caption: String) {
      self.image = image
      self.caption = caption
    }
  }

  private let columns: Int
  private let height: Int
  private let width: Int
  /// How many pixels of the sheet one of a picture's becomes, along each axis.
  private let scale: Int

  /// The pixels under a picture that belong to its caption.
  private static let captionHeight = 2 * PixelFont.height + 4
  /// About as wide a picture should be.
  private static let targetWidth = 84

  /// A sheet of `columns` pictures of `height` × `width` pixels in a row.
  public init(columns: Int = 10, height: Int, width: Int) {
    self.columns = columns
    self.height = height
    self.width = width
    scale = max(1, Self.targetWidth / width)
  }

  /// The PNG of these cells, at least one.
  public func png(_ cells: [Cell]) -> [UInt8] {
    let sheet = ContactSheet(columns: columns, gap: 8, background: 255).render(
      images: cells.map(pixels), height: height * scale + Self.captionHeight,
      width: width * scale)
    return PNG.encode(gray: sheet.pixels, width: sheet.width, height: sheet.height)
  }

  private func pixels(of cell: Cell) -> [UInt8] {
    let enlarged = ContactSheet(columns: 1, scale: scale, gap: 0)
      .render(images: [cell.image], height: height, width: width).pixels
    var pixels = enlarged.map { 255 - $0 }
    pixels += repeatElement(255, count: Self.captionHeight * width * scale)
    draw(cell.caption, into: &pixels)
    return pixels
  }

  /// Writes the caption in the middle, twice as large if it fits.
  private func draw(_ caption: String, into pixels: inout [UInt8]) {
    let (sheetWidth, top) = (width * scale, height * scale + 3)
    let size = PixelFont.width(of: caption) * 2 <= sheetWidth ? 2 : 1
    let text = caption.prefix((sheetWidth / size + 1) / PixelFont.advance)
    let left = (sheetWidth - PixelFont.width(of: String(text)) * size) / 2
    PixelFont.draw(
      String(text), size: size, ink: 0, x: left, y: top, into: &pixels, width: sheetWidth)
  }
}

/// A run's mistakes, to be looked at.
public struct MistakeSheet {
  private let labels: [String]
  private let matrix: ConfusionMatrix
  private let mistakes: [RecordedPrediction]
  private let images: ImageSet

  /// - Parameter images: those that the run was tested on.
  public init(_ record: RunRecord, _ test: RecordedTest, images: ImageSet) {
    matrix = test.confusion
    labels = matrix.labels
    self.images = images
    // The surest first; where a probability is not a number, last.
    mistakes = record.predictions.filter { !$0.prediction.isCorrect }.sorted {
      (-$0.sureness, $0.index) < (-$1.sureness, $1.index)
    }
  }

  /// The surest mistakes with `true → predicted` under each, as a PNG; `nil` if there is none.
  public func png(limit: Int) -> (bytes: [UInt8], count: Int)? {
    let cells = mistakes.prefix(limit).map { mistake in
      let prediction = mistake.prediction
      return CaptionedSheet.Cell(
        image: images.image(mistake.index),
        caption: "\(labels[Int(prediction.trueClass)])→\(labels[Int(prediction.predictedClass)])")
    }
    guard !cells.isEmpty else { return nil }
    let sheet = CaptionedSheet(height: images.height, width: images.width)
    return (sheet.png(cells), cells.count)
  }

  /// The pairs of classes most often mixed up, each with its surest mistakes.
  public func rows(
    _ limit: Int, terminal: Terminal
  ) -> [(name: String, images: [[UInt8]])] {
    let arrow = terminal.allowsUnicode ? "→" : ">"
    return matrix.topConfusions(limit).map { pair in
      let own = mistakes.filter {
        Int($0.prediction.trueClass) == pair.trueClass
          && Int($0.prediction.predictedClass) == pair.predictedClass
      }
      return (
        labels[pair.trueClass] + arrow + labels[pair.predictedClass],
        own.map { images.image($0.index) }
      )
    }
  }
}

extension RecordedPrediction {
  fileprivate var sureness: Double {
    prediction.probability.isNaN ? -1 : prediction.probability
  }
}
