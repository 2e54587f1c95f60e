extension IDXFile {
  /// The elements as numbers of their type.
  public var numbers: NumberArray {
    NumberArray(elementType.element, dimensions, bytes: payload, isBigEndian: true)
  }

  /// The number of elements.
  public var count: Int { payload.count / elementType.size }

  /// Every element as a `Double`, whatever its type.
  public func doubles() -> [Double] { numbers.doubles() }

  /// Every element as an `Int32`, or `nil` if the elements are not whole numbers by their type.
  public func int32s() -> [Int32]? {
    elementType.isInteger ? numbers.integers()?.map(Int32.init) : nil
  }
}

extension IDXElementType {
  fileprivate var element: NumberArray.Element {
    switch self {
    case .unsignedByte: .uint8
    case .signedByte: .int8
    case .int16: .int16
    case .int32: .int32
    case .float32: .float32
    case .float64: .float64
    }
  }
}
