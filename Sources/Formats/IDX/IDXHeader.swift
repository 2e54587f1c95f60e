import Support

/// The header of an IDX file: two zero bytes, element type, number of dimensions, and each
/// dimension as an unsigned 32-bit big-endian number.
public struct IDXHeader: Equatable {
  public static let mostDimensions = 8
  /// The longest header, in bytes.
  static let largestSize = 4 + 4 * mostDimensions

  public let elementType: IDXElementType
  public let dimensions: [Int]
  /// The number of bytes after the header that the header promises.
  public let payloadSize: Int

  var size: Int { 4 + 4 * dimensions.count }
  /// The size of the whole file, in bytes.
  var fileSize: Int { size + payloadSize }

  /// Parses the start of a file. `bytes` are the whole file if they are fewer than ``largestSize``.
  ///
  /// - Throws: ``IDXError``, naming `path`.
  init(parsing bytes: some Collection<UInt8>, path: String) throws {
    let bytes = Array(bytes.prefix(Self.largestSize))
    try Self.checkStart(bytes, path: path)
    guard let elementType = IDXElementType(rawValue: bytes[2]) else {
      throw IDXError.elementType(path: path, code: bytes[2])
    }
    let count = Int(bytes[3])
    guard (1...Self.mostDimensions).contains(count) else {
      throw IDXError.dimensionCount(path: path, count: count)
    }
    guard bytes.count >= 4 + 4 * count else {
      throw IDXError.tooShort(path: path, actual: bytes.count, needed: 4 + 4 * count)
    }
    let dimensions = (0..<count).map { d in
      bytes[(4 + 4 * d)..<(8 + 4 * d)].reduce(0) { $0 << 8 | Int($1) }
    }
    if let empty = dimensions.firstIndex(of: 0) {
      throw IDXError.emptyDimension(path: path, index: empty)
    }
    guard let payloadSize = Self.byteCount(dimensions, of: elementType) else {
      throw IDXError.overflow(path: path, dimensions: dimensions)
    }
    self.elementType = elementType
    self.dimensions = dimensions
    self.payloadSize = payloadSize
  }

  /// The bytes of an array, or `nil` if they cannot be counted in 64 bits together with a header.
  private static func byteCount(_ dimensions: [Int], of type: IDXElementType) -> Int? {
    var product = type.size
    for dimension in dimensions {
      let (value, overflow) = product.multipliedReportingOverflow(by: dimension)
      if overflow { return nil }
      product = value
    }
    return product <= Int.max - largestSize ? product : nil
  }

  /// Tells the files that get mistaken for IDX from each other by their first bytes.
  private static func checkStart(_ bytes: [UInt8], path: String) throws {
    guard bytes.count >= 4 else {
      throw IDXError.tooShort(path: path, actual: bytes.count, needed: 4)
    }
    if bytes[0] == 0, bytes[1] == 0 { return }
    switch (bytes[0], bytes[1]) {
    case (0x1F, 0x8B): throw IDXError.gzip(path: path)
    case (0x50, 0x4B): throw IDXError.zip(path: path)
    case (0xFF, 0xFE), (0xFE, 0xFF): throw IDXError.text(path: path)
    case (1...8, 0x08...0x0E) where bytes[2] == 0 && bytes[3] == 0:
      throw IDXError.littleEndian(path: path)
    default: break
    }
    guard bytes.allSatisfy(Self.isText) else {
      throw IDXError.magic(path: path, bytes: Array(bytes.prefix(4)))
    }
    let first = bytes.first { $0 > 0x20 && $0 < 0x7F }
    throw first == UInt8(ascii: "<") ? IDXError.html(path: path) : IDXError.text(path: path)
  }

  private static func isText(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte)
  }

  /// Whether the file would have `fileSize` bytes if its dimensions were read backwards.
  func fitsWhenSwapped(fileSize: Int) -> Bool {
    let swapped = dimensions.map { Int(UInt32(truncatingIfNeeded: $0).byteSwapped) }
    return Self.byteCount(swapped, of: elementType).map { size + $0 == fileSize } ?? false
  }

  /// The header as it stands in a file.
  static func encoded(_ elementType: IDXElementType, _ dimensions: [Int]) -> [UInt8] {
    [0, 0, elementType.rawValue, UInt8(dimensions.count)]
      + dimensions.flatMap { d in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: d >> $0) } }
  }
}

/// What an IDX file's elements are; the raw value is the header's type code.
public enum IDXElementType: UInt8, CaseIterable, Sendable {
  case unsignedByte = 0x08
  case signedByte = 0x09
  case int16 = 0x0B
  case int32 = 0x0C
  case float32 = 0x0D
  case float64 = 0x0E

  /// The size of one element, in bytes.
  public var size: Int {
    switch self {
    case .unsignedByte, .signedByte: 1
    case .int16: 2
    case .int32, .float32: 4
    case .float64: 8
    }
  }

  /// Whether the elements are whole numbers.
  public var isInteger: Bool { self != .float32 && self != .float64 }

  /// What messages call it: `unsigned byte`.
  public var name: String {
    switch self {
    case .unsignedByte: "unsigned byte"
    case .signedByte: "signed byte"
    case .int16: "int16"
    case .int32: "int32"
    case .float32: "float32"
    case .float64: "float64"
    }
  }
}
