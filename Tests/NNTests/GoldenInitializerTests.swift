import Support
import Tensor
import Testing

@testable import NN

/// A case of `Scripts/golden/initializers.py`.
struct GoldenInitializer: Decodable, CustomTestStringConvertible {
  let initializer: String
  /// In PyTorch's layout, outputs first.
  let shape: [Int]
  let meanSquare: Double
  let largest: Double

  var testDescription: String { "\(initializer) \(shape)" }

  static let all: [GoldenInitializer] = (try? goldenFile("initializers")) ?? []
}

@Suite struct GoldenInitializerTests {
  @Test func everyInitializerIsThere() {
    #expect(
      Set(GoldenInitializer.all.map(\.initializer))
        == Set(Initializer.all.map(\.name)).subtracting(["whitening"]))
  }

  @Test(arguments: GoldenInitializer.all)
  func drawsAreThoseOfPyTorch(golden: GoldenInitializer) throws {
    let layer: any LayerDescription =
      golden.shape.count == 2
      ? Dense(.count(golden.shape[0])) : Conv2D(golden.shape[0], kernelSize: golden.shape[2])
    let input: Shape =
      golden.shape.count == 2 ? [golden.shape[1]] : [8, 8, golden.shape[1]]
    let initializer = try #require(Initializer.named(golden.initializer))
    var (squares, largest, count) = (0.0, 0.0, 0)
    for draw in 0..<20 {
      let weight = try layer.layer(
        for: LayerInput(input, classes: 2), initializer: initializer, seed: UInt64(draw)
      ).parameters[0].value.values.map(Double.init)
      squares += weight.reduce(0) { $0 + $1 * $1 }
      largest = max(largest, weight.map(abs).max() ?? 0)
      count += weight.count
    }
    // At least 8,000 draws, and PyTorch's 160,000: five standard errors are 8 %.
    #expect(abs(squares / Double(count) - golden.meanSquare) <= 0.08 * golden.meanSquare)
    // The largest of fewer draws is less; a uniform distribution's is its limit.
    #expect(largest <= 1.02 * golden.largest)
    #expect(largest >= 0.6 * golden.largest)
  }
}
