// Activation functions and their derivatives, element by element.

/// Which activation function a kernel computes.
public enum ActivationKind: Int, Sendable {
  case relu, leakyReLU, elu, gelu, geluTanh, silu, tanh, sigmoid

  /// Whether the derivative is computed from the function's input; otherwise from its output.
  public var derivativeNeedsInput: Bool {
    self == .gelu || self == .geluTanh || self == .silu
  }
}

/// A function of sixteen floats and its derivative. `alpha` is the slope of the leaky ReLU and the
/// scale of the ELU.
public protocol Activation {
  /// `f(x)`.
  static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide

  /// `dy · f'`, with `saved` the input or the output of the forward pass, as
  /// ``ActivationKind/derivativeNeedsInput`` says.
  static func gradient<I: InstructionSet>(
    _: I.Type, _ saved: Wide, _ dy: Wide, alpha: Float
  ) -> Wide
}

/// `y = f(x)` for `count` elements; `x` and `y` may be the same.
@inlinable @inline(__always)
public func activate<I: InstructionSet, A: Activation>(
  _: I.Type, _: A.Type, _ x: Source, count: Int, alpha: Float, _ y: Target
) {
  map(x, count, y) { A.value(I.self, $0, alpha: alpha) }
}

/// `dx = dy · f'` for `count` elements; `dx` and `dy` may be the same.
@inlinable @inline(__always)
public func activateBackward<I: InstructionSet, A: Activation>(
  _: I.Type, _: A.Type, _ saved: Source, _ dy: Source, count: Int, alpha: Float, _ dx: Target
) {
  zip(saved, dy, count, dx) { A.gradient(I.self, $0, $1, alpha: alpha) }
}
