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
