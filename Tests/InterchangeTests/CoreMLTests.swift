import NN
import TestSupport
import Testing

@testable import Interchange

@Suite struct CoreMLTests {
  @Test(arguments: ExportCase.all)
  func theFileComputesWhatTheModelDoes(_ example: ExportCase) throws {
    let model = try example.model()
    let network = try ExportCase.network(model)
    let isRefused = network.graph.nodes.contains { node in
      switch node.operation {
      case .groupNorm, .layerNorm, .attention: true
      default: false
      }
    }
    guard !isRefused else {
      #expect(throws: ExportError.self) {
        try NetworkFormat.coreML.encode(network, ExportOptions())
      }
      return
    }
    let bytes = try NetworkFormat.coreML.encode(network, ExportOptions())
    let logits = try NetworkFormat.coreML.decode(.init(bytes: bytes, path: "x.mlmodel"), network)
    for pixels in ExportCase.images(1) {
      #expect(shareOfTolerance(logits(pixels), ExportCase.logits(model, pixels)) < 1)
    }
  }
}
