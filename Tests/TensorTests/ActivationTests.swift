import Tensor
import TestSupport
import Testing

@Suite struct ActivationTests {
  static let functions: [ActivationFunction] = [
    .relu, .leakyReLU(slope: 0.01), .elu(alpha: 1), .elu(alpha: 1.5), .gelu, .geluTanh, .silu,
    .tanh,
    .sigmoid,
  ]

  /// Where the functions bend, and far beyond where their exponentials would overflow.
  static func inputs(_ count: Int) -> Tensor {
    let special: [Float] = [
      0, -0.0, 1e-6, -1e-6, 0.624, 0.626, -0.625, 3, -3, 20, -20, 88, -88, 100, -100, 1e4, -1e4,
      -1e-30, 1e-38,
    ]
    let x = Tensor.random([count], in: -8...8)
    guard count > 50 else { return x }
    for (index, value) in special.enumerated() { x.pointer[index] = value }
    return x
  }

  /// The error that `Exponential.swift` states, taken through the function: 5e-7 for the error
  /// function and 2^-22 for the others, times what they are multiplied with; and a few roundings.
  private func tolerance(_ f: ActivationFunction, _ x: Tensor, derivative: Bool) -> Tolerance {
    switch f {
    case .relu, .leakyReLU: .exact
    case .elu(let alpha): Tolerance(roundings: 8, absolute: Double(alpha) * 0x1p-21)
    // |x| is at most 8 where the functions are not their asymptotes.
    case .gelu: Tolerance(roundings: 8, absolute: 8 * 5e-7)
    // σ's argument u has the roundings of a cubic that is up to 30 where σ is not 0 or 1.
    case .geluTanh: Tolerance(roundings: 8, absolute: 8 * 0x1p-22)
    case .silu: Tolerance(roundings: 8, absolute: 8 * 0x1p-22)
    case .tanh, .sigmoid: Tolerance(roundings: 4, absolute: derivative ? 0x1p-21 : 0x1p-22)
    }
  }

  @Test(arguments: functions)
  func valuesMatchTheDefinition(_ f: ActivationFunction) {
    for count in edgeCounts {
      let x = Self.inputs(count).guarded
      let expected = Reference(x.values.map { f.reference(Double($0)) }, shape: x.shape)
      expectEverywhere(expected, within: tolerance(f, x, derivative: false)) { device, y in
        device.activate(f, x, into: y)
      }
    }
  }

  @Test(arguments: functions)
  func gradientsMatchTheDerivative(_ f: ActivationFunction) {
    for count in edgeCounts {
      let x = Self.inputs(count).guarded
      let dy = Tensor.random([count], seed: 2).guarded
      let expected = Reference(
        zip(x.values, dy.values).map { f.derivativeReference(Double($0)) * Double($1) },
        shape: x.shape)
      // From a saved output that is a rounded one, the derivative has that rounding too.
      expectEverywhere(expected, within: tolerance(f, x, derivative: true)) { device, dx in
        let y = GuardedTensor(unwritten: x.shape).tensor
        device.activate(f, x, into: y)
        device.activateBackward(f, saved: f.derivativeNeedsInput ? x : y, dy, into: dx)
      }
    }
  }

  @Test(arguments: functions)
  func resultsMayReplaceTheirInputs(_ f: ActivationFunction) {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      let (x, y) = (Self.inputs(77), Tensor(zeros: [77]))
      device.activate(f, x, into: y)
      let (dy, dx) = (Tensor.random([77], seed: 2), Tensor(zeros: [77]))
      let saved = f.derivativeNeedsInput ? x.copy() : y
      device.activateBackward(f, saved: saved, dy, into: dx)
      device.activateBackward(f, saved: saved, dy, into: dy)
      device.activate(f, x, into: x)
      #expect(bitMismatch(x, y) == nil)
      #expect(bitMismatch(dy, dx) == nil)
    }
  }

  @Test(arguments: functions)
  func whatIsNotANumberStaysSo(_ f: ActivationFunction) {
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      for place in [0, 15, 16, 18] {
        let x = Tensor.random([19])
        x.pointer[place] = .nan
        device.activate(f, x, into: x)
        #expect(x.values.indices.filter { x.values[$0].isNaN } == [place], "\(level)")
      }
    }
  }
}
