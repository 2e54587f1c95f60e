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
    case .silu: logistic(x) * (1 + x * logistic(-x))
    case .tanh: 1 - Foundation.tanh(x) * Foundation.tanh(x)
    case .sigmoid: logistic(x) * logistic(-x)
    }
  }
}

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
