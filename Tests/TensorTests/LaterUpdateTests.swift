import TestSupport
import Testing

@testable import Tensor

/// The update rules of NAdam, Adadelta and Lion.
@Suite struct LaterUpdateTests {
  @Test(arguments: [(1, 0), (20, 0.01)] as [(Int, Double)])
  func nadamFollowsItsRule(step: Int, decay: Double) {
    for count in edgeCounts {
      let (w, m) = (Tensor.random([count], seed: 1), Tensor.random([count], seed: 2))
      let gradient = Tensor.random([count], seed: 3).guarded
      let v = Tensor.random([count], seed: 4, in: 0.01...0.1)
      var expected = [w.reference, m.reference, v.reference]
      for i in 0..<count {
        let element = nadamReference(
          AdamReference(
            weight: expected[0].values[i], firstMoment: expected[1].values[i],
            secondMoment: expected[2].values[i]),
          gradient: Double(gradient.values[i]), step: step, beta1: 0.9, beta2: 0.999,
          epsilon: 1e-8, gradientRate: 0.01, momentRate: 0.02, decay: decay)
        expected[0].values[i] = element.weight
        expected[1].values[i] = element.firstMoment
        expected[2].values[i] = element.secondMoment
      }
      expectEverywhere(expected.map { ($0, UpdateTests.tolerance) }) { device, to in
        zip(to, [w, m, v]).forEach { $0.assign($1) }
        device.nadamUpdate(
          to[0], gradient: gradient, firstMoment: to[1], secondMoment: to[2],
          step: NAdamCoefficients(
            step: step, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientRate: 0.01,
            momentRate: 0.02, decay: decay))
      }
    }
  }

  @Test(arguments: [0, 0.01]) func adadeltaFollowsItsRule(decay: Double) {
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1)
      let gradient = Tensor.random([count], seed: 2).guarded
      let square = Tensor.random([count], seed: 3, in: 0.01...0.1)
      let update = Tensor.random([count], seed: 4, in: 0...0.001)
      var expected = [w.reference, square.reference, update.reference]
      for i in 0..<count {
        var element = AdadeltaReference(
          weight: expected[0].values[i], square: expected[1].values[i],
          update: expected[2].values[i])
        element.update(
          gradient: Double(gradient.values[i]), rate: 0.5, rho: 0.9, epsilon: 1e-6, decay: decay)
        expected[0].values[i] = element.weight
        expected[1].values[i] = element.square
        expected[2].values[i] = element.update
      }
      expectEverywhere(expected.map { ($0, UpdateTests.tolerance) }) { device, to in
        zip(to, [w, square, update]).forEach { $0.assign($1) }
        device.adadeltaUpdate(
          to[0], gradient: gradient, squares: to[1], updates: to[2], rate: 0.5, rho: 0.9,
          epsilon: 1e-6, decay: decay)
      }
    }
  }

  @Test(arguments: [0, 0.1]) func lionFollowsItsRule(decay: Double) {
    for count in edgeCounts {
      let (w, moment) = (Tensor.random([count], seed: 1), Tensor.random([count], seed: 2))
      let gradient = Tensor.random([count], seed: 3).guarded
      // Where both are zero, so is the sign.
      (moment.pointer[0], gradient.pointer[0]) = (0, 0)
      var expected = [w.reference, moment.reference]
      for i in 0..<count {
        var element = LionReference(weight: expected[0].values[i], moment: expected[1].values[i])
        element.update(
          gradient: Double(gradient.values[i]), rate: 0.01, beta1: 0.9, beta2: 0.99, decay: decay)
        (expected[0].values[i], expected[1].values[i]) = (element.weight, element.moment)
      }
      expectEverywhere(expected.map { ($0, UpdateTests.tolerance) }) { device, to in
        zip(to, [w, moment]).forEach { $0.assign($1) }
        device.lionUpdate(
          to[0], gradient: gradient, moment: to[1], rate: 0.01, beta1: 0.9, beta2: 0.99,
          decay: decay)
      }
    }
  }
}
