import Support
import Tensor

/// An activation function as an expression of what every format and language has: what those that do
/// not have the function itself compute in its place.
public indirect enum ActivationFormula: Hashable, Sendable {
  case x
  case constant(Float)
  case sum(ActivationFormula, ActivationFormula)
  case product(ActivationFormula, ActivationFormula)
  case quotient(ActivationFormula, ActivationFormula)
  case smaller(ActivationFormula, ActivationFormula)
  case larger(ActivationFormula, ActivationFormula)
  case exponential(ActivationFormula)
  case hyperbolicTangent(ActivationFormula)
  /// `1 / (1 + exp(−x))`
  case logistic(ActivationFormula)
  case errorFunction(ActivationFormula)

  static func + (a: Self, b: Self) -> Self { .sum(a, b) }
  static func * (a: Self, b: Self) -> Self { .product(a, b) }
  static func / (a: Self, b: Self) -> Self { .quotient(a, b) }
}

extension ActivationFormula: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Float) { self = .constant(value) }
}

extension ActivationFunction {
  /// The function as an expression; `nil` for one that nobody wrote down here.
  public var formula: ActivationFormula? { Self.formulas[name]?(.constant(parameter)) }

  /// By name, of the parameter.
  private static let formulas: [String: @Sendable (ActivationFormula) -> ActivationFormula] = [
    "relu": { _ in .larger(.x, 0.0) },
    "leaky_relu": { slope in .larger(.x, 0.0) + slope * .smaller(.x, 0.0) },
    "elu": { alpha in
      .larger(.x, 0.0) + alpha * (.exponential(.smaller(.x, 0.0)) + -1.0)
    },
    "gelu": { _ in .x * (0.5 * (.errorFunction(.x * 0.707_106_781) + 1.0)) },
    "gelu_tanh": { _ in .x * .logistic(.x * (.x * .x * 0.071_354_813 + 1.595_769_12)) },
    "silu": { _ in .x * .logistic(.x) },
    "tanh": { _ in .hyperbolicTangent(.x) },
    "sigmoid": { _ in .logistic(.x) },
    "hard_swish": { _ in
      .x * (.smaller(.larger(.x + 3.0, 0.0), 6.0) * .constant(1 / 6))
    },
    "mish": { _ in
      // tanh(log(1 + e)) = n / (n + 2), n = e (e + 2), e = exp x; above 20 it is 1.
      let e = ActivationFormula.exponential(.smaller(.x, 20.0))
      let n = e * (e + 2.0)
      return .x * (n / (n + 2.0))
    },
  ]
}

extension ActivationFormula {
  /// The value at a place.
  func value(at place: Double) -> Double {
    switch self {
    case .x: place
    case .constant(let value): Double(value)
    case .sum(let a, let b): a.value(at: place) + b.value(at: place)
    case .product(let a, let b): a.value(at: place) * b.value(at: place)
    case .quotient(let a, let b): a.value(at: place) / b.value(at: place)
    case .smaller(let a, let b): min(a.value(at: place), b.value(at: place))
    case .larger(let a, let b): max(a.value(at: place), b.value(at: place))
    case .exponential(let a): Support::exponential(a.value(at: place))
    case .hyperbolicTangent(let a): 2 * logisticFunction(2 * a.value(at: place)) - 1
    case .logistic(let a): logisticFunction(a.value(at: place))
    case .errorFunction(let a): Support::errorFunction(a.value(at: place))
    }
  }
}

/// `1 / (1 + exp(−x))`
private func logisticFunction(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }
