/// The natural logarithm, `−∞` of 0 and `NaN` of what is below; at most 0.53 units in the last place
/// off.
public func logarithm(_ x: Double) -> Double {
  guard x > 0, x < .infinity else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
  return quickLogarithmPair(x).high
}

/// `ln(1 + x)`, at most 0.67 units in the last place off, for small `x` too.
public func logarithmOfOnePlus(_ x: Double) -> Double {
  guard x > -1, x < .infinity, x != 0 else { return x == -1 ? -.infinity : x >= 0 ? x : .nan }
  let sum = DoubleDouble(sum: 1, x)
  let pair = quickLogarithmPair(sum.high)
  // ln(h + l) = ln h + l / h, as l is that small.
  return pair.high + (pair.low + sum.low / sum.high)
}

/// The natural logarithm of a finite `x` above 0, to about 58 bits.
private func quickLogarithmPair(_ x: Double) -> DoubleDouble {
  let (k, s) = reduced(x)
  let z = s.high * s.high
  var series = 0.0
  for coefficient in artanhSeries { series = series * z + coefficient }
  let rest = s.low + s.high * (z * series)
  return logarithm(of: DoubleDouble(larger: 2 * s.high, 2 * rest), timesTwoTo: k)
}

/// The same to about 70 bits: the first terms of the series in double-double.
func logarithmPair(_ x: Double) -> DoubleDouble {
  let (k, s) = reduced(x)
  let z = s * s
  var tail = 0.0
  for coefficient in artanhSeries.dropLast(2) { tail = tail * z.high + coefficient }
  let fifth = DoubleDouble(0x1.999999999999ap-3, -0x1.999999999999ap-57) + z * DoubleDouble(tail)
  let third = DoubleDouble(0x1.5555555555555p-2, 0x1.5555555555555p-56) + z * fifth
  let half = s * (DoubleDouble(1) + z * third)
  return logarithm(of: DoubleDouble(2 * half.high, 2 * half.low), timesTwoTo: k)
}

/// `x = 2^k · m` with `m` from `√½` to `√2`, as `k` and `s = (m − 1) / (m + 1)`: `ln m = 2 artanh s`,
/// whose power series in `s²`, at most 0.03, is `2 s (1 + s²/3 + s⁴/5 + …)`.
private func reduced(_ x: Double) -> (k: Double, s: DoubleDouble) {
  var (k, m) = (Double(x.exponent), x.significand)
  if m > 0x1.6a09e667f3bcdp+0 { (k, m) = (k + 1, m / 2) }
  return (k, DoubleDouble(m - 1) / DoubleDouble(sum: 1, m))
}

/// `ln m + k ln 2`, where the first part of `ln 2` has 32 bits, so that its product is exact.
private func logarithm(of m: DoubleDouble, timesTwoTo k: Double) -> DoubleDouble {
  DoubleDouble(k * 0x1.62e42feep-1) + (DoubleDouble(product: k, 0x1.a39ef35793c76p-33) + m)
}

/// 1 / (2n + 1) for n from 15 down to 1.
private let artanhSeries: [Double] = (1...15).reversed().map { 1 / Double(2 * $0 + 1) }
