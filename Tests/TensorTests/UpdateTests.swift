import Foundation
import KernelBodies
import Testing
import TestSupport

@testable import Tensor

/// Settings of Adam: L2 decay and decoupled decay.
struct AdamCase: CustomTestStringConvertible {
  let step: Int
  let decay, decoupledDecay: Double
  var testDescription: String { "step \(step), decay \(decay), decoupled \(decoupledDecay)" }
}

/// Settings of gradient descent.
struct SGDCase: CustomTestStringConvertible {
  let momentum, decay: Float
  let nesterov: Bool
  var testDescription: String { "momentum \(momentum), decay \(decay), nesterov \(nesterov)" }
}

@Suite struct UpdateTests {
  /// Each line of an update rounds a few times; the terms are of the size of the largest operand,
  /// which is at most about 4 here.
  static let tolerance = Tolerance(roundings: 8, absolute: 8 * 0x1p-24)

  @Test(arguments: [
    SGDCase(momentum: 0, decay: 0, nesterov: false),
    SGDCase(momentum: 0.9, decay: 0, nesterov: false),
    SGDCase(momentum: 0.9, decay: 0.01, nesterov: true),
  ])
  func gradientDescentFollowsItsRule(_ test: SGDCase) {
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1)
      let gradient = Tensor.random([count], seed: 2).guarded
      let velocity = Tensor.random([count], seed: 3)
      var (weights, velocities) = (w.reference, velocity.reference)
      for i in 0..<count {
        var element = SGDReference(weight: weights.values[i], velocity: velocities.values[i])
        element.update(
          gradient: Double(gradient.values[i]), rate: Double(Float(0.1)),
          momentum: Double(test.momentum), decay: Double(test.decay), nesterov: test.nesterov)
        (weights.values[i], velocities.values[i]) = (element.weight, element.velocity)
      }
      expectEverywhere([(weights, Self.tolerance), (velocities, Self.tolerance)]) { device, to in
        to[0].assign(w)
        to[1].assign(velocity)
        device.sgdUpdate(
          to[0], gradient: gradient, velocity: to[1], rate: 0.1, momentum: test.momentum,
          decay: test.decay, nesterov: test.nesterov)
      }
    }
  }

  @Test(arguments: [
    AdamCase(step: 1, decay: 0, decoupledDecay: 0),
    AdamCase(step: 10, decay: 0.01, decoupledDecay: 0),
    AdamCase(step: 1000, decay: 0, decoupledDecay: 0.1),
  ])
  func adamFollowsItsRule(_ test: AdamCase) {
    let coefficients = AdamCoefficients(
      step: test.step, rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: test.decay,
      decoupledDecay: test.decoupledDecay)
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1)
      let gradient = Tensor.random([count], seed: 2).guarded
      let first = Tensor.random([count], seed: 3, in: -0.1...0.1)
      let second = Tensor.random([count], seed: 4, in: 0.01...0.1)
      var (weights, firsts, seconds) = (w.reference, first.reference, second.reference)
      for i in 0..<count {
        var element = AdamReference(
          weight: weights.values[i], firstMoment: firsts.values[i],
          secondMoment: seconds.values[i])
        element.update(
          gradient: Double(gradient.values[i]), step: test.step, rate: 0.01, beta1: 0.9,
          beta2: 0.99, epsilon: 1e-8, decay: test.decay, decoupledDecay: test.decoupledDecay)
        weights.values[i] = element.weight
        firsts.values[i] = element.firstMoment
        seconds.values[i] = element.secondMoment
      }
      expectEverywhere([
        (weights, Self.tolerance), (firsts, Self.tolerance), (seconds, Self.tolerance),
      ]) { device, to in
        to[0].assign(w)
        to[1].assign(first)
        to[2].assign(second)
        device.adamUpdate(
          to[0], gradient: gradient, firstMoment: to[1], secondMoment: to[2], step: coefficients)
      }
    }
  }

  @Test func adamsFirstStepIsTheLearningRate() {
    // m̂ = g and v̂ = g², so the step is rate · g / (|g| + ε).
    for level in SIMDLevel.usable {
      let w = Tensor([1, 1, 1], shape: [3])
      let zeros = (Tensor(zeros: [3]), Tensor(zeros: [3]))
      Device(level: level, threads: 1).adamUpdate(
        w, gradient: Tensor([1e-3, -50, 0], shape: [3]), firstMoment: zeros.0,
        secondMoment: zeros.1,
        step: AdamCoefficients(
          step: 1, rate: 0.25, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0,
          decoupledDecay: 0))
      #expect(abs(w.values[0] - 0.75) < 3e-6 && abs(w.values[1] - 1.25) < 3e-7)
      #expect(w.values[2] == 1)
    }
  }

  @Test(arguments: [1, 2, 7, 1000, 100_000])
  func coefficientsCorrectTheBiasOfTheMoments(_ step: Int) {
    let c = AdamCoefficients(
      step: step, rate: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: 0.25,
      decoupledDecay: 0.125
    ).kernel
    #expect(c.correction1 == Float(1 / (1 - pow(0.9, Double(step)))))
    #expect(c.moments.correction2 == Float(1 / (1 - pow(0.999, Double(step))).squareRoot()))
    #expect(c.rate == 0.5 && c.shrink == 1 - 0.0625 && c.decay == 0.25)
    let m = c.moments
    #expect(m.beta2 == 0.999 && m.rest1 == 0.1 && m.rest2 == 0.001 && m.epsilon == 1e-7)
  }
}
