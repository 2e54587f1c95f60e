// What an activation function is, and the list of them. Everything else comes from here: what layers
// and options call them, their parameters, the kernels, what a backward pass keeps.

/// Calls `visitor` with each activation function, in the order in which they are listed.
@inlinable @inline(__always)
public func visitActivations<V: ActivationVisitor>(_ visitor: inout V) {
  visitor.visit(ReLU.self)
  visitor.visit(LeakyReLU.self)
  visitor.visit(ELU.self)
  visitor.visit(GELU.self)
  visitor.visit(GELUTanh.self)
  visitor.visit(SiLU.self)
  visitor.visit(Tanh.self)
  visitor.visit(Sigmoid.self)
  visitor.visit(HardSwish.self)
  visitor.visit(Mish.self)
}

/// Who wants to know each activation function as a type.
public protocol ActivationVisitor {
  mutating func visit<A: Activation>(_: A.Type)
}

/// A function of sixteen floats and its derivative.
public protocol Activation {
  static var traits: ActivationTraits { get }

  /// `f(x)`; `alpha` is the function's parameter, if it has one.
  static func value<I: InstructionSet>(_: I.Type, _ x: Wide, alpha: Float) -> Wide

  /// `dy · f'`, with `saved` the input or the output of the forward pass, as
  /// ``ActivationTraits/derivativeReads`` says.
  static func gradient<I: InstructionSet>(
    _: I.Type, _ saved: Wide, _ dy: Wide, alpha: Float
  ) -> Wide
}

/// What there is to know about an activation function besides its values.
public struct ActivationTraits: Sendable {
  /// Its name in options and in model files.
  public var name: String
  /// What its derivative is computed from.
  public var derivativeReads: DerivativeSource
  /// Where its derivative jumps.
  public var corners: [Float]
  public var parameter: ActivationParameter?

  public init(
    _ name: String, derivativeReads: DerivativeSource, corners: [Float] = [],
    parameter: ActivationParameter? = nil
  ) {
    self.name = name
    self.derivativeReads = derivativeReads
    self.corners = corners
    self.parameter = parameter
  }
}

/// What a derivative is computed from: the function's input, its output, or an output of which the
/// sign is enough, so that what keeps signs may come between.
public enum DerivativeSource: Sendable {
  case input, output, outputSign
}

/// The parameter of an activation function. With a parameter of 0 the function is the ReLU, whose
/// derivative below zero could not be told from an output.
public struct ActivationParameter: Sendable {
  /// Its name in model files, and as an option.
  public var name: String
  public var option: String
  /// What it is where nobody says, and what it must be below. It is at least 0.
  public var usual: Float
  public var limit: Double
  /// What the option's help says.
  public var help: String

  public init(_ name: String, option: String, usual: Float, below limit: Double, help: String) {
    self.name = name
    self.option = option
    self.usual = usual
    self.limit = limit
    self.help = help
  }
}

/// `y = f(x)` for `count` elements; `x` and `y` may be the same.
@inlinable @inline(__always)
public func activate<I: InstructionSet, A: Activation>(
  _: I.Type, _: A.Type, _ x: Source, count: Int, alpha: Float, to y: Target
) {
  map(x, count, y) { A.value(I.self, $0, alpha: alpha) }
}

/// `dx = dy · f'` for `count` elements; `dx` and `dy` may be the same.
@inlinable @inline(__always)
public func activateBackward<I: InstructionSet, A: Activation>(
  _: I.Type, _: A.Type, saved: Source, dy: Source, count: Int, alpha: Float, to dx: Target
) {
  zip(saved, dy, count, dx) { A.gradient(I.self, $0, $1, alpha: alpha) }
}
