/// The element types of safetensors, in the ascending order its reference implementation gives
/// them: by size, then by age. Writers put larger elements first, which keeps them aligned.
public enum SafetensorsDType: String, CaseIterable, Comparable, Sendable {
  case bool = "BOOL"
  case f4 = "F4"
  case f6e2m3 = "F6_E2M3"
  case f6e3m2 = "F6_E3M2"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case f8e8m0 = "F8_E8M0"
  case f8e4m3fnuz = "F8_E4M3FNUZ"
  case f8e5m2fnuz = "F8_E5M2FNUZ"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case c64 = "C64"
  case f64 = "F64"
  case i64 = "I64"
  case u64 = "U64"

  /// Bits an element takes.
  public var bitCount: Int {
    switch self {
    case .f4: 4
    case .f6e2m3, .f6e3m2: 6
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz: 8
    case .i16, .u16, .f16, .bf16: 16
    case .i32, .u32, .f32: 32
    case .c64, .f64, .i64, .u64: 64
    }
  }

  /// The place in the order of cases.
  var rank: Int { Self.allCases.firstIndex(of: self)! }

  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// A Swift type whose memory is an element of a safetensors file. Both are little-endian on every
/// machine Swift runs on.
public protocol SafetensorsElement: BitwiseCopyable, Sendable {
  static var dtype: SafetensorsDType { get }
}

extension Float: SafetensorsElement { public static var dtype: SafetensorsDType { .f32 } }
extension Double: SafetensorsElement { public static var dtype: SafetensorsDType { .f64 } }
extension Int64: SafetensorsElement { public static var dtype: SafetensorsDType { .i64 } }
extension UInt64: SafetensorsElement { public static var dtype: SafetensorsDType { .u64 } }
extension UInt32: SafetensorsElement { public static var dtype: SafetensorsDType { .u32 } }
extension UInt8: SafetensorsElement { public static var dtype: SafetensorsDType { .u8 } }
