import Support
import Tensor
import Testing

@testable import NN

@Suite struct InitializerTests {
  private let device = Device(threads: 1)

  private func filled(_ initializer: Initializer, fanIn: Int, fanOut: Int) -> [Double] {
    let weight = Tensor(zeros: [200, 100])
    var random = RandomStream(seed: 1, purpose: .initialization)
    initializer.fill(weight, fanIn: fanIn, fanOut: fanOut, using: &random)
    return weight.values.map(Double.init)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test func heIsNormalWithVarianceTwoOverFanIn() {
    let values = filled(.he, fanIn: 50, fanOut: 7)
    let variance = mean(values.map { $0 * $0 })
    // 20,000 draws of deviation 0.2: four standard errors of the mean are 0.0057, of the variance
    // 4 % of it; the fourth moment of a normal distribution is three times the variance squared.
    #expect(abs(mean(values)) < 0.0057)
    #expect(abs(variance / 0.04 - 1) < 0.04)
    #expect(abs(mean(values.map { $0 * $0 * $0 * $0 }) / (3 * variance * variance) - 1) < 0.15)
  }

  @Test func glorotIsUniformWithinItsLimit() {
    // √(6 / (50 + 46)) = 0.25.
    let values = filled(.glorot, fanIn: 50, fanOut: 46)
    #expect(values.allSatisfy { abs($0) <= 0.25 })
    #expect((values.max() ?? 0) > 0.249 && (values.min() ?? 0) < -0.249)
    #expect(abs(mean(values)) < 0.0041)
    // The variance of a uniform distribution is a third of the limit squared.
    #expect(abs(mean(values.map { $0 * $0 }) / (0.0625 / 3) - 1) < 0.03)
  }

  @Test func orthogonalVectorsHaveLengthOneAndNoneInCommon() {
    for shape: Shape in [[12, 5], [5, 12], [3, 3, 2, 7], [1, 4], [6, 6]] {
      let weight = Tensor(zeros: shape)
      var random = RandomStream(seed: 1, purpose: .initialization)
      Initializer.orthogonal.fill(weight, fanIn: 1, fanOut: 1, using: &random)
      let columns = shape[shape.rank - 1]
      let rows = weight.count / columns
      func element(_ vector: Int, _ index: Int) -> Double {
        Double(weight.values[rows < columns ? vector * columns + index : index * columns + vector])
      }
      for a in 0..<min(rows, columns) {
        for b in 0...a {
          let product = (0..<max(rows, columns)).reduce(0.0) {
            $0 + element(a, $1) * element(b, $1)
          }
          // Rounded to single precision, each element.
          #expect(abs(product - (a == b ? 1 : 0)) < 2e-7, "\(shape): \(a), \(b)")
        }
      }
    }
  }

  @Test func zerosAreZero() {
    #expect(filled(.zeros, fanIn: 3, fanOut: 4).allSatisfy { $0 == 0 })
  }

  private func model(seed: UInt64, initializer: Initializer = .he) throws -> Model {
    try Model(
      ModelDescription(
        name: "m",
        layers: [
          Conv2D(8, kernelSize: 3), BatchNorm(), GlobalAvgPool(), Dense(.count(4)),
          Dense(.count(4)), Dense(.classes),
        ]),
      inputShape: [8, 8, 2], classes: 4, initializer: initializer, seed: seed, on: device)
  }

  @Test func weightsDependOnTheSeedAlone() throws {
    func values(_ seed: UInt64) throws -> [[Float]] {
      try model(seed: seed).parameters.map(\.value.values)
    }
    let first = try values(1)
    #expect(try values(1) == first)
    let other = try values(2)
    #expect(other[0] != first[0])
    // The second and the third dense layer have the same shape but other numbers.
    #expect(first[6] != first[8])
  }

  @Test func biasesBeginAtZeroAndScalesAtOne() throws {
    for parameter in try model(seed: 1).parameters where !parameter.decays {
      let start: Float = parameter.name == "bn1.weight" ? 1 : 0
      #expect(parameter.value.values.allSatisfy { $0 == start }, "\(parameter.name)")
    }
  }

  @Test func aConvolutionsFansCountItsKernel() throws {
    // fanIn 9 · 2, fanOut 9 · 8: √(6 / 90).
    let weights = try model(seed: 1, initializer: .glorot).parameters[0].value.values
    let limit: Float = 0.2581989
    #expect(weights.allSatisfy { abs($0) <= limit })
    #expect((weights.map(abs).max() ?? 0) > 0.95 * limit)
  }
}
