import Tensor
import TestSupport
import Testing

@testable import NN

/// `Golden/gradient_rules.json`: gradients before and after, by PyTorch.
private struct GoldenRules: Decodable {
  let values, gradients: [String: [Float]]
  let cases: [Case]

  struct Case: Decodable {
    let rules: Rules
    let result: [String: [Float]]
  }

  struct Rules: Decodable {
    let l1, l2, clipValue, clipNorm: Double?
  }
}

@Suite struct GradientRulesTests {
  private func parameters(_ golden: GoldenRules) throws -> [Parameter] {
    let parameters = [
      Parameter(name: "weight", shape: [7, 5], decays: true),
      Parameter(name: "bias", shape: [5], decays: false),
    ]
    for parameter in parameters {
      let shape = parameter.value.shape
      parameter.value.assign(Tensor(try #require(golden.values[parameter.name]), shape: shape))
      parameter.gradient.assign(
        Tensor(try #require(golden.gradients[parameter.name]), shape: shape))
    }
    return parameters
  }

  @Test func penaltiesAndLimitsAreThoseOfPyTorch() throws {
    let golden: GoldenRules = try goldenFile("gradient_rules")
    #expect(golden.cases.count == 7)
    for test in golden.cases {
      let parameters = try parameters(golden)
      GradientRules(
        l1: test.rules.l1 ?? 0, l2: test.rules.l2 ?? 0, clipValue: test.rules.clipValue ?? 0,
        clipNorm: test.rules.clipNorm ?? 0
      ).apply(to: parameters, on: Device(threads: 2))
      for parameter in parameters {
        let wanted = try #require(test.result[parameter.name])
        #expect(parameter.gradient.count == wanted.count)
        for (found, wanted) in zip(parameter.gradient.values, wanted) {
          #expect(abs(found - wanted) < 1e-6, "\(test.rules) \(parameter.name)")
        }
      }
    }
  }

  @Test func withoutRulesNothingChanges() throws {
    let golden: GoldenRules = try goldenFile("gradient_rules")
    let parameters = try parameters(golden)
    GradientRules().apply(to: parameters, on: Device(threads: 1))
    #expect(parameters[0].gradient.values == golden.gradients["weight"])
  }

  @Test func theNormIsThatOfAllGradientsTogetherForAnyNumberOfThreads() {
    let parameters = [[300, 100], [20_001]].enumerated().map { index, extents in
      let parameter = Parameter(name: "p\(index)", shape: Shape(extents), decays: false)
      parameter.gradient.assign(.random(parameter.value.shape, seed: UInt64(index)))
      return parameter
    }
    let squares = parameters.flatMap(\.gradient.values).reduce(0.0) {
      $0 + Double($1) * Double($1)
    }
    let norms = [1, 2, 3].map { GradientRules.norm(of: parameters, on: Device(threads: $0)) }
    #expect(norms.allSatisfy { $0 == norms[0] })
    #expect(abs(norms[0] / squares.squareRoot() - 1) < 1e-6)
  }
}
