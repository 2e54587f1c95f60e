import Tensor
import TestSupport
import Testing

/// `Golden/activations.json`: values and derivatives by PyTorch, in double precision.
private struct GoldenActivations: Decodable {
  let inputs: [Float]
  let cases: [Case]

  struct Case: Decodable {
    let function: String
    let values: [Double]
    let derivatives: [Double]
  }
}

@Suite struct ActivationGoldenTests {
  @Test func everyFunctionIsPyTorchs() throws {
    let golden: GoldenActivations = try goldenFile("activations")
    #expect(golden.cases.map(\.function) == ActivationKind.allCases.map(\.rawValue))
    let x = Tensor(golden.inputs, shape: [golden.inputs.count])
    let ones = Tensor(golden.inputs.map { _ in 1 }, shape: x.shape)
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 1)
      for test in golden.cases {
        let f = try #require(ActivationFunction(name: test.function))
        let (y, dx) = (Tensor(zeros: x.shape), Tensor(zeros: x.shape))
        device.activate(f, x, into: y)
        device.activateBackward(
          f, saved: f.kind.derivativeReads == .input ? x : y, ones, into: dx)
        let (values, slopes) = (reference(test.values), reference(test.derivatives))
        #expect(mismatch(y, values, within: f.tolerance.rounded) == nil, "\(f) on \(level)")
        #expect(mismatch(dx, slopes, within: f.slopeTolerance.rounded) == nil, "\(f) on \(level)")
      }
    }
  }

  private func reference(_ values: [Double]) -> Reference {
    Reference(values, shape: [values.count])
  }
}

extension Tolerance {
  /// With the rounding of the parameter to a float, and of the golden value to nine digits.
  fileprivate var rounded: Tolerance { Tolerance(roundings: roundings + 2, absolute: absolute) }
}
