// What numbers are, whatever their type. Each type has its own loop, so that a file of 47 million
// numbers takes as long as reading its bytes.

extension NumberArray {
  /// The smallest and the largest number, and whether all are whole and finite.
  public var extent: NumberExtent {
    var (smallest, largest) = (Double.infinity, -Double.infinity)
    var isWhole = true
    var firstNonFinite: Int?
    var position = 0
    forEach { value in
      if value.isFinite {
        smallest = min(smallest, value)
        largest = max(largest, value)
        if value != value.rounded() { isWhole = false }
      } else if firstNonFinite == nil {
        firstNonFinite = position
      }
      position += 1
    }
    if smallest > largest { (smallest, largest) = (0, 0) }
    return NumberExtent(
      smallest: smallest, largest: largest, isWhole: isWhole && firstNonFinite == nil,
      firstNonFinite: firstNonFinite)
  }

  /// The numbers as bytes: `(number − offset) · factor`, rounded, within 0 to 255.
  public func scaledToBytes(offset: Double, factor: Double) -> [UInt8] {
    if element == .uint8, offset == 0, factor == 1 { return bytes }
    // As many as `count` are written, and there is room for them.
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      forEach { value in
        let scaled = (value - offset) * factor
        // What is not a number becomes 0.
        unsafe buffer[written] = UInt8(max(0, min(255, scaled.isNaN ? 0 : scaled)).rounded())
        written += 1
      }
    }
  }

  /// The numbers as integers, or `nil` if one of them is none or beyond 2^53.
  public func integers() -> [Int]? {
    var areIntegers = true
    forEach { if $0 != $0.rounded() || abs($0) > 0x1p53 { areIntegers = false } }
    return areIntegers ? map { Int($0) } : nil
  }

  /// The numbers as `Double`; integers above 2^53 are rounded.
  public func doubles() -> [Double] { map { $0 } }

  private func map<Value>(_ transform: (Double) -> Value) -> [Value] {
    // As many as `count` are written, and there is room for them.
    unsafe [Value](unsafeUninitializedCapacity: count) { buffer, written in
      forEach {
        unsafe (buffer.baseAddress! + written).initialize(to: transform($0))
        written += 1
      }
    }
  }

  @inline(__always)
  private func forEach(_ body: (Double) -> Void) {
    switch element {
    case .bool: forEach(UInt8.self) { body($0 == 0 ? 0 : 1) }
    case .uint8: forEach(UInt8.self) { body(Double($0)) }
    case .int8: forEach(UInt8.self) { body(Double(Int8(bitPattern: $0))) }
    case .uint16: forEach(UInt16.self) { body(Double($0)) }
    case .int16: forEach(UInt16.self) { body(Double(Int16(bitPattern: $0))) }
    case .uint32: forEach(UInt32.self) { body(Double($0)) }
    case .int32: forEach(UInt32.self) { body(Double(Int32(bitPattern: $0))) }
    case .uint64: forEach(UInt64.self) { body(Double($0)) }
    case .int64: forEach(UInt64.self) { body(Double(Int64(bitPattern: $0))) }
    case .float16: forEach(UInt16.self) { body(Double(halfPrecision: $0)) }
    case .float32: forEach(UInt32.self) { body(Double(Float(bitPattern: $0))) }
    case .float64: forEach(UInt64.self) { body(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func forEach<Word: FixedWidthInteger>(_: Word.Type, _ body: (Word) -> Void) {
    let size = MemoryLayout<Word>.size
    // The bytes are whole words, and any bytes are a word.
    unsafe bytes.withUnsafeBytes { bytes in
      for place in stride(from: 0, to: bytes.count, by: size) {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: place, as: Word.self)
        body(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
      }
    }
  }
}

extension Double {
  /// A number of 16 bits (IEEE 754, binary16). `Float16` is not on every platform.
  init(halfPrecision bits: UInt16) {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? Double.infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
      }
    self = bits >> 15 == 0 ? magnitude : -magnitude
  }
}
