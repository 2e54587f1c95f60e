/// Portable bitmaps (`P1`, `P4`), graymaps (`P2`, `P5`) and pixmaps (`P3`, `P6`), as Jef Poskanzer's
/// netpbm has them; the first of each pair is numbers, the second bytes.
public enum Netpbm {
  /// What `P1` to `P6` mean.
  struct Kind {
    let isText: Bool
    /// Bits, of which 1 is black.
    let isBitmap: Bool
    /// The samples of a pixel.
    let channels: Int

    init?(_ file: [UInt8]) {
      guard file.count >= 2, file[0] == UInt8(ascii: "P"), (0x31...0x36).contains(file[1]) else {
        return nil
      }
      let number = Int(file[1] - 0x31)
      (isText, isBitmap, channels) = (number < 3, number % 3 == 0, number % 3 == 2 ? 3 : 1)
    }
  }

  /// Reads a picture; samples of any largest value up to 65535 are spread over 0 to 255.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``NetpbmError``.
  public static func decode(_ file: [UInt8], path: String) throws(NetpbmError) -> GrayPicture {
    guard let kind = Kind(file) else {
      throw NetpbmError(path: path, problem: .kind(String(decoding: file.prefix(2), as: UTF8.self)))
    }
    var text = NetpbmText(file, path: path)
    let width = try text.number("width")
    let height = try text.number("height")
    guard width > 0, height > 0 else { throw NetpbmError(path: path, problem: .empty) }
    guard width <= GrayPicture.mostPixels / height else {
      throw NetpbmError(path: path, problem: .tooLarge(width: width, height: height))
    }
    let most = kind.isBitmap ? 1 : try text.number("largest value")
    guard (1...65_535).contains(most) else {
      throw NetpbmError(path: path, problem: .largestValue(most))
    }
    let samples = NetpbmSamples(kind, width: width, most: most)
    try text.begin(samples, count: width * height * kind.channels, rows: height)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height)
    for pixel in 0..<width * height {
      func sample(_ channel: Int) throws(NetpbmError) -> Int {
        let value = try text.sample(pixel * kind.channels + channel, samples)
        guard value <= most else {
          throw NetpbmError(path: path, problem: .value(value, pixel: pixel, most: most))
        }
        return kind.isBitmap ? 255 * (1 - value) : (value * 255 + most / 2) / most
      }
      pixels.append(
        kind.channels == 1
          ? UInt8(try sample(0))
          : GrayPicture.luminance(try sample(0), try sample(1), try sample(2)))
    }
    try text.end()
    return GrayPicture(width: width, height: height, pixels: pixels)
  }
}

extension PictureFormat {
  static let netpbm = PictureFormat(
    name: "PGM, PPM or PBM",
    isStart: { start in
      Netpbm.Kind(start) != nil && start.count > 2
        && (start[2] == UInt8(ascii: "#") || start[2] == 0x20 || (0x09...0x0D).contains(start[2]))
    },
    read: { try Netpbm.decode($0, path: $1) })
}

/// How the samples of a picture lie.
private struct NetpbmSamples {
  let kind: Netpbm.Kind
  let width: Int
  /// The bytes of a sample, if it is not bits.
  let size: Int

  init(_ kind: Netpbm.Kind, width: Int, most: Int) {
    self.kind = kind
    self.width = width
    size = most > 255 ? 2 : 1
  }

  /// The bytes that so many samples take at least.
  func leastSize(_ count: Int, rows: Int) -> Int {
    if kind.isText { return kind.isBitmap ? count : 2 * count - 1 }
    return kind.isBitmap ? (width + 7) / 8 * rows : count * size
  }
}

/// The words of a file.
private struct NetpbmText {
  private let file: [UInt8]
  private let path: String
  /// Behind `P2` or `P5`.
  private var place = 2

  init(_ file: [UInt8], path: String) {
    self.file = file
    self.path = path
  }

  /// The next number, behind white space and comments.
  mutating func number(_ name: @autoclosure () -> String) throws(NetpbmError) -> Int {
    skipSpace()
    var value: Int?
    while place < file.count, (0x30...0x39).contains(file[place]) {
      // What is larger is too large anyway.
      value = min((value ?? 0) * 10 + Int(file[place] - 0x30), 1 << 40)
      place += 1
    }
    guard let value else {
      throw NetpbmError(path: path, problem: .noNumber(name(), byte: place))
    }
    return value
  }

  /// Goes to the first sample. Bytes stand behind a single white space.
  mutating func begin(_ samples: NetpbmSamples, count: Int, rows: Int) throws(NetpbmError) {
    let promised = samples.leastSize(count, rows: rows)
    if !samples.kind.isText { place += 1 } else { skipSpace() }
    guard file.count - place >= promised else {
      throw NetpbmError(
        path: path, problem: .length(promised: promised, found: max(0, file.count - place)))
    }
    start = place
    if !samples.kind.isText { place += promised }
  }

  private var start = 0

  /// A sample; those of a text must be asked for in their order.
  mutating func sample(_ index: Int, _ samples: NetpbmSamples) throws(NetpbmError) -> Int {
    switch (samples.kind.isText, samples.kind.isBitmap) {
    case (true, true): return try bit(index)
    case (true, false): return try number("value of pixel \(index / samples.kind.channels)")
    case (false, true):
      let (row, column) = index.quotientAndRemainder(dividingBy: samples.width)
      let byte = start + row * ((samples.width + 7) / 8) + column / 8
      return Int(file[byte] >> (7 - UInt8(column % 8))) & 1
    case (false, false) where samples.size == 1: return Int(file[start + index])
    case (false, false):
      return Int(file[start + 2 * index]) << 8 | Int(file[start + 2 * index + 1])
    }
  }

  /// A single digit; no space is needed between two.
  private mutating func bit(_ index: Int) throws(NetpbmError) -> Int {
    skipSpace()
    guard place < file.count, (0x30...0x39).contains(file[place]) else {
      throw NetpbmError(path: path, problem: .noNumber("value of pixel \(index)", byte: place))
    }
    place += 1
    return Int(file[place - 1] - 0x30)
  }

  /// Nothing but space may stand behind the last sample.
  mutating func end() throws(NetpbmError) {
    skipSpace()
    guard place == file.count else { throw NetpbmError(path: path, problem: .surplus(byte: place)) }
  }

  private mutating func skipSpace() {
    while place < file.count {
      if file[place] == UInt8(ascii: "#") {
        while place < file.count, file[place] != 0x0A { place += 1 }
      } else if file[place] != 0x20, !(0x09...0x0D).contains(file[place]) {
        return
      } else {
        place += 1
      }
    }
  }
}
