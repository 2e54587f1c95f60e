// The C library's functions differ by library, version and processor in their last bits: glibc alone
// has several of each and takes one when the program starts. What decides a bit of a training or a
// search is computed by the functions of this folder, which know IEEE 754's additions,
// multiplications, divisions and square roots and nothing else, so that every machine has the same.

/// `e^x`, at most 0.53 units in the last place off; 0.75 below the smallest normal number.
public func exponential(_ x: Double) -> Double {
  guard let (power, k) = exponentialParts(DoubleDouble(x)) else {
    return x > 0 ? .infinity : x < 0 ? 0 : x
  }
  return scaled(power.high + power.low, by: k)
}

/// `e^x − 1`, at most 0.75 units in the last place off, for small `x` too.
public func exponentialMinusOne(_ x: Double) -> Double {
  guard let (power, k) = exponentialParts(DoubleDouble(x)) else {
    return x > 0 ? .infinity : x < 0 ? -1 : x
  }
  guard k < 64 else { return scaled(power.high + power.low, by: k) }
  guard k > -64 else { return -1 }
  let difference = DoubleDouble(sum: scaled(power.high, by: k), -1)
  return x == 0 ? x : difference.high + (difference.low + scaled(power.low, by: k))
}

/// `base^exponent` as C defines it, `NaN` for a negative base with an exponent that is not whole. At
/// most 0.53 units in the last place off; 0.75 below the smallest normal number.
public func power(_ base: Double, _ exponent: Double) -> Double {
  if exponent == 0 || base == 1 { return 1 }
  if base.isNaN || exponent.isNaN { return .nan }
  let isWhole = exponent == exponent.rounded()
  let isOdd = isWhole && exponent.isFinite && exponent.truncatingRemainder(dividingBy: 2) != 0
  if base < 0, base.isFinite, exponent.isFinite, !isWhole { return .nan }
  let size = powerOfSize(abs(base), exponent)
  return base.sign == .minus && isOdd ? -size : size
}

/// `base^exponent` of a base of at least 0.
private func powerOfSize(_ base: Double, _ exponent: Double) -> Double {
  if base == 1 { return 1 }
  let grows = (base > 1) == (exponent > 0)
  // Beyond 2⁶⁴ no base but 1 is near enough to 1.
  guard base > 0, base < .infinity, abs(exponent) < 0x1p64 else { return grows ? .infinity : 0 }
  let product = logarithmPair(base) * DoubleDouble(exponent)
  guard let (power, k) = exponentialParts(product) else { return grows ? .infinity : 0 }
  return scaled(power.high + power.low, by: k)
}

/// `e^x = p · 2^k`, `p` from 0.7 to 1.42; `nil` if that is infinite, zero or not a number.
///
/// `x = k ln 2 + r` with `|r| ≤ ln 2 / 2`, and `e^r` by its power series, whose first terms are added
/// without an error.
private func exponentialParts(_ x: DoubleDouble) -> (DoubleDouble, k: Int)? {
  guard x.high < 709.79, x.high > -745.2 else { return nil }
  let k = (x.high * 0x1.71547652b82fep+0).rounded()
  // k ln 2 in three parts, of which the first two have 32 bits, so that the products are exact.
  let upper = DoubleDouble(sum: x.high - k * 0x1.62e42feep-1, -k * 0x1.a39ef356p-33)
  let r = DoubleDouble(larger: upper.high, upper.low + (x.low - k * 0x1.93c7673007e5fp-65))
  let square = DoubleDouble(product: r.high, r.high)
  var series = 0.0
  for coefficient in exponentialSeries { series = series * r.high + coefficient }
  let rest = r.low + r.high * r.low + square.low / 2 + square.high * r.high * series
  let first = DoubleDouble(larger: 1, r.high)
  let second = DoubleDouble(larger: first.high, square.high / 2)
  return (DoubleDouble(larger: second.high, second.low + (first.low + rest)), Int(k))
}

/// 1/n! for n from 15 down to 3.
private let exponentialSeries: [Double] = (3...15).reversed().map { n in
  1 / (2...n).reduce(1) { $0 * Double($1) }
}

/// `x · 2^k`, rounded once, for a `k` from −1100 to 1024.
private func scaled(_ x: Double, by k: Int) -> Double {
  func power(_ k: Int) -> Double { Double(bitPattern: UInt64(k + 1023) << 52) }
  if k > 1023 { return x * 2 * power(1023) }
  return k >= -1022 ? x * power(k) : x * power(k + 600) * power(-600)
}
