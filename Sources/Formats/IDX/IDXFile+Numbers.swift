extension IDXFile {
  /// The number of elements.
  public var count: Int { payload.count / elementType.size }

  /// Every element as a `Double`, whatever its type.
  public func doubles() -> [Double] {
    switch elementType {
    case .unsignedByte: payload.map(Double.init)
    case .signedByte: payload.map { Double(Int8(bitPattern: $0)) }
    case .int16: words(UInt16.self) { Double(Int16(bitPattern: $0)) }
    case .int32: words(UInt32.self) { Double(Int32(bitPattern: $0)) }
    case .float32: words(UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: words(UInt64.self) { Double(bitPattern: $0) }
    }
  }

  /// Every element as an `Int32`, or `nil` if the elements are not whole numbers.
  public func int32s() -> [Int32]? {
    switch elementType {
    case .unsignedByte: payload.map(Int32.init)
    case .signedByte: payload.map { Int32(Int8(bitPattern: $0)) }
    case .int16: words(UInt16.self) { Int32(Int16(bitPattern: $0)) }
    case .int32: words(UInt32.self) { Int32(bitPattern: $0) }
    case .float32, .float64: nil
    }
  }

  private func words<Word: FixedWidthInteger, Number>(
    _: Word.Type, _ convert: (Word) -> Number
  ) -> [Number] {
    payload.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size).map {
        convert(Word(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self)))
      }
    }
  }
}
