import Tensor
import TestSupport
import Testing

@Suite struct ActivationTests {
  /// Where the functions bend, and far beyond where their exponentials would overflow.
  static func inputs(_ count: Int) -> Tensor {
    let special: [Float] = [
      0, -0.0, 1e-6, -1e-6, 0.624, 0.626, -0.625, 3, -3, 20, -20, 88, -88, 100, -100, 1e4, -1e4,
      -1e-30, 1e-38, 1e30, -1e30,
    ]
    let x = Tensor.random([count], in: -8...8)
    guard count > 50 else { return x }
    for (index, value) in special.enumerated() { x[index] = value }
    return x
  }

  @Test func everyFunctionHasAReference() {
    #expect(Set(ActivationFunction.tested.map(\.kind)) == Set(ActivationKind.allCases))
  }

  @Test(arguments: ActivationFunction.tested)
  func valuesMatchTheDefinition(_ f: ActivationFunction) {
    for count in edgeCounts {
      let x = Self.inputs(count).guarded
      let expected = Reference(x.values.map { f.reference(Double($0)) }, shape: x.shape)
      expectEverywhere(expected, within: f.tolerance) { device, y in
        device.activate(f, x, into: y)
      }
    }
  }

  @Test(arguments: ActivationFunction.tested)
  func gradientsMatchTheDerivative(_ f: ActivationFunction) {
    for count in edgeCounts {
      let x = Self.inputs(count).guarded
      let dy = Tensor.random([count], seed: 2).guarded
      let expected = Reference(
        zip(x.values, dy.values).map { f.derivativeReference(Double($0)) * Double($1) },
        shape: x.shape)
      // From a saved output that is a rounded one, the derivative has that rounding too.
      expectEverywhere(expected, within: f.slopeTolerance) { device, dx in
        let y = GuardedTensor(unwritten: x.shape).tensor
        device.activate(f, x, into: y)
        device.activateBackward(f, saved: f.kind.derivativeReads == .input ? x : y, dy, into: dx)
      }
    }
  }

  @Test(arguments: ActivationFunction.tested)
  func resultsMayReplaceTheirInputs(_ f: ActivationFunction) {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let (x, y) = (Self.inputs(77), Tensor(zeros: [77]))
      device.activate(f, x, into: y)
      let (dy, dx) = (Tensor.random([77], seed: 2), Tensor(zeros: [77]))
      let saved = f.kind.derivativeReads == .input ? x.copy() : y
      device.activateBackward(f, saved: saved, dy, into: dx)
      device.activateBackward(f, saved: saved, dy, into: dy)
      device.activate(f, x, into: x)
      #expect(bitMismatch(x, y) == nil)
      #expect(bitMismatch(dy, dx) == nil)
    }
  }

  @Test(arguments: ActivationFunction.tested)
  func whatIsNotANumberStaysSo(_ f: ActivationFunction) {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      for place in [0, 15, 16, 18] {
        let x = Tensor.random([19])
        x[place] = .nan
        device.activate(f, x, into: x)
        #expect(x.values.indices.filter { x.values[$0].isNaN } == [place], "\(level)")
      }
    }
  }
}
