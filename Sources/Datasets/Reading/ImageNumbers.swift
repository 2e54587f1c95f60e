import Formats

/// The numbers of a part's images in whichever of the usual shapes, before they are pixels.
struct ImageNumbers {
  private var numbers: NumberArray
  private let layout: Layout
  let size: ImageSize
  let count: Int
  let extent: NumberExtent
  private(set) var decisions: [DataDecision] = []

  private enum Layout {
    /// `[N, H, W]`.
    case gray
    /// `[N, H, W, 3]`.
    case channelsLast
    /// `[N, 3, H, W]`.
    case channelsFirst
  }

  /// Images of `[N, H, W]`, `[N, H, W, 1]`, `[N, 1, H, W]`, `[N, H·W]`, `[N, H, W, 3]` or
  /// `[N, 3, H, W]`, or of MATLAB's `[H, W, N]` and `[H, W, 3, N]` if there are as many labels.
  ///
  /// - Parameters:
  ///   - labelCount: tells which dimension numbers the images.
  ///   - wanted: the size of the pictures that flat rows are cut into; `nil` for squares.
  /// - Throws: ``DatasetError``.
  init(_ array: NumberArray, labelCount: Int?, wanted: ImageSize?, path: String) throws {
    let shape = array.shape
    let isLast =
      shape.count > 2 && labelCount != nil && shape.first != labelCount && shape.last == labelCount
    let array = isLast ? array.movingLastDimensionFirst() : array
    if isLast { decisions.append(.imagesLast) }
    func refused() -> DatasetError {
      .notImages(path: path, found: Self.text(shape, array.element))
    }
    guard let count = array.shape.first, count > 0 else { throw refused() }
    guard count <= Int(Int32.max) else {
      throw DatasetError.tooManyImages(path: path, count: count)
    }
    var inner = Array(array.shape.dropFirst())
    let isFlat = inner.count == 2 && inner.contains(1) && inner.contains { $0 >= 16 }
    if inner.count == 3 || isFlat {
      if inner.last == 1 { inner.removeLast() } else if inner.first == 1 { inner.removeFirst() }
    }
    switch (inner.count, wanted) {
    case (1, let wanted):
      guard let size = wanted ?? ImageSize(squareOf: inner[0]), size.count == inner[0] else {
        throw DatasetError.unclearSize(path: path, count: inner[0], wanted: wanted)
      }
      self.size = size
      layout = .gray
      decisions.append(.flat(count: inner[0], size))
    case (2, _):
      (size, layout) = (ImageSize(height: inner[0], width: inner[1]), .gray)
    case (3, _) where inner[2] == 3:
      (size, layout) = (ImageSize(height: inner[0], width: inner[1]), .channelsLast)
    case (3, _) where inner[0] == 3:
      (size, layout) = (ImageSize(height: inner[1], width: inner[2]), .channelsFirst)
    default: throw refused()
    }
    guard size.count > 1 else { throw refused() }
    guard size.height <= Self.largestSide, size.width <= Self.largestSide else {
      throw DatasetError.imagesTooLarge(path: path, size: size, most: Self.largestSide)
    }
    if layout != .gray { decisions.append(.gray) }
    // Bytes are on their scale, unless they are marks, 0 and 1, or of four bits; a few pixels do not
    // tell the latter.
    let most: UInt8 = array.count < 1000 ? 1 : 16
    let areBytes = array.element == .uint8 && array.bytes.contains { $0 > most }
    extent =
      areBytes ? NumberExtent(smallest: 0, largest: 255, isWhole: true) : array.extent
    if let place = extent.firstNonFinite {
      throw DatasetError.notFinite(path: path, index: place / (array.count / count))
    }
    numbers = array
    self.count = count
  }

  /// The longest side of a picture, in pixels.
  static let largestSide = 2048

  /// The pixels, `[N, H, W]`, which are no longer kept here: whoever turns them in place would copy
  /// them otherwise.
  mutating func takePixels(_ scale: PixelScale) -> [UInt8] {
    let numbers = numbers
    self.numbers = NumberArray(.uint8, [0], bytes: [])
    let bytes =
      numbers.element == .uint8 && scale == .bytes
      ? numbers.bytes : numbers.scaledToBytes(offset: scale.lowest, factor: scale.factor)
    switch layout {
    case .gray: return bytes
    case .channelsLast: return Self.gray(bytes, size.count, step: 3, channelStep: 1)
    case .channelsFirst: return Self.gray(bytes, size.count, step: 1, channelStep: size.count)
    }
  }

  /// The scale by which the numbers are pixels, as far as they tell.
  var scale: PixelScale { PixelScale(of: numbers, extent: extent) }

  private static func gray(
    _ bytes: [UInt8], _ size: Int, step: Int, channelStep: Int
  ) -> [UInt8] {
    var gray = [UInt8](repeating: 0, count: bytes.count / 3)
    var pixels = gray.mutableSpan
    var count = 0
    for image in stride(from: 0, to: bytes.count, by: 3 * size) {
      for pixel in 0..<size {
        let place = image + pixel * step
        pixels[count] = GrayPicture.luminance(
          Int(bytes[place]), Int(bytes[place + channelStep]), Int(bytes[place + 2 * channelStep]))
        count += 1
      }
    }
    return gray
  }

  static func text(_ shape: [Int], _ element: NumberArray.Element) -> String {
    "\(element.rawValue) of \(NumberArray.text(of: shape))"
  }
}

extension NumberArray {
  /// `[H, W, N]` as `[N, H, W]`, and so on.
  fileprivate func movingLastDimensionFirst() -> NumberArray {
    guard let last = shape.last, last > 0, !bytes.isEmpty else { return self }
    let (size, rest) = (element.size, count / last)
    var moved = [UInt8](repeating: 0, count: bytes.count)
    var target = moved.mutableSpan
    var written = 0
    for image in 0..<last {
      for pixel in 0..<rest {
        let from = (pixel * last + image) * size
        for byte in from..<from + size {
          target[written] = bytes[byte]
          written += 1
        }
      }
    }
    return NumberArray(
      element, [last] + shape.dropLast(), bytes: moved, isBigEndian: isBigEndian)
  }
}
