import Foundation
import Tensor

/// What an activation function is by its definition. `a` is its parameter.
public struct ActivationReference: Sendable {
  let name: String
  /// The parameters that tests take it with; `nil` for the usual one.
  var parameters: [Float?] = [nil]
  let value: @Sendable (_ x: Double, _ a: Double) -> Double
  let derivative: @Sendable (_ x: Double, _ a: Double) -> Double
  /// The error that `Exponential.swift` states, taken through the function, and a few roundings.
  let tolerance: @Sendable (_ a: Double) -> Tolerance
  /// The derivative's, if it is another.
  var slopeTolerance: Tolerance?

  /// A case for each activation function.
  static let all = [
    ActivationReference(
      name: "relu",
      value: { x, _ in x < 0 ? 0 : x },
      derivative: { x, _ in x > 0 ? 1 : 0 },
      tolerance: { _ in .exact }),
    ActivationReference(
      name: "leaky_relu",
      value: { x, a in x < 0 ? a * x : x },
      derivative: { x, a in x < 0 ? a : 1 },
      tolerance: { _ in .exact }),
    ActivationReference(
      name: "elu", parameters: [1, 1.5],
      value: { x, a in x < 0 ? a * expm1(x) : x },
      derivative: { x, a in x <= 0 ? a * exp(x) : 1 },
      tolerance: { Tolerance(roundings: 8, absolute: $0 * 0x1p-21) }),
    // |x| is at most 8 where the next ones are not their asymptotes.
    ActivationReference(
      name: "gelu",
      value: { x, _ in x * 0.5 * erfc(-x / 2.0.squareRoot()) },
      derivative: { x, _ in
        0.5 * erfc(-x / 2.0.squareRoot()) + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      },
      tolerance: { _ in Tolerance(roundings: 8, absolute: 8 * 5e-7) }),
    // σ's argument u has the roundings of a cubic that is up to 30 where σ is not 0 or 1.
    ActivationReference(
      name: "gelu_tanh",
      value: { x, _ in x * 0.5 * (1 + Foundation.tanh(cubic(x))) },
      derivative: { x, _ in
        logistic(2 * cubic(x)) * (1 + 2 * x * logistic(-2 * cubic(x)) * cubicDerivative(x))
      },
      tolerance: { _ in Tolerance(roundings: 8, absolute: 8 * 0x1p-22) }),
    ActivationReference(
      name: "silu",
      value: { x, _ in x * logistic(x) },
      derivative: { x, _ in logistic(x) * (1 + x * logistic(-x)) },
      tolerance: { _ in Tolerance(roundings: 8, absolute: 8 * 0x1p-22) }),
    ActivationReference(
      name: "tanh",
      value: { x, _ in Foundation.tanh(x) },
      derivative: { x, _ in 1 - Foundation.tanh(x) * Foundation.tanh(x) },
      tolerance: { _ in Tolerance(roundings: 4, absolute: 0x1p-22) },
      slopeTolerance: Tolerance(roundings: 4, absolute: 0x1p-21)),
    ActivationReference(
      name: "sigmoid",
      value: { x, _ in logistic(x) },
      derivative: { x, _ in logistic(x) * logistic(-x) },
      tolerance: { _ in Tolerance(roundings: 4, absolute: 0x1p-22) },
      slopeTolerance: Tolerance(roundings: 4, absolute: 0x1p-21)),
    ActivationReference(
      name: "hard_swish",
      value: { x, _ in x * min(max(x + 3, 0), 6) / 6 },
      derivative: { x, _ in x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1 },
      tolerance: { _ in Tolerance(roundings: 6) },
      // x / 3 + ½ cancels below zero.
      slopeTolerance: Tolerance(roundings: 4, absolute: 0x1p-23)),
    // Where the exponential's relative error counts, the value is below 1/2 and the slope below 2.
    ActivationReference(
      name: "mish",
      value: { x, _ in x * Foundation.tanh(log1p(exp(x))) },
      derivative: { x, _ in
        let t = Foundation.tanh(log1p(exp(x)))
        return t + x * (1 - t * t) * logistic(x)
      },
      tolerance: { _ in Tolerance(roundings: 8, absolute: 0x1p-22) },
      slopeTolerance: Tolerance(roundings: 8, absolute: 0x1p-21)),
  ]
}

extension ActivationFunction {
  /// Every function, with every parameter that is tested.
  public static let tested: [ActivationFunction] = ActivationReference.all.flatMap { reference in
    reference.parameters.compactMap { ActivationFunction(name: reference.name, parameter: $0) }
  }

  /// The function, from its definition.
  public func reference(_ x: Double) -> Double { definition.value(x, Double(parameter)) }

  /// Its derivative as a function of its input.
  public func derivativeReference(_ x: Double) -> Double {
    definition.derivative(x, Double(parameter))
  }

  /// How far a value may be off.
  public var tolerance: Tolerance { definition.tolerance(Double(parameter)) }

  /// How far a derivative may be off.
  public var slopeTolerance: Tolerance { definition.slopeTolerance ?? tolerance }

  private var definition: ActivationReference {
    guard let found = ActivationReference.all.first(where: { $0.name == name }) else {
      preconditionFailure("\(name) has no case in ActivationReference.all")
    }
    return found
  }

  // Short names for the tests' models.
  public static let geluTanh = named("gelu_tanh")
  public static let silu = named("silu")
  public static let tanh = named("tanh")
  public static let sigmoid = named("sigmoid")
  public static func leakyReLU(slope: Float) -> Self { named("leaky_relu", parameter: slope) }
  public static func elu(alpha: Float) -> Self { named("elu", parameter: alpha) }

  private static func named(_ name: String, parameter: Float? = nil) -> Self {
    guard let function = ActivationFunction(name: name, parameter: parameter) else {
      preconditionFailure("there is no activation '\(name)'")
    }
    return function
  }
}

private func cubic(_ x: Double) -> Double {
  (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
}

private func cubicDerivative(_ x: Double) -> Double {
  (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
}

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
