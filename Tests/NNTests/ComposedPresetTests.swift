import Support
import Tensor
import TestSupport
import Testing

@testable import NN

/// The presets that are made of composite layers.
@Suite struct ComposedPresetTests {
  @Test func theResidualNetworkHasTheseSizes() throws {
    let model = try model(.resNet)
    #expect(
      model.layers.map(\.name) == [
        "conv1", "pool1", "res1", "bn1", "act1", "res2", "res3", "bn2", "act2", "pool2",
        "dropout1", "fc1",
      ])
    // Convolutions 9 · (32 + 2 · 32² + 32 · 64 + 3 · 64²) + 32 · 64, normalizations
    // 2 · (3 · 32 + 4 · 64), dense 64 · 10 + 10.
    #expect(model.parameterCount == 149_792 + 704 + 650)
    // 28² · 9 · 32 + 14² · 9 · 2 · 32² + 7² · (9 · (32 · 64 + 3 · 64²) + 32 · 64) + 640.
    #expect(model.multiplyAdds == 225_792 + 3_612_672 + 6_422_528 + 640)
  }

  @Test func theDenselyConnectedNetworkAddsItsGrowthRate() throws {
    let model = try model(.denseNet)
    let channels = model.layers.filter { $0 is ConcatenateLayer }.map(\.outputShape)
    #expect(channels == [[14, 14, 64], [14, 14, 96], [7, 7, 80], [7, 7, 112], [7, 7, 144]])
    // 9 · 32 · (1 + 32 + 64 + 48 + 80 + 112) + 96 · 48; 2 · (32 + 64 + 96 + 48 + 80 + 112 + 144);
    // 144 · 10 + 10.
    #expect(model.parameterCount == 101_664 + 1_152 + 1_450)
  }

  @Test func theTransformerHasTheSizeOfItsPartsInPyTorch() throws {
    let model = try model(.viT)
    // Linear(16, 64), Embedding(49, 64), four TransformerEncoderLayer(64, 4, 128), LayerNorm(64),
    // Linear(64, 10).
    #expect(model.parameterCount == 1_088 + 3_136 + 4 * 33_472 + 128 + 650)
    #expect(model.layers[3].outputShape == [49, 64])
  }

  @Test func placesBeginAsLargeAsTheyAreWanted() throws {
    for deviation in [0.02, 0.5] {
      let layer = try PositionalEmbedding(deviation: deviation).layer(
        for: LayerInput([49, 64], classes: 2))
      let values = layer.parameters[0].value.values.map(Double.init)
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      #expect(abs(square.squareRoot() / deviation - 1) < 0.05)
    }
  }

  @Test func optionsShapeTheBlocks() throws {
    let resNet = try model(.resNet, ["filters": [8, 8, 16, 16]])
    #expect(resNet.layers.last { $0 is ResidualLayer }?.outputShape == [2, 2, 16])
    let denseNet = try model(.denseNet, ["filters": [4, 4, 2]])
    #expect(denseNet.layers.last { $0 is ConcatenateLayer }?.outputShape == [3, 3, 22])
    #expect(try model(.viT, ["hidden": [96]]).layers.count { $0 is ResidualLayer } == 2)
  }

  @Test(arguments: ["resnet", "densenet"])
  func withoutNormalizationTheyHaveBiases(name: String) throws {
    let model = try model(.named(name), ["batch_norm": false])
    #expect(!model.parameters.contains { $0.name.contains("bn") })
    #expect(model.parameters.contains { $0.name == "conv1.bias" })
    #expect(model.state.isEmpty)
  }

  @Test func dropoutAndActivationReachTheBranches() throws {
    let plain = try model(.viT, ["dropout": 0, "activation": "silu"])
    let branches = plain.layers.flatMap(\.branches).flatMap(\.layers)
    #expect(!branches.contains { $0 is DropoutLayer })
    let functions = branches.compactMap { ($0 as? ActivationLayer)?.function }
    #expect(functions == [.silu, .silu, .silu, .silu])
  }

  @Test func whatDoesNotApplyIsAnError() {
    #expect(throws: ModelError.optionDoesNotApply(option: "batch-norm", model: "vit")) {
      try ModelPreset.viT.shaped(["batch_norm": true])
    }
    for preset in [ModelPreset.resNet, .denseNet, .viT] {
      #expect(
        throws: ModelError.optionDoesNotApply(option: "kernel-size", model: preset.name)
      ) { try preset.shaped(["kernel_size": 5]) }
    }
  }
}
