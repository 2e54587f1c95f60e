import Support

/// What `IHDR` says.
struct PNGHeader {
  enum Color: UInt8 {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    /// The samples of a pixel.
    var channels: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }

    fileprivate var depths: [Int] {
      switch self {
      case .gray: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      case .rgb, .grayAlpha, .rgba: [8, 16]
      }
    }
  }

  let width: Int
  let height: Int
  /// Bits a sample.
  let depth: Int
  let color: Color
  let isInterlaced: Bool

  /// - Parameter byte: where in the file the chunk begins.
  /// - Throws: ``PNGError``.
  init(_ content: ArraySlice<UInt8>, byte: Int, path: String) throws(PNGError) {
    func failure(_ problem: PNGError.Problem) -> PNGError {
      PNGError(path: path, problem: problem)
    }
    let bytes = Array(content)
    guard bytes.count == 13 else {
      throw failure(
        .chunkSize(type: "IHDR", byte: byte, found: bytes.count, expected: "13"))
    }
    width = Int(bigEndian: bytes[0..<4])
    height = Int(bigEndian: bytes[4..<8])
    for (name, extent) in [("width", width), ("height", height)] {
      guard (1...Int(Int32.max)).contains(extent) else {
        throw failure(.emptyDimension(name: name))
      }
    }
    guard width <= GrayPicture.mostPixels / height else {
      throw failure(.tooLarge(width: width, height: height))
    }
    guard let color = Color(rawValue: bytes[9]) else { throw failure(.colorType(bytes[9])) }
    (depth, self.color) = (Int(bytes[8]), color)
    guard color.depths.contains(depth) else {
      throw failure(.depth(depth, colorType: bytes[9], choices: color.depths))
    }
    isInterlaced = bytes[12] == 1
    for (name, value, choices) in [
      ("compression", bytes[10], [0]), ("filter", bytes[11], [0]),
      ("interlace", bytes[12], [0, 1]),
    ] {
      guard choices.contains(Int(value)) else {
        throw failure(.method(name: name, value: value, choices: choices))
      }
    }
  }

  /// The bytes of a row of `count` pixels.
  func rowSize(_ count: Int) -> Int { (count * color.channels * depth + 7) / 8 }

  /// The distance, in bytes, to the pixel before, which filters look at.
  var pixelSize: Int { max(1, color.channels * depth / 8) }

  /// The pictures that the pixels are stored as, without those that have none.
  var passes: [PNGPass] {
    let all =
      isInterlaced
      ? [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ] : [(0, 0, 1, 1)]
    return all.map { PNGPass(x: $0.0, y: $0.1, stepX: $0.2, stepY: $0.3, of: self) }
      .filter { $0.width > 0 && $0.height > 0 }
  }

  /// The bytes of all pixels, with the number of its filter before each row.
  var dataSize: Int { passes.reduce(0) { $0 + $1.height * (1 + rowSize($1.width)) } }
}

/// Every so many pixels of a picture, as a picture: one of the seven of Adam7, or all.
struct PNGPass {
  /// The first pixel.
  let x: Int
  let y: Int
  let stepX: Int
  let stepY: Int
  let width: Int
  let height: Int

  fileprivate init(x: Int, y: Int, stepX: Int, stepY: Int, of header: PNGHeader) {
    (self.x, self.y, self.stepX, self.stepY) = (x, y, stepX, stepY)
    width = (max(0, header.width - x) + stepX - 1) / stepX
    height = (max(0, header.height - y) + stepY - 1) / stepY
  }
}
