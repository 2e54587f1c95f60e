import Support

/// A named array of a safetensors file: raw bytes, little-endian, the last index fastest.
public struct SafetensorsTensor: Equatable, Sendable {
  public let name: String
  public let dtype: SafetensorsDType
  /// Empty for a scalar.
  public let shape: [Int]
  public let bytes: [UInt8]

  /// - Precondition: `bytes` are as many as `dtype` and `shape` need.
  public init(name: String, dtype: SafetensorsDType, shape: [Int], bytes: [UInt8]) {
    precondition(
      byteCount(dtype, shape) == .bytes(bytes.count),
      "tensor '\(name)': \(bytes.count) bytes do not fill \(dtype.rawValue) \(shape)")
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of `values`, whose type decides the dtype.
  ///
  /// - Precondition: `shape` holds as many elements as there are values.
  public init<Element: SafetensorsElement>(name: String, shape: [Int], values: [Element]) {
    // Elements are plain numbers: all of their bytes are there.
    let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
    self.init(name: name, dtype: Element.dtype, shape: shape, bytes: bytes)
  }

  /// The elements, or `nil` if they are of another type.
  public func values<Element: SafetensorsElement>(of type: Element.Type = Element.self)
    -> [Element]?
  {
    guard dtype == Element.dtype else { return nil }
    let count = bytes.count / MemoryLayout<Element>.stride
    // Any bytes are plain numbers, and as many as were counted.
    return unsafe bytes.withUnsafeBytes { source in
      unsafe [Element](unsafeUninitializedCapacity: count) { target, initialized in
        unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        initialized = count
      }
    }
  }
}

/// What `dtype` and `shape` need.
enum TensorSize: Equatable {
  case bytes(Int)
  case overflows
  /// Elements smaller than a byte leave one half filled.
  case partialByte
}

/// The bytes a tensor takes, counted without overflow.
func byteCount(_ dtype: SafetensorsDType, _ shape: [Int]) -> TensorSize {
  var bits = dtype.bitCount
  for size in shape {
    let (product, overflow) = bits.multipliedReportingOverflow(by: size)
    guard !overflow else { return .overflows }
    bits = product
  }
  return bits % 8 == 0 ? .bytes(bits / 8) : .partialByte
}
