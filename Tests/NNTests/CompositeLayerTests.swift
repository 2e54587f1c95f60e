import Tensor
import Testing

@testable import NN

@Suite struct CompositeLayerTests {
  private static let description = ModelDescription(
    name: "m",
    layers: [
      Conv2D(4, kernelSize: 3, padding: 1),
      Residual(
        [Conv2D(6, kernelSize: 3, padding: 1, bias: false), BatchNorm(), Activation(.relu)],
        shortcut: [Conv2D(6, kernelSize: 1)]),
      Residual([Concatenate([Conv2D(2, kernelSize: 1)]), Conv2D(6, kernelSize: 1)]),
      Conv2D(4, kernelSize: 3), GlobalAvgPool(), Dense(.classes),
    ])

  private func model() throws -> Model {
    try Model(Self.description, inputShape: [6, 6, 1], classes: 3, on: Device(threads: 1))
  }

  @Test func parametersHaveTheNamesOfNestedModulesOfPyTorch() throws {
    let model = try model()
    #expect(model.layers.map(\.name) == ["conv1", "res1", "res2", "conv2", "pool1", "fc1"])
    #expect(
      model.parameters.map(\.name) == [
        "conv1.weight", "conv1.bias", "res1.conv1.weight", "res1.bn1.weight", "res1.bn1.bias",
        "res1.shortcut.conv1.weight", "res1.shortcut.conv1.bias",
        "res2.concat1.conv1.weight", "res2.concat1.conv1.bias", "res2.conv1.weight",
        "res2.conv1.bias", "conv2.weight", "conv2.bias", "fc1.weight", "fc1.bias",
      ])
    #expect(model.state.map(\.name) == ["res1.bn1.running_mean", "res1.bn1.running_var"])
  }

  @Test func costsAreThoseOfTheLayersWithin() throws {
    let model = try model()
    // 3·3·4·6 weights, 2·6 of the normalization, 4·6 + 6 of the shortcut.
    #expect(model.layers[1].parameters.reduce(0) { $0 + $1.value.count } == 216 + 12 + 30)
    #expect(model.layers[1].multiplyAdds == 36 * (216 + 24))
    #expect(model.layers[2].multiplyAdds == 36 * (6 * 2 + 8 * 6))
    #expect(model.layers[1].outputShape == [6, 6, 6])
    #expect(Concatenate([Conv2D(2, kernelSize: 1)]).layerCount == 2)
    #expect(Self.description.layers.layerCount == 13)
  }

  @Test func everyLayerHasItsOwnRandomNumbers() throws {
    let model = try Model(
      ModelDescription(
        name: "m",
        layers: [
          Flatten(), Dense(.count(9)),
          Residual(
            [Dense(.count(9)), Residual([Dense(.count(9))]), Dense(.count(9))],
            shortcut: [Dense(.count(9))]), Dense(.count(9)), Dense(.classes),
        ]), inputShape: [3, 3, 1], classes: 9, on: Device(threads: 1))
    let weights = model.parameters.filter { $0.decays }.map(\.value.values)
    #expect(weights.count == 7)
    #expect(Set(weights).count == 7)
  }

  @Test func layersOfABranchDoTheWorkOfThoseBehindThem() throws {
    let body = try model().layers[1].branches[0]
    #expect(body.trainingSteps.map(\.layer.name) == ["res1.conv1", "res1.bn1"])
    #expect(body.inferenceSteps.map(\.layer.name) == ["res1.conv1"])
  }

  @Test func aBranchIsDroppedForWholeItems() throws {
    let device = Device(threads: 1)
    let layer = try Residual([Dense(.count(2))], dropPath: 0.5).layer(
      for: LayerInput([2], classes: 2), name: "res1", index: 3)
    layer.prepare(batch: 200, Pass(device: device, mode: .training))
    layer.prepare(batch: 200, Pass(device: device, mode: .inference))
    layer.refreshInference(folding: nil, on: device)
    let x = Tensor(zeros: [200, 2])
    x.fill(1)
    let (y, inferred) = (Tensor(zeros: [200, 2]), Tensor(zeros: [200, 2]))
    layer.forward(x, into: y, Pass(device: device, mode: .training, seed: 1, step: 2))
    layer.forward(x, into: inferred, Pass(device: device, mode: .inference))
    let kept = (0..<200).filter { y.values[2 * $0] != 1 }
    #expect((80...120).contains(kept.count))
    for item in 0..<200 {
      for column in 0..<2 {
        // Either the input alone or twice the branch beside it.
        let branch = inferred.values[column] - 1
        let expected = kept.contains(item) ? 1 + 2 * branch : 1
        #expect(abs(y.values[2 * item + column] - expected) < 1e-6)
      }
    }
  }
}
