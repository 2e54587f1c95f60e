extension SafetensorsTensor {
  /// The elements as `Float`, or `nil` if they are no floating-point numbers of 16 bits or more.
  ///
  /// F16 and BF16 lose nothing; F64 is rounded to the nearest `Float`.
  public var floats: [Float]? {
    switch dtype {
    case .f32: values()
    case .f64: values(of: Double.self)?.map { Float($0) }
    case .bf16: halves.map { Float(bitPattern: UInt32($0) << 16) }
    case .f16: halves.map(Self.widened)
    default: nil
    }
  }

  /// The elements' bits, two bytes each.
  private var halves: [UInt16] {
    stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }

  /// An IEEE 754 binary16 as a binary32. `Float16` does not exist on every system.
  private static func widened(_ half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let (exponent, fraction) = (UInt32(half >> 10 & 0x1F), UInt32(half & 0x3FF))
    switch exponent {
    case 0:
      // Subnormal: a multiple of 2^-24.
      let magnitude = Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
      return sign == 0 ? magnitude : -magnitude
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    // The exponents are biased by 15 and by 127.
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
