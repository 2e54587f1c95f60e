/// What a bitmap's headers say: the file's own, and OS/2's or Windows' behind it.
struct BMPHeader {
  /// How the pixels are kept.
  enum Compression: Equatable { case none, runs8, runs4, masks }

  let width: Int
  let height: Int
  /// Whether the first row is the uppermost; usually it is the lowest.
  let isTopDown: Bool
  /// Bits a pixel.
  let depth: Int
  let compression: Compression
  /// Where the pixels begin.
  let pixelStart: Int
  /// Of each colour of the palette.
  let paletteGray: [UInt8]
  /// Red, green, blue and alpha of pixels of 16 and 32 bits; alpha may be 0.
  let masks: [UInt32]

  /// - Throws: ``PictureFormatError``.
  init(_ file: [UInt8], path: String) throws(PictureFormatError) {
    func failure(_ problem: PictureFormatError.Problem) -> PictureFormatError {
      PictureFormatError(path: path, format: "BMP", problem: problem)
    }
    guard file.count >= 26 else {
      throw failure(.cutShort(what: "header", promised: 26, found: file.count))
    }
    let size = file.uint32(14)
    guard Self.sizes.contains(size) else {
      throw failure(
        .field(name: "header size", value: size, expected: "12, 40, 52, 56, 64, 108 or 124"))
    }
    guard file.count >= 14 + size else {
      throw failure(.cutShort(what: "header", promised: 14 + size, found: file.count))
    }
    let isOld = size == 12
    func signed(_ place: Int) -> Int { Int(Int32(truncatingIfNeeded: file.uint32(place))) }
    width = isOld ? file.uint16(18) : signed(18)
    height = isOld ? file.uint16(20) : abs(signed(22))
    isTopDown = !isOld && signed(22) < 0
    try GrayPicture.check(
      width: width, height: height, bytes: file.count, format: "BMP", path: path)
    depth = file.uint16(isOld ? 24 : 28)
    guard [1, 2, 4, 8, 16, 24, 32].contains(depth) else {
      throw failure(.field(name: "depth", value: depth, expected: "1, 2, 4, 8, 16, 24 or 32 bits"))
    }
    let number = isOld ? 0 : file.uint32(30)
    guard let compression = Self.compression(number, depth: depth) else {
      guard number != 4, number != 5 else {
        throw failure(.unread("that holds a \(number == 4 ? "JPEG" : "PNG")"))
      }
      throw failure(
        .field(name: "compression", value: number, expected: "one that fits \(depth) bits"))
    }
    self.compression = compression
    pixelStart = file.uint32(10)
    masks = try Self.masks(
      file, size: size, depth: depth, isGiven: compression == .masks, hasAlpha: number == 6, path)
    paletteGray =
      depth > 8
      ? []
      : try Self.palette(
        file, start: 14 + size, entrySize: isOld ? 3 : 4,
        count: isOld ? 0 : file.uint32(46), depth: depth, pixelStart: pixelStart, path)
  }

  private static let sizes = [12, 40, 52, 56, 64, 108, 124]

  private static func compression(_ number: Int, depth: Int) -> Compression? {
    switch (number, depth) {
    case (0, _): Compression.none
    case (1, 8): .runs8
    case (2, 4): .runs4
    case (3, 16), (3, 32), (6, 16), (6, 32): .masks
    default: nil
    }
  }

  private static func masks(
    _ file: [UInt8], size: Int, depth: Int, isGiven: Bool, hasAlpha: Bool, _ path: String
  ) throws(PictureFormatError) -> [UInt32] {
    guard isGiven else {
      return depth == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    }
    // Behind the first 40 bytes, whether these are all of the header or not.
    let count = size >= 56 || hasAlpha ? 4 : 3
    guard file.count >= 54 + 4 * count else {
      throw PictureFormatError(
        path: path, format: "BMP",
        problem: .cutShort(what: "header", promised: 54 + 4 * count, found: file.count))
    }
    let masks = (0..<count).map { UInt32(file.uint32(54 + 4 * $0)) } + (count == 3 ? [0] : [])
    for mask in masks {
      // Ones in a row: adding the lowest of them leaves none of them.
      let lowest = mask & (~mask &+ 1)
      guard mask & (mask &+ lowest) == 0, depth == 32 || mask < 1 << 16 else {
        throw PictureFormatError(
          path: path, format: "BMP",
          problem: .field(name: "mask of a color", value: Int(mask), expected: "bits in a row"))
      }
    }
    return masks
  }

  private static func palette(
    _ file: [UInt8], start: Int, entrySize: Int, count: Int, depth: Int, pixelStart: Int,
    _ path: String
  ) throws(PictureFormatError) -> [UInt8] {
    let most = 1 << depth
    guard count <= most else {
      throw PictureFormatError(
        path: path, format: "BMP",
        problem: .field(name: "number of colors", value: count, expected: "at most \(most)"))
    }
    // Old files end their palette where the pixels begin.
    let room = max(0, pixelStart - start) / entrySize
    let colors = count > 0 ? count : min(most, room)
    let end = start + colors * entrySize
    guard colors > 0, end <= file.count else {
      throw PictureFormatError(
        path: path, format: "BMP",
        problem: .cutShort(
          what: "palette", promised: max(1, colors) * entrySize,
          found: max(0, min(file.count, pixelStart) - start)))
    }
    return stride(from: start, to: end, by: entrySize).map { place in
      GrayPicture.luminance(Int(file[place + 2]), Int(file[place + 1]), Int(file[place]))
    }
  }
}
