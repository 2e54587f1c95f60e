extension RandomStream {
  /// A number from the beta distribution with parameters `a` and `b`, both above 0.
  ///
  /// It is `X / (X + Y)` for gamma numbers of shapes `a` and `b`, taken from their logarithms,
  /// because those of small shapes are too small for any floating-point format.
  public mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = logarithmOfGamma(shape: a)
    let y = logarithmOfGamma(shape: b)
    return 1 / (1 + exponential(y - x))
  }

  /// The logarithm of a number from the gamma distribution with scale 1 (Marsaglia and Tsang, "A
  /// simple method for generating gamma variables", 2000).
  public mutating func logarithmOfGamma(shape: Double) -> Double {
    precondition(shape > 0, "logarithmOfGamma: the shape \(shape) is not above 0")
    guard shape >= 1 else {
      // By a smaller one the quotient would be infinite, and the ratio of two such numbers none.
      let shape = max(shape, 1e-300)
      return logarithmOfGamma(shape: shape + 1) + logarithm(openUniform()) / shape
    }
    let d = shape - 1 / 3.0
    while true {
      let x = Double(normal())
      let t = 1 + x / (9 * d).squareRoot()
      guard t > 0 else { continue }
      let v = t * t * t
      if logarithm(openUniform()) < 0.5 * x * x + d * (1 - v + logarithm(v)) {
        return logarithm(d * v)
      }
    }
  }

  /// A number from the uniform distribution between 0 and 1, neither of them included.
  private mutating func openUniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }
}
