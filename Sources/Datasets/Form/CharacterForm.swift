import Support

/// How the characters of a data set sit in their images, as measured: what a picture must be brought
/// into for a network that learned from them.
public struct CharacterForm: Equatable, Sendable {
  /// What was put into the middle when the images were made.
  public enum Centering: String, CaseIterable, Sendable { case box, mass }

  /// What a measure comes to over the images.
  public struct Spread: Equatable, Sendable {
    /// A hundredth is lower.
    public let least: Double
    /// A tenth is lower.
    public let low: Double
    public let median: Double
    /// A tenth is higher.
    public let high: Double
    /// A hundredth is higher.
    public let most: Double

    init(of values: [Double]) {
      let sorted = values.sorted()
      func quantile(_ percent: Int) -> Double { sorted[(sorted.count - 1) * percent / 100] }
      (least, low, median) = (quantile(1), quantile(10), quantile(50))
      (high, most) = (quantile(90), quantile(99))
    }

    func holds(_ value: Double) -> Bool { least <= value && value <= most }
  }

  public let centering: Centering
  /// Whether ink is dark in the images, on light paper.
  public let isInkDark: Bool
  /// The longer side of the box around a character, in pixels.
  public let longerSide: Spread
  /// Where the middle of the box lies, or of the mass.
  public let x: Spread
  public let y: Spread
  /// The width of strokes and the softness of their edges, in pixels.
  public let stroke: Spread
  public let softness: Spread

  /// The most images that are measured.
  private static let sampleCount = 500

  /// Measures images, evenly spread over a selection.
  ///
  /// - Returns: `nil` if there is nothing to measure.
  public init?(of selection: Selection) {
    let images = selection.images
    let step = max(1, (selection.count + Self.sampleCount - 1) / Self.sampleCount)
    let sample = stride(from: 0, to: selection.count, by: step).map { position in
      let start = Int(selection.indices[position]) * images.imageSize
      return images.pixels[start..<start + images.imageSize]
    }
    // Paper is what most of the images' borders are.
    let borders = sample.map { Self.borderMean($0, images.height, images.width) }.sorted()
    guard !borders.isEmpty else { return nil }
    let isInkDark = borders[borders.count / 2] > 127
    self.init(
      of: sample.compactMap { image in
        Self.measures(isInkDark ? image.map { 255 - $0 } : Array(image), width: images.width)
      }, isInkDark: isInkDark)
  }

  /// - Returns: `nil` if there are no measures.
  init?(of measures: [CharacterMeasures], isInkDark: Bool) {
    guard !measures.isEmpty else { return nil }
    func spread(_ value: (CharacterMeasures) -> Double) -> Spread {
      Spread(of: measures.map(value))
    }
    let (boxX, boxY) = (spread(\.boxX), spread(\.boxY))
    let (massX, massY) = (spread(\.massX), spread(\.massY))
    // What was put into the middle varies less.
    centering =
      max(boxX.high - boxX.low, boxY.high - boxY.low)
        <= max(massX.high - massX.low, massY.high - massY.low) ? .box : .mass
    (x, y) = centering == .box ? (boxX, boxY) : (massX, massY)
    self.isInkDark = isInkDark
    longerSide = spread(\.longerSide)
    stroke = spread(\.stroke)
    softness = spread(\.softness)
  }

  /// The measures of an image with bright ink; `nil` for one without ink.
  public static func measures(_ pixels: [UInt8], width: Int) -> CharacterMeasures? {
    guard let most = pixels.max(), most > 0 else { return nil }
    return CharacterMeasures(pixels.map { Double($0) / Double(most) }, width: width)
  }

  /// Whether images of these measures, at least one, are of the form already: a single one lies
  /// within the spread, or the middle of several.
  public func holds(_ measures: [CharacterMeasures]) -> Bool {
    guard let middle = CharacterForm(of: measures, isInkDark: isInkDark) else { return false }
    func median(_ box: (CharacterMeasures) -> Double, _ mass: (CharacterMeasures) -> Double)
      -> Double
    { Spread(of: measures.map(centering == .box ? box : mass)).median }
    return longerSide.holds(middle.longerSide.median) && stroke.holds(middle.stroke.median)
      && softness.holds(middle.softness.median)
      && x.holds(median(\.boxX, \.massX)) && y.holds(median(\.boxY, \.massY))
  }

  private static func borderMean(_ image: ArraySlice<UInt8>, _ height: Int, _ width: Int) -> Int {
    var (sum, count) = (0, 0)
    for (place, value) in image.enumerated() {
      let (row, column) = (place / width, place % width)
      guard row == 0 || row == height - 1 || column == 0 || column == width - 1 else { continue }
      sum += Int(value)
      count += 1
    }
    return sum / count
  }
}
