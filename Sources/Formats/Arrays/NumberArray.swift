import Support

/// Numbers of one type in an array of any shape, as other people's files hold them.
public struct NumberArray: Sendable, Equatable {
  /// What the numbers are.
  public enum Element: String, CaseIterable, Sendable {
    case bool
    case uint8
    case int8
    case uint16
    case int16
    case uint32
    case int32
    case uint64
    case int64
    case float16
    case float32
    case float64

    /// The size of one number, in bytes.
    public var size: Int {
      switch self {
      case .bool, .uint8, .int8: 1
      case .uint16, .int16, .float16: 2
      case .uint32, .int32, .float32: 4
      case .uint64, .int64, .float64: 8
      }
    }

    /// Whether the numbers are whole by their type.
    public var isInteger: Bool {
      switch self {
      case .float16, .float32, .float64: false
      default: true
      }
    }
  }

  public let element: Element
  /// The sizes of the dimensions; the last index varies fastest.
  public let shape: [Int]
  /// The numbers as they stand in the file.
  public let bytes: [UInt8]
  /// Whether the most significant byte of a number is the first.
  public let isBigEndian: Bool

  /// An array of `shape`, which `bytes` must fill.
  public init(_ element: Element, _ shape: [Int], bytes: [UInt8], isBigEndian: Bool = false) {
    precondition(
      bytes.count == shape.reduce(element.size, *),
      "NumberArray: \(bytes.count) bytes do not fill \(shape) of \(element.rawValue)")
    self.element = element
    self.shape = shape
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// The number of numbers.
  public var count: Int { bytes.count / element.size }

  /// The same numbers in another shape of as many.
  public func reshaped(_ shape: [Int]) -> NumberArray {
    NumberArray(element, shape, bytes: bytes, isBigEndian: isBigEndian)
  }

  /// `28 × 28`, or `a single number`.
  public static func text(of shape: [Int]) -> String {
    shape.isEmpty ? "a single number" : shape.map(String.init).joined(separator: " × ")
  }

  /// The bytes of an array, or `nil` if they cannot be counted in 63 bits.
  static func byteCount(_ element: Element, _ shape: [Int]) -> Int? {
    var product = element.size
    // A dimension of 0 holds nothing, whatever the others are.
    if shape.contains(0) { return 0 }
    for size in shape {
      let (value, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      product = value
    }
    return product
  }
}

/// What numbers were found.
public struct NumberExtent: Sendable, Equatable {
  /// The smallest and the largest finite number; 0 without any.
  public let smallest: Double
  public let largest: Double
  /// Whether all are whole.
  public let isWhole: Bool
  /// The position of the first that is infinite or not a number.
  public let firstNonFinite: Int?

  public init(smallest: Double, largest: Double, isWhole: Bool, firstNonFinite: Int? = nil) {
    self.smallest = smallest
    self.largest = largest
    self.isWhole = isWhole
    self.firstNonFinite = firstNonFinite
  }
}

// Numbers are moved as they lie: their places are within the bytes, of which there are as many as the
// shape says, and nothing keeps an address.

extension NumberArray {
  /// Numbers that a file lists with the first index varying fastest, as Fortran and MATLAB have
  /// them, put into this type's order.
  init(
    _ element: Element, firstIndexFastest shape: [Int], bytes: [UInt8], isBigEndian: Bool = false
  ) {
    let ordered =
      shape.count < 2 || bytes.isEmpty
      ? bytes
      : unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
        unsafe bytes.withUnsafeBytes { source in
          unsafe reorder(source, into: UnsafeMutableRawBufferPointer(buffer), shape, element.size)
        }
        count = bytes.count
      }
    self.init(element, shape, bytes: ordered, isBigEndian: isBigEndian)
  }
}

/// Copies numbers of `size` bytes from the order in which the first index is the fastest to that in
/// which the last one is.
private func reorder(
  _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ shape: [Int],
  _ size: Int
) {
  switch size {
  case 1: unsafe reorder(source, into: target, shape, as: UInt8.self)
  case 2: unsafe reorder(source, into: target, shape, as: UInt16.self)
  case 4: unsafe reorder(source, into: target, shape, as: UInt32.self)
  default: unsafe reorder(source, into: target, shape, as: UInt64.self)
  }
}

/// All but the last index are walked through in the order of the target. The last one is walked
/// through in blocks of 64 rows, whose pieces of the source stay in the cache.
private func reorder<Word: FixedWidthInteger>(
  _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ shape: [Int],
  as _: Word.Type
) {
  let wordSize = MemoryLayout<Word>.size
  let rowLength = shape[shape.count - 1]
  let rowCount = source.count / wordSize / rowLength
  let starts = rowStarts(shape.dropLast())
  for block in stride(from: 0, to: rowCount, by: 64) {
    let rows = block..<min(block + 64, rowCount)
    let rowStarts = rows.map(starts)
    for column in 0..<rowLength {
      for row in rows {
        let from = (rowStarts[row - block] + column * rowCount) * wordSize
        unsafe target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: from, as: Word.self),
          toByteOffset: (row * rowLength + column) * wordSize, as: Word.self)
      }
    }
  }
}

/// Where the row of that number, counted with the last index fastest, begins in an order in which
/// the first is.
private func rowStarts(_ shape: ArraySlice<Int>) -> (Int) -> Int {
  if shape.count == 1 { return { $0 } }
  return { row in
    var (rest, start) = (row, 0)
    for (axis, size) in shape.enumerated().reversed() {
      start += rest % size * shape.prefix(axis).reduce(1, *)
      rest /= size
    }
    return start
  }
}
