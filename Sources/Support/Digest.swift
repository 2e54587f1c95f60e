import Platform

/// A hash of bytes that come piece by piece: what tells a file from any other.
public struct Digest: Sendable {
  public enum Function: String, Sendable {
    case sha256 = "SHA-256"
    /// Told apart by whoever made a file long ago; no proof against malice.
    case md5 = "MD5"
  }

  private let function: Function
  private var state: [UInt32]
  /// What is left of the bytes behind the last whole block.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  public init(_ function: Function) {
    self.function = function
    state = function == .sha256 ? SHA256.start : MD5.start
  }

  /// Takes more bytes in.
  public mutating func update(_ bytes: [UInt8]) {
    // A number's bytes are bytes, whatever it is.
    unsafe update(bytes.span.bytes)
  }

  /// Takes more bytes in.
  public mutating func update(_ bytes: RawSpan) {
    count += UInt64(bytes.byteCount)
    var taken = 0
    if !rest.isEmpty {
      taken = min(64 - rest.count, bytes.byteCount)
      rest += bytes.extracting(first: taken).array
      guard rest.count == 64 else { return }
      mix(rest)
    }
    let whole = (bytes.byteCount - taken) & ~63
    mix(bytes.extracting(taken..<taken + whole))
    rest = bytes.extracting((taken + whole)...).array
  }

  /// The hash of everything so far, in hexadecimal digits.
  public var hexadecimal: String {
    var copy = self
    copy.pad()
    return copy.state.map { word in
      let digits = String(function == .sha256 ? word : word.byteSwapped, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// The hash of a file, which is read in pieces.
  ///
  /// - Throws: ``FileError``.
  public static func hexadecimal(_ function: Function, ofFile path: String) throws -> String {
    let file = FileSystem.descriptor(of: path, O_RDONLY)
    guard file >= 0 else { throw FileError.cannotRead(path: path, reason: errno) }
    defer { close(file) }
    var digest = Digest(function)
    while true {
      guard let piece = FileSystem.readSome(of: file, count: 1 << 20) else {
        throw FileError.cannotRead(path: path, reason: errno)
      }
      guard !piece.isEmpty else { return digest.hexadecimal }
      digest.update(piece)
    }
  }

  private mutating func mix(_ blocks: [UInt8]) {
    unsafe mix(blocks.span.bytes)
  }

  /// Takes whole blocks in.
  private mutating func mix(_ blocks: RawSpan) {
    switch function {
    case .sha256: SHA256.mix(blocks, into: &state)
    case .md5: MD5.mix(blocks.array, into: &state)
    }
  }

  /// What is left, a bit of 1, and the number of bits as 64 of them at the end of a block.
  private mutating func pad() {
    var last = rest + [0x80]
    while last.count % 64 != 56 { last.append(0) }
    let bits = count * 8
    last += (0..<8).map {
      UInt8(truncatingIfNeeded: bits >> (function == .sha256 ? 56 - 8 * $0 : 8 * $0))
    }
    mix(last)
  }
}

extension RawSpan {
  /// The bytes as an array of their own.
  fileprivate var array: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { room, count in
      // The room has as many bytes as there are.
      unsafe withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(room).copyMemory(from: $0) }
      count = byteCount
    }
  }
}

/// The hash function MD5 (RFC 1321), by which the files of Fashion-MNIST and KMNIST are known.
enum MD5 {
  static let start: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]

  private static let shifts: [[UInt32]] = [
    [7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21],
  ]

  /// 2^32 times the magnitudes of the sines of 1 to 64.
  private static let sines: [UInt32] = (1...64).map { UInt32(abs(sine(Double($0))) * 0x1p32) }

  static func mix(_ bytes: [UInt8], into state: inout [UInt32]) {
    for start in stride(from: 0, to: bytes.count, by: 64) { mix(bytes, start, into: &state) }
  }

  private static func mix(_ bytes: [UInt8], _ start: Int, into state: inout [UInt32]) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
      let (mixed, word) = chosen(step, b, c, d)
      let place = start + 4 * word
      let x =
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
        | UInt32(bytes[place + 3]) << 24
      let sum = a &+ mixed &+ x &+ sines[step]
      let shift = shifts[step / 16][step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
    }
    for (index, word) in [a, b, c, d].enumerated() { state[index] &+= word }
  }

  /// What a step makes of three words, and which word of the block it takes.
  private static func chosen(
    _ step: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32
  ) -> (UInt32, Int) {
    switch step / 16 {
    case 0: (b & c | ~b & d, step)
    case 1: (d & b | ~d & c, (5 * step + 1) % 16)
    case 2: (b ^ c ^ d, (3 * step + 5) % 16)
    default: (c ^ (b | ~d), 7 * step % 16)
    }
  }
}
