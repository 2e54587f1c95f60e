import Support

/// Portable graymaps, `P2` (numbers) and `P5` (bytes), as Jef Poskanzer's netpbm has them.
public enum PGM {
  /// Reads a picture; samples of any largest value up to 65535 are spread over 0 to 255.
  ///
  /// - Parameter path: the file's name in messages.
  /// - Throws: ``PGMError``.
  public static func decode(_ file: [UInt8], path: String) throws(PGMError) -> GrayPicture {
    var text = PGMText(file, path: path)
    guard file.count >= 2, file[0] == UInt8(ascii: "P"), [0x32, 0x35].contains(file[1]) else {
      throw PGMError(path: path, problem: .kind(String(decoding: file.prefix(2), as: UTF8.self)))
    }
    let width = try text.number("width")
    let height = try text.number("height")
    guard width > 0, height > 0 else { throw PGMError(path: path, problem: .empty) }
    guard width <= GrayPicture.mostPixels / height else {
      throw PGMError(path: path, problem: .tooLarge(width: width, height: height))
    }
    let most = try text.number("largest value")
    guard (1...65_535).contains(most) else {
      throw PGMError(path: path, problem: .largestValue(most))
    }
    let samples =
      file[1] == 0x32
      ? try text.numbers(width * height) : try text.bytes(width * height, size: most > 255 ? 2 : 1)
    if let wrong = samples.firstIndex(where: { $0 > most }) {
      throw PGMError(path: path, problem: .value(samples[wrong], pixel: wrong, most: most))
    }
    return GrayPicture(
      width: width, height: height,
      pixels: samples.map { UInt8(($0 * 255 + most / 2) / most) })
  }
}

/// The words of a graymap.
private struct PGMText {
  private let file: [UInt8]
  private let path: String
  /// Behind `P2` or `P5`.
  private var place = 2

  init(_ file: [UInt8], path: String) {
    self.file = file
    self.path = path
  }

  /// The next number, behind white space and comments.
  mutating func number(_ name: String) throws(PGMError) -> Int {
    skipSpace()
    var value: Int?
    while place < file.count, (0x30...0x39).contains(file[place]) {
      // What is larger is too large anyway.
      value = min((value ?? 0) * 10 + Int(file[place] - 0x30), 1 << 40)
      place += 1
    }
    guard let value else {
      throw PGMError(path: path, problem: .noNumber(name, byte: place))
    }
    return value
  }

  /// The pixels as numbers.
  mutating func numbers(_ count: Int) throws(PGMError) -> [Int] {
    // A digit and a space each.
    guard 2 * count <= file.count - place + 1 else {
      throw PGMError(
        path: path, problem: .length(promised: 2 * count - 1, found: file.count - place))
    }
    var values: [Int] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(try number("value of pixel \(index)")) }
    skipSpace()
    guard place == file.count else { throw PGMError(path: path, problem: .surplus(byte: place)) }
    return values
  }

  /// The pixels as bytes, `size` each, behind a single white space.
  mutating func bytes(_ count: Int, size: Int) throws(PGMError) -> [Int] {
    let start = place + 1
    guard file.count - start >= count * size else {
      throw PGMError(
        path: path, problem: .length(promised: count * size, found: max(0, file.count - start)))
    }
    place = start + count * size
    skipSpace()
    guard place == file.count else { throw PGMError(path: path, problem: .surplus(byte: place)) }
    return (0..<count).map { index in
      size == 1
        ? Int(file[start + index])
        : Int(file[start + 2 * index]) << 8 | Int(file[start + 2 * index + 1])
    }
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

/// A graymap that cannot be read.
public struct PGMError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case kind(String)
    case noNumber(String, byte: Int)
    case empty
    case tooLarge(width: Int, height: Int)
    case largestValue(Int)
    case value(Int, pixel: Int, most: Int)
    case length(promised: Int, found: Int)
    case surplus(byte: Int)
  }

  public let path: String
  public let problem: Problem

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch problem {
    case .kind(let kind):
      "\(path): is a netpbm picture of kind \(kind), expected a graymap, P2 or P5; convert it to PGM "
        + "or PNG"
    case .noNumber(let name, let byte):
      "\(path): has no number at byte \(byte), expected the \(name); save it anew"
    case .empty: "\(path): has a width or height of 0; save it anew"
    case .tooLarge(let width, let height):
      "\(path): has \(width) x \(height) pixels, more than the \(GrayPicture.mostPixels) that are "
        + "read; make it smaller"
    case .largestValue(let value):
      "\(path): its largest value is \(value), expected 1 to 65535; save it anew"
    case .value(let value, let pixel, let most):
      "\(path): pixel \(pixel) is \(value), above the largest value \(most); save it anew"
    case .length(let promised, let found):
      "\(path): header promises \(promised) bytes of pixels, the file has \(found); copy it again"
    case .surplus(let byte):
      "\(path): goes on behind its last pixel at byte \(byte); keep one picture in a file"
    }
  }
}
