/// `erf x = 2/√π · ∫₀ˣ e^(−t²) dt`, at most a unit in the last place off.
public func errorFunction(_ x: Double) -> Double {
  let size = abs(x)
  if size < 0.84375 { return x + x * ErrorRationals.nearZero(x * x) }
  let value =
    size < 1.25
    ? ErrorRationals.atOne + ErrorRationals.nearOne(size - 1)
    : size < 6 ? 1 - tail(size) : 1
  return x != x ? x : x < 0 ? -value : value
}

/// `1 − erf x`, at most 4 units in the last place off, in the right tail too.
public func complementaryErrorFunction(_ x: Double) -> Double {
  let size = abs(x)
  if x != x { return x }
  if size < 0.84375 {
    let part = ErrorRationals.nearZero(x * x)
    return x < 0.25 ? 1 - (x + x * part) : 0.5 - (x - 0.5 + x * part)
  }
  if size < 1.25 {
    let part = ErrorRationals.nearOne(size - 1)
    return x > 0
      ? 1 - ErrorRationals.atOne - part : 1 + (ErrorRationals.atOne + part)
  }
  if size > 28 { return x > 0 ? 0 : 2 }
  return x > 0 ? tail(size) : 2 - tail(size)
}

/// `erfc x` for `x ≥ 1.25`: `e^(−x² − 9/16 + R/S) / x`, the square without an error.
private func tail(_ x: Double) -> Double {
  let upper = Double(bitPattern: x.bitPattern & ~0xFFFF_FFFF)
  let rest = (upper - x) * (upper + x) + ErrorRationals.inTail(x)
  return exponential(-upper * upper - 0.5625) * exponential(rest) / x
}

/// The rational functions of Sun's "Freely Distributable LibM", 1993, file `s_erf.c`.
private enum ErrorRationals {
  static let atOne = 8.45062911510467529297e-01

  /// `erf x / x − 1` as a function of `x²`.
  static func nearZero(_ z: Double) -> Double {
    quotient(
      z,
      [
        1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
        -5.77027029648944159157e-03, -2.37630166566501626084e-05,
      ],
      [
        1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
        1.32494738004321644526e-04, -3.96022827877536812320e-06,
      ])
  }

  /// `erf(1 + s)` without what it is at about 1.
  static func nearOne(_ s: Double) -> Double {
    quotient(
      s,
      [
        -2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
        3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
        -2.16637559486879084300e-03,
      ],
      [
        1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
        1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
      ])
  }

  /// Of `1/x²`, on both sides of 1/0.35.
  static func inTail(_ x: Double) -> Double {
    let s = 1 / (x * x)
    if x < 1 / 0.35 {
      return quotient(
        s,
        [
          -9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
          -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
          -8.12874355063065934246e+01, -9.81432934416914548592e+00,
        ],
        [
          1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
          6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
          6.57024977031928170135e+00, -6.04244152148580987438e-02,
        ])
    }
    return quotient(
      s,
      [
        -9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
        -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
        -4.83519191608651397019e+02,
      ],
      [
        1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
        3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
        -2.24409524465858183362e+01,
      ])
  }

  private static func quotient(_ x: Double, _ above: [Double], _ below: [Double]) -> Double {
    func polynomial(_ coefficients: [Double]) -> Double {
      coefficients.reversed().reduce(0) { $0 * x + $1 }
    }
    return polynomial(above) / polynomial(below)
  }
}

/// `ln Γ(x)` for `x > 0`, by Stirling's series at 10 or more, to which smaller ones are led by
/// `Γ(x + 1) = x Γ(x)`. At most 10⁻¹⁴ of the largest of 1, `x` and the result off.
public func logarithmOfGamma(_ x: Double) -> Double {
  guard x > 0, x < .infinity else { return x == 0 || x == .infinity ? .infinity : .nan }
  var (shifted, product) = (x, 1.0)
  while shifted < 10 {
    product *= shifted
    shifted += 1
  }
  let s = 1 / (shifted * shifted)
  var series = 0.0
  // B₂ₙ / (2n (2n − 1)), from n = 7 down to 1.
  for term in [
    1 / 156.0, -691 / 360_360.0, 1 / 1188.0, -1 / 1680.0, 1 / 1260.0, -1 / 360.0, 1 / 12.0,
  ] { series = series * s + term }
  let halfLogarithmOf2Pi = 0.91893853320467274178
  return (shifted - 0.5) * logarithm(shifted) - shifted + halfLogarithmOf2Pi + series / shifted
    - logarithm(product)
}
