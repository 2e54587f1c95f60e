// Elementary functions on sixteen floats.
//
// Polynomials of the Cephes library (Moshier, "Methods and Programs for Mathematical Functions",
// 1989). Bounds are against the exact result and are checked by the tests; without a fused
// multiply-add the last bit may differ. They are transparent, which is the only kind of function
// that is inlined however often it is used; one that is not would be a shared symbol.

#if canImport(Darwin)
  public import func Darwin.sqrtf
#else
  public import func Glibc.sqrtf
#endif

/// `exp(x)`, relative error at most 2^-22. Below -87.33 it stays at 1.2e-38, above 88.37 at 2.4e38;
/// NaN stays NaN.
@_transparent
public func exponential<I: InstructionSet>(_: I.Type, _ x: Wide) -> Wide {
  let clamped = Wide.smaller(Wide(repeating: 88.37), Wide.larger(Wide(repeating: -87.33), x))
  // x = n ln 2 + r. Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
  let rounding = Wide(repeating: 12_582_912)
  let shifted = I.multiplyAdd(clamped, Wide(repeating: 1.442_695_04), rounding)
  let n = shifted - rounding
  var r = I.multiplyAdd(n, Wide(repeating: -0.693_359_375), clamped)
  r = I.multiplyAdd(n, Wide(repeating: 2.121_944_4e-4), r)
  var p = Wide(repeating: 1.987_569_15e-4)
  p = I.multiplyAdd(p, r, Wide(repeating: 1.398_199_95e-3))
  p = I.multiplyAdd(p, r, Wide(repeating: 8.333_451_9e-3))
  p = I.multiplyAdd(p, r, Wide(repeating: 4.166_579_6e-2))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.166_666_655))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.500_000_012))
  let value = I.multiplyAdd(I.multiplyAdd(p, r, Wide()), r, r) + Wide(repeating: 1)
  // The low bits of `shifted` are n; moved into the exponent they make 2^n.
  let bits = unsafeBitCast(shifted, to: WideInt.self) &- WideInt(repeating: 0x4B40_0000)
  let power = unsafeBitCast((bits &+ WideInt(repeating: 127)) &<< 23, to: Wide.self)
  return value * power
}

/// `√x`, correctly rounded: one instruction, which the code generator makes of the C library's
/// function. Swift's own is an inline function of C, and those are not inlined into a protocol's
/// witnesses.
@_transparent
public func squareRoot(_ x: Float) -> Float { sqrtf(x) }

/// The same for each lane, in one instruction too.
@_transparent
public func squareRoot(_ x: Wide) -> Wide {
  Wide(
    sqrtf(x[0]), sqrtf(x[1]), sqrtf(x[2]), sqrtf(x[3]),
    sqrtf(x[4]), sqrtf(x[5]), sqrtf(x[6]), sqrtf(x[7]),
    sqrtf(x[8]), sqrtf(x[9]), sqrtf(x[10]), sqrtf(x[11]),
    sqrtf(x[12]), sqrtf(x[13]), sqrtf(x[14]), sqrtf(x[15]))
}

/// `log(x)`, error below 1 unit in the last place for every positive normal float. Subnormal
/// numbers too; zero gives -infinity, what is below it NaN, infinity and NaN stay what they are.
@_transparent
public func logarithm<I: InstructionSet>(_: I.Type, _ x: Wide) -> Wide {
  // x = 2^n (1 + r) with 1 + r from √½ to √2: the bits of √½ are subtracted, what then stands in
  // the exponent is n. A subnormal number is first multiplied by 2^23.
  let isSmall = x .< Wide(repeating: .leastNormalMagnitude)
  let bits = unsafeBitCast(
    x.replacing(with: x * Wide(repeating: 0x1p23), where: isSmall), to: WideInt.self)
  let exponent = (bits &- WideInt(repeating: 0x3F35_04F3)) &>> 23
  let mantissa = unsafeBitCast(bits &- exponent &<< 23, to: Wide.self)
  // Adding 1.5 * 2^23 puts an integer into the low bits of a float; subtracting it gives a float.
  let rounding = Wide(repeating: 12_582_912)
  let shifted = unsafeBitCast(exponent &+ WideInt(repeating: 0x4B40_0000), to: Wide.self)
  let n = (shifted - rounding).replacing(
    with: shifted - Wide(repeating: 12_582_935), where: isSmall)
  let r = mantissa - Wide(repeating: 1)
  let s = r * r
  var p = Wide(repeating: 7.037_683_63e-2)
  p = I.multiplyAdd(p, r, Wide(repeating: -0.115_146_103))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.116_769_987))
  p = I.multiplyAdd(p, r, Wide(repeating: -0.124_201_408))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.142_493_228))
  p = I.multiplyAdd(p, r, Wide(repeating: -0.166_680_577))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.200_007_147))
  p = I.multiplyAdd(p, r, Wide(repeating: -0.249_999_939))
  p = I.multiplyAdd(p, r, Wide(repeating: 0.333_333_312))
  var y = p * r * s
  y = I.multiplyAdd(n, Wide(repeating: -2.121_944_4e-4), y)
  y = I.multiplyAdd(s, Wide(repeating: -0.5), y) + r
  y = I.multiplyAdd(n, Wide(repeating: 0.693_359_375), y)
  // Infinity and NaN come back as themselves; what is not above zero has no logarithm.
  y = x.replacing(with: y, where: x .< Wide(repeating: .infinity))
  y = y.replacing(with: -.infinity, where: x .== Wide())
  return y.replacing(with: .nan, where: x .< Wide())
}

/// `1 / (1 + exp(-x))`, absolute error at most 2^-22.
@_transparent
public func logistic<I: InstructionSet>(_: I.Type, _ x: Wide) -> Wide {
  Wide(repeating: 1) / (Wide(repeating: 1) + exponential(I.self, -x))
}

/// `tanh(x)`, absolute error at most 2^-22.
@_transparent
public func hyperbolicTangent<I: InstructionSet>(_: I.Type, _ x: Wide) -> Wide {
  let far =
    Wide(repeating: 1) - Wide(repeating: 2)
    / (exponential(I.self, x + x) + Wide(repeating: 1))
  // Near zero the difference above cancels; an odd polynomial does not.
  let s = x * x
  var p = Wide(repeating: -5.704_988_727e-3)
  p = I.multiplyAdd(p, s, Wide(repeating: 2.063_908_88e-2))
  p = I.multiplyAdd(p, s, Wide(repeating: -5.373_971_55e-2))
  p = I.multiplyAdd(p, s, Wide(repeating: 0.133_314_422))
  p = I.multiplyAdd(p, s, Wide(repeating: -0.333_332_82))
  let near = I.multiplyAdd(p * s, x, x)
  return far.replacing(with: near, where: s .< Wide(repeating: 0.390_625))
}

/// `erf(x)`, absolute error at most 5e-7 (Abramowitz and Stegun, 7.1.26, 1964).
@_transparent
public func errorFunction<I: InstructionSet>(_: I.Type, _ x: Wide) -> Wide {
  errorFunction(I.self, x, bell: exponential(I.self, -(x * x)))
}

/// The same for a caller who has `exp(−x²)` already.
@_transparent
public func errorFunction<I: InstructionSet>(_: I.Type, _ x: Wide, bell: Wide) -> Wide {
  let negative = x .< Wide()
  let size = x.replacing(with: -x, where: negative)
  let t = Wide(repeating: 1) / I.multiplyAdd(Wide(repeating: 0.327_591_1), size, Wide(repeating: 1))
  var p = Wide(repeating: 1.061_405_43)
  p = I.multiplyAdd(p, t, Wide(repeating: -1.453_152_03))
  p = I.multiplyAdd(p, t, Wide(repeating: 1.421_413_74))
  p = I.multiplyAdd(p, t, Wide(repeating: -0.284_496_736))
  p = I.multiplyAdd(p, t, Wide(repeating: 0.254_829_592))
  let y = Wide(repeating: 1) - p * t * bell
  return y.replacing(with: -y, where: negative)
}
