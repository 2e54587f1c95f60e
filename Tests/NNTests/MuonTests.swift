import Support
import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct MuonTests {
  /// Five matrices and a bias, filled with random values and gradients.
  private func parameters() -> [Parameter] {
    let shapes: [Shape] = [[3, 3, 1, 4], [3, 3, 4, 6], [6, 6], [6, 9], [9, 5]]
    let weights = shapes.enumerated().map {
      Parameter(name: "w\($0).weight", shape: $1, decays: true)
    }
    let parameters = weights + [Parameter(name: "w4.bias", shape: [5], decays: false)]
    for (index, parameter) in parameters.enumerated() {
      parameter.value.assign(.random(parameter.value.shape, seed: UInt64(index)))
      parameter.gradient.assign(.random(parameter.value.shape, seed: UInt64(100 + index)))
    }
    return parameters
  }

  @Test func firstAndLastWeightsAndVectorsStayWithAdamW() {
    let parameters = parameters()
    #expect(
      OptimizerDescriptor.muon.optimizer(for: parameters).state(of: parameters).map(\.name) == [
        "w1.weight.momentum_buffer", "w2.weight.momentum_buffer", "w3.weight.momentum_buffer",
        "w0.weight.exp_avg", "w0.weight.exp_avg_sq", "w4.weight.exp_avg", "w4.weight.exp_avg_sq",
        "w4.bias.exp_avg", "w4.bias.exp_avg_sq",
      ])
  }

  @Test func aNetworkWithoutHiddenLayersIsAdamWs() {
    let (own, other) = (Array(parameters().suffix(2)), Array(parameters().suffix(2)))
    OptimizerDescriptor.muon.optimizer(for: own, ["weight_decay": 0.1])
      .step(own, rate: 0.02, on: Device(threads: 1))
    OptimizerDescriptor.adamW.optimizer(for: other, ["weight_decay": 0.1])
      .step(other, rate: 0.001, on: Device(threads: 1))
    #expect(own.map(\.value.values) == other.map(\.value.values))
  }

  @Test(arguments: [[9, 5], [5, 9], [7, 7], [3, 3, 4, 6], [1, 4]])
  func singularValuesBecomeAboutOne(extents: [Int]) throws {
    let matrix = Tensor.random(Shape(extents), seed: 3)
    let orthogonalizer = Orthogonalizer([[2, 2], matrix.shape])
    let result = orthogonalizer.orthogonalize(matrix, on: Device(threads: 1))
    let (rows, columns) = (result.rows, result.columns)
    #expect(rows * columns == matrix.count && columns == extents.last)
    // The trace of X · Xᵀ is the sum of the squares of the singular values, 0.7 to 1.2 each.
    let trace = result.values.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let mean = trace / Double(min(rows, columns))
    #expect(mean > 0.45 && mean < 1.45, "\(mean)")
  }

  @Test func threadsChangeNothing() {
    func weights(threads: Int) -> [[Float]] {
      let parameters = parameters()
      let optimizer = OptimizerDescriptor.muon.optimizer(for: parameters)
      for _ in 0..<3 { optimizer.step(parameters, rate: 0.02, on: Device(threads: threads)) }
      return parameters.map(\.value.values)
    }
    #expect(weights(threads: 1) == weights(threads: 3))
  }

  @Test func aStepCountThatIsSetIsAdamWsToo() {
    let (one, two) = (parameters(), parameters())
    let (first, second) = (
      OptimizerDescriptor.muon.optimizer(for: one), OptimizerDescriptor.muon.optimizer(for: two)
    )
    first.stepCount = 1000
    first.step(one, rate: 0.02, on: Device(threads: 1))
    second.step(two, rate: 0.02, on: Device(threads: 1))
    #expect(first.stepCount == 1001 && second.stepCount == 1)
    #expect(one[0].value.values != two[0].value.values)
  }
}
