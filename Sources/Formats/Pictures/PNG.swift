import CZlib
import Support

/// Portable Network Graphics: writes pictures of 8 bits a sample, without interlacing, and reads all
/// that the specification has.
///
/// The same pixels give the same bytes with the same zlib. W3C, "Portable Network Graphics (PNG)
/// Specification", third edition.
public enum PNG {
  /// A grey picture: `width` · `height` bytes, row by row from the top, 0 is black.
  public static func encode(gray: [UInt8], width: Int, height: Int) -> [UInt8] {
    encode(gray, width: width, height: height, channels: 1, colorType: 0)
  }

  /// A colour picture: three bytes a pixel, red, green and blue, row by row from the top.
  public static func encode(rgb: [UInt8], width: Int, height: Int) -> [UInt8] {
    encode(rgb, width: width, height: height, channels: 3, colorType: 2)
  }

  private static func encode(
    _ samples: [UInt8], width: Int, height: Int, channels: Int, colorType: UInt8
  ) -> [UInt8] {
    precondition(
      (1...Int(Int32.max)).contains(width) && (1...Int(Int32.max)).contains(height),
      "a PNG picture is 1 to 2^31 - 1 pixels wide and high, not \(width) × \(height)")
    precondition(
      samples.count == width * height * channels,
      "\(width) × \(height) pixels of \(channels) bytes do not make \(samples.count) bytes")
    var file = signature
    // Bit depth 8; compression, filter and interlace methods 0.
    let header = bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0]
    appendChunk("IHDR", header, to: &file)
    appendChunk("IDAT", deflated(rows(of: samples, rowSize: width * channels)), to: &file)
    appendChunk("IEND", [], to: &file)
    return file
  }

  /// The rows, each after the number of its filter: 0, none, which suits drawings.
  private static func rows(of samples: [UInt8], rowSize: Int) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity(samples.count + samples.count / rowSize)
    for start in stride(from: 0, to: samples.count, by: rowSize) {
      rows.append(0)
      rows += samples[start..<start + rowSize]
    }
    return rows
  }

  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    // zlib writes no more than its bound, and says how much.
    return unsafe Array(unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      let status = unsafe compress2(
        buffer.baseAddress, &count, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
      precondition(status == Z_OK, "zlib cannot compress \(bytes.count) bytes: \(status)")
      initialized = Int(count)
    }
  }

  /// Length, type, data, and the CRC-32 of type and data.
  private static func appendChunk(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
    let body = Array(type.utf8) + data
    file += bigEndian(data.count) + body
    file += bigEndian(unsafe Int(crc32(0, body, uInt(body.count))))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: UInt32(value) >> $0) }
  }
}

/// A PNG file that cannot be read.
public struct PNGError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    case signature
    case chunkCutShort(type: String, byte: Int, promised: Int, left: Int)
    case chunkHeaderCutShort(byte: Int, left: Int)
    case chunkName(bytes: [UInt8], byte: Int)
    case checksum(type: String, byte: Int)
    case notFirst(type: String)
    case misplaced(type: String, byte: Int)
    case unknownCritical(type: String, byte: Int)
    case missing(type: String)
    case chunkSize(type: String, byte: Int, found: Int, expected: String)
    case emptyDimension(name: String)
    case tooLarge(width: Int, height: Int)
    case colorType(UInt8)
    case depth(Int, colorType: UInt8, choices: [Int])
    case method(name: String, value: UInt8, choices: [Int])
    case damagedData(reason: String)
    case dataLength(promised: Int, found: Int)
    case dataTooLong(promised: Int)
    case filter(row: Int, value: UInt8)
    case paletteIndex(row: Int, column: Int, index: Int, count: Int)
  }

  public let path: String
  public let problem: Problem

  public var exitCode: ExitCode { .dataError }

  public var description: String { "\(path): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .signature:
      "the first 8 bytes are not PNG's signature, as after a transfer as text; copy it again"
    case .chunkCutShort(let type, let byte, let promised, let left):
      "chunk '\(type)' at byte \(byte) promises \(promised) bytes and a checksum, but \(left) are "
        + "left; copy it again"
    case .chunkHeaderCutShort(let byte, let left):
      "ends \(left) bytes after byte \(byte) without the chunk 'IEND'; copy it again"
    case .chunkName(let bytes, let byte):
      "the chunk at byte \(byte) has the name \(bytes), which are not four letters; copy it again"
    case .checksum(let type, let byte):
      "the CRC-32 of chunk '\(type)' at byte \(byte) is not that of its bytes; copy it again"
    case .notFirst(let type): "the first chunk is '\(type)', expected 'IHDR'; save it anew"
    case .misplaced(let type, let byte):
      "chunk '\(type)' at byte \(byte) stands where it may not; save it anew"
    case .unknownCritical(let type, let byte):
      "chunk '\(type)' at byte \(byte) is needed to read it and not known; save it as a plain PNG"
    case .missing(let type): "has no chunk '\(type)'; save it anew"
    case .chunkSize(let type, let byte, let found, let expected):
      "chunk '\(type)' at byte \(byte) has \(found) bytes, expected \(expected); save it anew"
    default: contentSentence
    }
  }

  private var contentSentence: String {
    switch problem {
    case .emptyDimension(let name): "its \(name) is not from 1 to 2147483647 pixels; save it anew"
    case .tooLarge(let width, let height):
      "has \(width) x \(height) pixels, more than the \(GrayPicture.mostPixels) that are read; "
        + "make it smaller"
    case .colorType(let value): "has color type \(value), PNG has 0, 2, 3, 4 and 6; save it anew"
    case .depth(let depth, let colorType, let choices):
      "has \(depth) bits a sample, color type \(colorType) has "
        + "\(choices.map(String.init).asChoices); save it anew"
    case .method(let name, let value, let choices):
      "has \(name) method \(value), PNG has \(choices.map(String.init).asChoices); save it anew"
    case .damagedData(let reason):
      "its pixels ('IDAT') cannot be decompressed (\(reason)); copy it again"
    case .dataLength(let promised, let found):
      "its pixels ('IDAT') are \(found) bytes, the header promises \(promised); copy it again"
    case .dataTooLong(let promised):
      "its pixels ('IDAT') are more than the \(promised) bytes that the header promises; save it "
        + "anew"
    case .filter(let row, let value):
      "row \(row) of its pixels has filter \(value), PNG has 0 to 4; save it anew"
    case .paletteIndex(let row, let column, let index, let count):
      "the pixel in row \(row), column \(column) has color \(index) of a palette of \(count); save "
        + "it anew"
    default: preconditionFailure("PNGError: \(problem) has a sentence already")
    }
  }
}
