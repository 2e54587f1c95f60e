import NN
import Tensor
import TestSupport
import Testing

@testable import Interchange

@Suite struct InferenceGraphTests {
  @Test(arguments: ExportCase.all)
  func theGraphComputesWhatTheModelDoes(_ example: ExportCase) throws {
    let model = try example.model()
    let graph = try ExportCase.graph(of: model)
    for pixels in ExportCase.images(2) {
      let wanted = ExportCase.logits(model, pixels)
      #expect(shareOfTolerance(GraphEvaluator(graph).logits(of: pixels), wanted) < 1)
      let reordered = GraphEvaluator(graph.flattenedChannelsFirst)
      #expect(shareOfTolerance(reordered.logits(of: pixels), wanted) < 1)
    }
    #expect(graph.multiplyAdds == model.multiplyAdds)
  }

  @Test func everyLayerHasItsPartAndEveryActivationItsFormula() {
    for kind in layerKinds { #expect(kind is any GraphLayer.Type, "\(kind.type)") }
    for kind in ActivationKind.allCases {
      #expect(ActivationFunction(kind).formula != nil, "\(kind.rawValue)")
    }
  }

  @Test func normalizationIsFoldedWhereNobodyElseReads() throws {
    let model = try Model(
      ModelDescription(
        name: "m",
        layers: [
          Conv2D(2, kernelSize: 3), BatchNorm(),
          Concatenate([BatchNorm(), Conv2D(2, kernelSize: 1)]),
          Flatten(), BatchNorm(), Dense(.classes), Dropout(0.5),
        ]), inputShape: [5, 5, 1], classes: 3, on: Device(threads: 1))
    let names = try ExportCase.graph(of: model).nodes.map(\.name)
    #expect(
      names == [
        "image", "normalize", "conv1", "concat1.bn1", "concat1.conv1", "concat1", "flatten1", "bn2",
        "fc1",
      ])
  }
}
