/// A number as an unevaluated sum: `high` is the sum rounded, `low` what rounding took away.
///
/// Dekker, "A floating-point technique for extending the available precision", 1971. Nothing but
/// additions, multiplications and divisions of `Double`, which IEEE 754 defines to the last bit.
struct DoubleDouble {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) { (self.high, self.low) = (high, low) }

  /// `a + b` without an error (Knuth).
  init(sum a: Double, _ b: Double) {
    high = a + b
    let share = high - a
    low = (a - (high - share)) + (b - share)
  }

  /// The same where `|a| ≥ |b|`.
  init(larger a: Double, _ b: Double) {
    high = a + b
    low = b - (high - a)
  }

  /// `a · b` without an error, as far as it and the halves stay in the range of `Double`.
  init(product a: Double, _ b: Double) {
    let (a1, a2) = Self.halves(a)
    let (b1, b2) = Self.halves(b)
    high = a * b
    low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2
  }

  /// Two numbers of 26 bits each whose sum is `x` (Veltkamp).
  private static func halves(_ x: Double) -> (Double, Double) {
    let shifted = x * 134_217_729  // 2²⁷ + 1
    let upper = shifted - (shifted - x)
    return (upper, x - upper)
  }

  static func + (a: Self, b: Self) -> Self {
    let sum = Self(sum: a.high, b.high)
    return Self(larger: sum.high, sum.low + (a.low + b.low))
  }

  static func * (a: Self, b: Self) -> Self {
    let product = Self(product: a.high, b.high)
    return Self(larger: product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  static func / (a: Self, b: Self) -> Self {
    let quotient = a.high / b.high
    let product = Self(product: quotient, b.high)
    let rest = (a.high - product.high - product.low) + (a.low - quotient * b.low)
    return Self(larger: quotient, rest / b.high)
  }
}
