import CZlib
import Support

/// The chunks of a PNG file that matter for its pixels, each checked and in its place.
struct PNGChunks {
  private(set) var header: PNGHeader
  /// Red, green and blue of each colour; empty without a palette.
  private(set) var palette: [UInt8] = []
  /// The content of `tRNS`: a palette's opacities, or the sample values of the transparent colour.
  private(set) var transparency: [UInt8] = []
  /// The compressed pixels of all `IDAT` chunks.
  private(set) var data: [UInt8] = []

  private struct Chunk {
    let type: String
    /// Where in the file it begins.
    let byte: Int
    let content: ArraySlice<UInt8>

    /// A reader that does not know it may skip it: the first letter is a small one.
    var isAncillary: Bool { type.utf8.first.map { $0 & 0x20 != 0 } ?? false }
  }

  /// - Throws: ``PNGError``.
  init(_ file: [UInt8], path: String) throws(PNGError) {
    guard file.starts(with: PNG.signature) else {
      throw PNGError(path: path, problem: .signature)
    }
    var place = PNG.signature.count
    let first = try Self.chunk(file, &place, path)
    guard first.type == "IHDR" else {
      throw PNGError(path: path, problem: .notFirst(type: first.type))
    }
    header = try PNGHeader(first.content, byte: first.byte, path: path)
    var last = first
    repeat {
      let chunk = try Self.chunk(file, &place, path)
      try take(chunk, after: last.type, path)
      last = chunk
    } while last.type != "IEND"
    try check(path)
  }

  /// The chunk at `place`, which moves behind it.
  private static func chunk(
    _ file: [UInt8], _ place: inout Int, _ path: String
  ) throws(PNGError) -> Chunk {
    let (byte, left) = (place, file.count - place)
    guard left >= 8 else {
      throw PNGError(path: path, problem: .chunkHeaderCutShort(byte: byte, left: left))
    }
    let size = Int(bigEndian: file[byte..<byte + 4])
    let name = file[byte + 4..<byte + 8]
    let isName = name.allSatisfy { (65...90).contains($0 & ~0x20) }
    guard isName else {
      throw PNGError(path: path, problem: .chunkName(bytes: Array(name), byte: byte))
    }
    let type = String(decoding: name, as: UTF8.self)
    guard left >= 12 + size else {
      throw PNGError(
        path: path,
        problem: .chunkCutShort(type: type, byte: byte, promised: size, left: left - 8))
    }
    place = byte + 12 + size
    // The chunk's type and content, which are within the file: that was looked at above.
    let sum = unsafe file.withUnsafeBufferPointer {
      unsafe crc32(0, $0.baseAddress.map { unsafe $0 + byte + 4 }, uInt(4 + size))
    }
    guard Int(sum) == Int(bigEndian: file[place - 4..<place]) else {
      throw PNGError(path: path, problem: .checksum(type: type, byte: byte))
    }
    return Chunk(type: type, byte: byte, content: file[byte + 8..<place - 4])
  }

  private mutating func take(
    _ chunk: Chunk, after last: String, _ path: String
  ) throws(PNGError) {
    let isMisplaced: Bool
    switch chunk.type {
    case "IHDR": isMisplaced = true
    case "PLTE":
      isMisplaced = !palette.isEmpty || !data.isEmpty
      palette = Array(chunk.content)
    case "tRNS":
      isMisplaced = !transparency.isEmpty || !data.isEmpty
      transparency = Array(chunk.content)
    case "IDAT":
      isMisplaced = !data.isEmpty && last != "IDAT"
      data += chunk.content
    case "IEND": isMisplaced = false
    default:
      guard chunk.isAncillary else {
        throw PNGError(
          path: path, problem: .unknownCritical(type: chunk.type, byte: chunk.byte))
      }
      return
    }
    guard !isMisplaced else {
      throw PNGError(path: path, problem: .misplaced(type: chunk.type, byte: chunk.byte))
    }
    try checkSize(chunk, path)
  }

  private func checkSize(_ chunk: Chunk, _ path: String) throws(PNGError) {
    let size = chunk.content.count
    let expected: String?
    switch chunk.type {
    case "PLTE":
      expected =
        size > 0 && size % 3 == 0 && size <= 768 ? nil : "three for each of 1 to 256 colors"
    case "tRNS": expected = transparencyProblem(size)
    default: expected = nil
    }
    guard let expected else { return }
    throw PNGError(
      path: path,
      problem: .chunkSize(type: chunk.type, byte: chunk.byte, found: size, expected: expected))
  }

  /// What `tRNS` should have been; `nil` if it is that.
  private func transparencyProblem(_ size: Int) -> String? {
    switch header.color {
    case .gray: size == 2 ? nil : "2"
    case .rgb: size == 6 ? nil : "6"
    case .palette: (1...max(1, palette.count / 3)).contains(size) ? nil : "1 for each color at most"
    case .grayAlpha, .rgba: "none beside an alpha channel"
    }
  }

  private func check(_ path: String) throws(PNGError) {
    guard !data.isEmpty else { throw PNGError(path: path, problem: .missing(type: "IDAT")) }
    guard header.color != .palette || !palette.isEmpty else {
      throw PNGError(path: path, problem: .missing(type: "PLTE"))
    }
  }
}

extension Int {
  /// The number that these bytes are, the most significant first.
  init(bigEndian bytes: ArraySlice<UInt8>) { self = bytes.reduce(0) { $0 << 8 | Int($1) } }
}
