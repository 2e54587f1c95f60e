// The activation functions, one type each.

/// `max(0, x)`; NaN stays NaN.
public enum ReLU: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    Wide.larger(Wide(), x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy.replacing(with: 0, where: y .<= Wide())
  }
}

/// `x < 0 ? α x : x`.
public enum LeakyReLU: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x.replacing(with: x * alpha, where: x .< Wide())
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy.replacing(with: dy * alpha, where: y .< Wide())
  }
}

/// `x <= 0 ? α (exp x − 1) : x` (Clevert, Unterthiner and Hochreiter, 2016).
public enum ELU: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x.replacing(with: (exponential(I.self, x) - 1) * alpha, where: x .< Wide())
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // y = α (exp x − 1) below zero, so its derivative α exp x is y + α. Where x is so small that y
    // is zero, x was negative: a positive x is its own y.
    dy.replacing(with: dy * (y + alpha), where: y .<= Wide())
  }
}

/// `x Φ(x)`, Φ the normal distribution (Hendrycks and Gimpel, 2016).
public enum GELU: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x * 0.5 * (errorFunction(I.self, x * 0.707_106_781) + 1)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // Φ(x) + x φ(x), φ(x) = exp(−x²/2) / √(2π).
    let bell = exponential(I.self, x * x * -0.5)
    let distribution = (errorFunction(I.self, x * 0.707_106_781, bell: bell) + 1) * 0.5
    return dy * (distribution + x * bell * 0.398_942_28)
  }
}

/// `x (1 + tanh u) / 2`, `u = √(2/π) (x + 0.044715 x³)`, the approximation of the ``GELU`` that its
/// authors give. As `(1 + tanh u) / 2 = σ(2u)` it is `x σ(2u)`.
public enum GELUTanh: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    let z = withinBend(x)
    return x * logistic(I.self, z * (z * z * 0.071_354_813 + 1.595_769_12))
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // σ(2u) + x σ(2u) (1 − σ(2u)) 2u'.
    let z = withinBend(x)
    let square = z * z
    let s = logistic(I.self, z * (square * 0.071_354_813 + 1.595_769_12))
    return dy * s * (z * (1 - s) * (square * 0.214_064_44 + 1.595_769_12) + 1)
  }
}

/// `x` where ``GELUTanh``'s logistic function is not 0 or 1, and its ends elsewhere, so that no power
/// of it overflows.
@_transparent
public func withinBend(_ x: Wide) -> Wide {
  Wide.smaller(Wide(repeating: 12), Wide.larger(Wide(repeating: -12), x))
}

/// `x σ(x)` (Elfwing, Uchibe and Doya, 2018).
public enum SiLU: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    x * logistic(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ x: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    // σ(x) (1 + x (1 − σ(x))).
    let s = logistic(I.self, x)
    return dy * s * (x * (1 - s) + 1)
  }
}

/// `tanh x`.
public enum Tanh: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    hyperbolicTangent(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy * (1 - y * y)
  }
}

/// `σ(x) = 1 / (1 + exp(−x))`.
public enum Sigmoid: Activation {
  @inlinable @inline(__always)
  public static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide {
    logistic(I.self, x)
  }

  @inlinable @inline(__always)
  public static func gradient<I: InstructionSet>(
    _: I.Type, _ y: Wide, _ dy: Wide, alpha: Float
  ) -> Wide {
    dy * (y * (1 - y))
  }
}
