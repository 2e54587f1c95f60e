/// The sine of an angle in radians, at most 0.6 units in the last place off up to 10⁶. Of larger
/// angles whole turns are taken off first, by the `Double` next to 2π.
public func sine(_ x: Double) -> Double { x == 0 ? x : circle(x, quarters: 0) }

/// The cosine of an angle in radians, as exact as the sine.
public func cosine(_ x: Double) -> Double { circle(x, quarters: 1) }

/// The angle from −π/2 to π/2 whose tangent is `x`, to some units in the last place.
public func arctangent(_ x: Double) -> Double {
  if abs(x) > 1 { return (x > 0 ? 1 : -1) * (.pi / 2 - arctangent(1 / abs(x))) }
  if abs(x) < 0x1p-30 { return x }
  // Halved three times, the angle is at most π/32, and the series in t² soon ends.
  var t = x
  for _ in 0..<3 { t /= 1 + (1 + t * t).squareRoot() }
  var series = 0.0
  for n in (0...9).reversed() { series = series * -(t * t) + 1 / Double(2 * n + 1) }
  return 8 * (t * series)
}

/// The sine of `x` and so many right angles.
private func circle(_ x: Double, quarters: Int) -> Double {
  guard x.isFinite else { return .nan }
  let angle = abs(x) > 1e6 ? x.remainder(dividingBy: 2 * .pi) : x
  let n = (angle * (2 / .pi)).rounded()
  // n · π/2 in three parts, of which the first two have 33 bits each: their products are exact.
  let upper = DoubleDouble(sum: angle - n * 0x1.921fb544p+0, -n * 0x1.0b4611a6p-34)
  let r = DoubleDouble(larger: upper.high, upper.low - n * 0x1.3198a2e037073p-69)
  switch (Int(n) + quarters) & 3 {
  case 0: return sineSeries(r)
  case 1: return cosineSeries(r)
  case 2: return -sineSeries(r)
  default: return -cosineSeries(r)
  }
}

/// `r − r³/3! + r⁵/5! − …` for `|r| ≤ π/4`, the second term with what rounding takes away.
private func sineSeries(_ r: DoubleDouble) -> Double {
  let square = DoubleDouble(product: r.high, r.high)
  let z = square.high
  var series = 0.0
  for coefficient in sineCoefficients { series = series * z + coefficient }
  let factor =
    square * DoubleDouble(-0x1.5555555555555p-3, -0x1.5555555555555p-57)
    + DoubleDouble(z * z * series)
  let rest = DoubleDouble(product: r.high, factor.high)
  let sum = DoubleDouble(larger: r.high, rest.high)
  return sum.high + (sum.low + (rest.low + r.high * factor.low + r.low * (1 - z / 2)))
}

/// `1 − r²/2! + r⁴/4! − …`, the first two terms without an error.
private func cosineSeries(_ r: DoubleDouble) -> Double {
  let square = DoubleDouble(product: r.high, r.high)
  let z = square.high
  var series = 0.0
  for coefficient in cosineCoefficients { series = series * z + coefficient }
  let sum = DoubleDouble(larger: 1, -z / 2)
  return sum.high + (sum.low + (z * z * series - r.high * r.low - square.low / 2))
}

/// ±1/n! for n from 21 down to 5 and from 20 down to 4.
private let sineCoefficients = alternating(from: 5)
private let cosineCoefficients = alternating(from: 4)

private func alternating(from first: Int) -> [Double] {
  stride(from: first + 16, through: first, by: -2).map { n in
    (n & 2 == 0 ? 1 : -1) / (2...n).reduce(1) { $0 * Double($1) }
  }
}
