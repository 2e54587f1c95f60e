import Foundation
import Tensor

extension ActivationFunction {
  /// The function, from its definition.
  public func reference(_ x: Double) -> Double {
    switch self {
    case .relu: x < 0 ? 0 : x
    case .leakyReLU(let slope): x < 0 ? Double(slope) * x : x
    case .elu(let alpha): x < 0 ? Double(alpha) * expm1(x) : x
    case .gelu: x * 0.5 * erfc(-x / 2.0.squareRoot())
    case .geluTanh: x * 0.5 * (1 + Foundation.tanh(geluArgument(x)))
    case .silu: x * logistic(x)
    case .tanh: Foundation.tanh(x)
    case .sigmoid: logistic(x)
    }
  }

  /// Its derivative as a function of its input.
  public func derivativeReference(_ x: Double) -> Double {
    switch self {
    case .relu: x > 0 ? 1 : 0
    case .leakyReLU(let slope): x < 0 ? Double(slope) : 1
    case .elu(let alpha): x <= 0 ? Double(alpha) * exp(x) : 1
    case .gelu:
      0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    case .geluTanh:
      logistic(2 * geluArgument(x))
        * (1 + 2 * x * logistic(-2 * geluArgument(x)) * geluArgumentDerivative(x))
    case .silu: logistic(x) * (1 + x * logistic(-x))
    case .tanh: 1 - Foundation.tanh(x) * Foundation.tanh(x)
    case .sigmoid: logistic(x) * logistic(-x)
    }
  }
}

private func geluArgument(_ x: Double) -> Double {
  (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
}

private func geluArgumentDerivative(_ x: Double) -> Double {
  (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
}

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
