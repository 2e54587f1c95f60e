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

extension CharacterForm {
  /// As a checkpoint keeps it.
  public var json: JSONObject {
    [
      "centering": .string(centering.rawValue), "ink": .string(isInkDark ? "dark" : "bright"),
      "longer_side": longerSide.json, "x": x.json, "y": y.json, "stroke": stroke.json,
      "softness": softness.json,
    ]
  }

  /// Reads what ``json`` wrote; `nil` for anything else.
  public init?(_ json: JSONObject) {
    guard let centering = json["centering"]?.string.flatMap(Centering.init),
      let ink = json["ink"]?.string, ink == "dark" || ink == "bright",
      let longerSide = Spread(json["longer_side"], 1...4096), let x = Spread(json["x"], 0...4096),
      let y = Spread(json["y"], 0...4096), let stroke = Spread(json["stroke"], 1e-3...4096),
      let softness = Spread(json["softness"], 0...4096)
    else { return nil }
    (self.centering, isInkDark) = (centering, ink == "dark")
    (self.longerSide, self.x, self.y) = (longerSide, x, y)
    (self.stroke, self.softness) = (stroke, softness)
  }

  /// The form for a checkpoint that was written before forms were measured: that of MNIST's images
  /// for the sets known to have it, else that of EMNIST's, enlarged to the height of the images.
  public static func known(ofDataset name: String, height: Int) -> CharacterForm {
    let isMNIST = [.mnist, .qmnist].contains(KnownDataset(rawValue: name))
    let scale = Double(height) / 28
    func spread(_ numbers: Double...) -> Spread { Spread(numbers.map { $0 * scale }) }
    return isMNIST
      ? CharacterForm(
        centering: .mass, longerSide: spread(18.9, 19.7, 19.97, 20, 20.2),
        x: spread(13.8, 14.1, 14.5, 14.9, 15.1), y: spread(13.8, 14.1, 14.5, 14.9, 15.1),
        stroke: spread(1.3, 1.77, 2.34, 3.24, 5), softness: spread(0.6, 0.93, 1.06, 1.14, 1.4))
      : CharacterForm(
        centering: .box, longerSide: spread(18, 20.6, 22.5, 23.7, 25),
        x: spread(13.2, 13.8, 14.01, 14.2, 14.8), y: spread(13.3, 13.9, 14.01, 14.2, 14.8),
        stroke: spread(1.4, 2.08, 2.84, 3.92, 5.6), softness: spread(0.8, 1.2, 1.67, 2.2, 3.2))
  }

  private init(
    centering: Centering, longerSide: Spread, x: Spread, y: Spread, stroke: Spread,
    softness: Spread
  ) {
    (self.centering, isInkDark) = (centering, false)
    (self.longerSide, self.x, self.y) = (longerSide, x, y)
    (self.stroke, self.softness) = (stroke, softness)
  }
}

extension CharacterForm.Spread {
  fileprivate var json: JSONValue {
    .array([least, low, median, high, most].map(JSONValue.number))
  }

  /// Five numbers, none lower than the one before.
  fileprivate init(_ numbers: [Double]) {
    (least, low, median) = (numbers[0], numbers[1], numbers[2])
    (high, most) = (numbers[3], numbers[4])
  }

  fileprivate init?(_ json: JSONValue?, _ bounds: ClosedRange<Double>) {
    guard let numbers = json?.array?.compactMap(\.double), numbers.count == 5,
      numbers.allSatisfy(bounds.contains), zip(numbers, numbers.dropFirst()).allSatisfy(<=)
    else { return nil }
    self.init(numbers)
  }
}
