import TestSupport
import Testing

@testable import Tensor

@Suite struct AdaptiveUpdateTests {
  @Test(arguments: [0, 0.9] as [Float], [0, 0.01] as [Float])
  func rmspropFollowsItsRule(momentum: Float, decay: Float) {
    let (rho, epsilon, rate) = (Float(0.99), Float(1e-8), Float(0.01))
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1)
      let gradient = Tensor.random([count], seed: 2).guarded
      let square = Tensor.random([count], seed: 3, in: 0.01...0.1)
      let velocity = Tensor.random([count], seed: 4)
      var expected = [w.reference, square.reference, velocity.reference]
      for i in 0..<count {
        var element = RMSpropReference(
          weight: expected[0].values[i], square: expected[1].values[i],
          velocity: expected[2].values[i])
        element.update(
          gradient: Double(gradient.values[i]), rate: Double(rate), rho: Double(rho),
          epsilon: Double(epsilon), momentum: Double(momentum), decay: Double(decay))
        expected[0].values[i] = element.weight
        expected[1].values[i] = element.square
        expected[2].values[i] = element.velocity
      }
      // A step is a gradient divided by a root as small as 0.1.
      let tolerance = Tolerance(roundings: 8, absolute: 80 * 0x1p-24)
      expectEverywhere(expected.map { ($0, tolerance) }) { device, to in
        zip(to, [w, square, velocity]).forEach { $0.assign($1) }
        device.rmspropUpdate(
          to[0], gradient: gradient, squares: to[1], velocity: to[2], rate: rate, rho: Double(rho),
          epsilon: epsilon, momentum: momentum, decay: decay)
      }
    }
  }

  @Test(arguments: [0, 0.01] as [Float]) func adagradFollowsItsRule(decay: Float) {
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1)
      let gradient = Tensor.random([count], seed: 2).guarded
      let square = Tensor.random([count], seed: 3, in: 0.01...0.1)
      var expected = [w.reference, square.reference]
      for i in 0..<count {
        var element = AdagradReference(
          weight: expected[0].values[i], square: expected[1].values[i])
        element.update(
          gradient: Double(gradient.values[i]), rate: Double(Float(0.1)), epsilon: 1e-10,
          decay: Double(decay))
        (expected[0].values[i], expected[1].values[i]) = (element.weight, element.square)
      }
      expectEverywhere(expected.map { ($0, UpdateTests.tolerance) }) { device, to in
        zip(to, [w, square]).forEach { $0.assign($1) }
        device.adagradUpdate(
          to[0], gradient: gradient, squares: to[1], rate: 0.1, epsilon: 1e-10, decay: decay)
      }
    }
  }

  @Test(arguments: [(0, 0), (0.5, 0), (0, 0.25), (0.5, 0.25)] as [(Float, Float)])
  func aPenaltysGradientIsAdded(l1: Float, l2: Float) {
    for count in edgeCounts {
      let w = Tensor.random([count], seed: 1).guarded
      w[0] = 0
      let gradient = Tensor.random([count], seed: 2)
      var expected = gradient.reference
      for (i, weight) in w.values.map(Double.init).enumerated() {
        if weight != 0 { expected.add(Double(l1) * (weight > 0 ? 1 : -1), at: i) }
        expected.add(2 * Double(l2) * weight, at: i)
      }
      expectEverywhere(expected, within: .sum(of: 2)) { device, to in
        to.assign(gradient)
        device.addPenaltyGradient(w, l1: l1, l2: l2, to: to)
      }
    }
  }
}

@Suite struct GradientScalingTests {
  @Test(arguments: edgeCounts) func scalingIsExact(_ count: Int) {
    let x = Tensor.random([count], seed: 1)
    let expected = Reference(x.values.map { Double($0) * 0.75 }, shape: [count])
    expectEverywhere(expected, within: .exact) { device, to in
      to.assign(x)
      device.scale(to, by: 0.75)
    }
  }

  @Test func clampingLimitsBothSidesAndLeavesWhatIsNoNumber() {
    for level in SIMDLevel.usable {
      let x = Tensor([-2, -0.5, 0, 0.5, 2, .infinity, -.infinity, .nan], shape: [8])
      Device(level: level, threads: 1).clamp(x, to: 0.5)
      #expect(x.values.dropLast() == [-0.5, -0.5, 0, 0.5, 0.5, 0.5, -0.5])
      #expect(x.values[7].isNaN)
    }
  }

  /// Around a vector and around a chunk of 8192.
  @Test(arguments: edgeCounts + [8191, 8192, 8193, 20_000])
  func squaresAreSummed(_ count: Int) {
    let x = Tensor.random([count]).guarded
    let expected = x.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    var fused: Set<Double> = []
    for level in SIMDLevel.usable {
      let sums = [1, 3].map { Device(level: level, threads: $0).sumOfSquares(x) }
      #expect(sums[0] == sums[1], "\(level)")
      // A lane adds at most 512 squares in single precision.
      #expect(abs(sums[0] / expected - 1) < 512 * 0x1p-24, "\(level)")
      if level.isFused { fused.insert(sums[0]) }
    }
    #expect(fused.count <= 1)
  }

  @Test func nothingHasNoSquares() {
    #expect(Device(threads: 2).sumOfSquares(Tensor(zeros: [0])) == 0)
  }
}
