import Support
import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct ModelPresetTests {
  @Test func theCNNHasTheseLayersAndSizes() throws {
    let model = try model(.cnn)
    #expect(
      model.layers.map(\.name) == [
        "conv1", "bn1", "act1", "pool1", "conv2", "bn2", "act2", "pool2", "conv3", "bn3", "act3",
        "conv4", "bn4", "act4", "pool3", "dropout1", "fc1",
      ])
    // Convolutions 9·1·32 + 9·32·48 + 9·48·96 + 9·96·128 = 166,176; normalizations
    // 2 · (32 + 48 + 96 + 128) = 608; dense 128·10 + 10 = 1,290.
    #expect(model.parameterCount == 168_074)
    // 28² · 288 + 14² · 13,824 + 7² · 41,472 + 5² · 110,592 + 1,280.
    #expect(model.multiplyAdds == 7_733_504)
  }

  @Test func theMLPHasThreeHiddenLayers() throws {
    let model = try model(.mlp)
    #expect(
      model.layers.map(\.name) == [
        "flatten1", "fc1", "bn1", "act1", "dropout1", "fc2", "bn2", "act2", "dropout2", "fc3",
        "bn3", "act3", "dropout3", "fc4",
      ])
    #expect(
      model.layers.compactMap { ($0 as? DenseLayer)?.outputShape.array } == [
        [512], [256], [128], [10],
      ])
    // 784·512 + 512·256 + 256·128 = 565,248; 2 · 896 = 1,792; 128·10 + 10 = 1,290.
    #expect(model.parameterCount == 568_330)
    #expect(model.multiplyAdds == 566_528)
  }

  @Test func parametersAreNamedAsPyTorchNamesThem() throws {
    #expect(
      try model(.mlp, ["hidden": [8]]).parameters.map(\.name) == [
        "fc1.weight", "bn1.weight", "bn1.bias", "fc2.weight", "fc2.bias",
      ])
    #expect(
      try model(.mlp, ["hidden": [8]]).state.map(\.name) == [
        "bn1.running_mean", "bn1.running_var",
      ])
  }

  @Test func onlyWeightsDecay() throws {
    for preset in ModelPreset.all {
      for parameter in try model(preset).parameters {
        #expect(parameter.decays == (parameter.value.shape.rank > 1), "\(parameter.name)")
      }
    }
  }

  @Test func optionsShapeTheCNN() throws {
    let model = try model(
      .cnn,
      [
        "filters": [4, 6], "kernel_size": 5, "hidden": [7], "activation": "tanh", "dropout": 0,
        "batch_norm": false,
      ])
    #expect(
      model.layers.map(\.name) == [
        "conv1", "act1", "pool1", "conv2", "act2", "pool2", "fc1", "act3", "fc2",
      ])
    // 25·4 + 4, 25·4·6 + 6, 6·7 + 7, 7·10 + 10.
    #expect(model.parameterCount == 104 + 606 + 49 + 80)
    #expect(
      model.layers.compactMap { ($0 as? ActivationLayer)?.function } == [.tanh, .tanh, .tanh])
  }

  @Test func layersAreNormalizedAsOneLikes() throws {
    func types(_ options: JSONObject) throws -> Set<String> {
      Set(try ModelPreset.cnn.shaped(options).layers.map { Swift.type(of: $0).type })
    }
    let plain = try types(["norm": "none"])
    #expect(try types(["norm": "group"]) == plain.union(["group_norm"]))
    #expect(try types(["norm": "batch"]) == plain.union(["batch_norm"]))
    #expect(try types(["batch_norm": true, "norm": "batch"]) == plain.union(["batch_norm"]))
    let layers = try ModelPreset.cnn.shaped(["norm": "group", "norm_groups": 16]).layers
    #expect(layers.compactMap { ($0 as? GroupNorm)?.groups } == [16, 16, 16, 16])
    #expect(throws: ModelError.normalizationsDiffer) {
      try ModelPreset.cnn.shaped(["batch_norm": true, "norm": "group"])
    }
    #expect(throws: ModelError.optionNeedsGroups(option: "norm-groups", model: "cnn")) {
      try ModelPreset.cnn.shaped(["norm_groups": 4])
    }
    #expect(
      throws: ModelError.doesNotFit(
        model: "lenet5", layer: "gn1",
        problem: "'groups' 8 does not divide the 6 channels of [24, 24, 6]")
    ) { try model(.leNet5, ["norm": "group"]) }
  }

  @Test(arguments: [[8], [8, 8], [4, 4, 4, 4, 4, 4]])
  func theCNNTakesAnyNumberOfConvolutions(filters: [Int]) throws {
    let model = try model(.cnn, ["filters": .array(filters.map { .integer($0) })])
    #expect(model.layers.count { $0 is Conv2DLayer } == filters.count)
  }

  @Test func optionsShapeTheMLP() throws {
    let model = try model(
      .mlp, ["hidden": [5], "activation": "gelu", "dropout": 0, "batch_norm": false])
    #expect(model.layers.map(\.name) == ["flatten1", "fc1", "act1", "fc2"])
    #expect(model.parameterCount == 784 * 5 + 5 + 5 * 10 + 10)
  }

  @Test func anOptionThatDoesNotApplyIsAnError() {
    #expect(throws: ModelError.optionDoesNotApply(option: "kernel-size", model: "mlp")) {
      try ModelPreset.mlp.shaped(["kernel_size": 3])
    }
    #expect(
      ModelError.optionDoesNotApply(option: "kernel-size", model: "mlp").description
        == "'kernel-size' does not apply to the model 'mlp'; leave it out")
  }

  @Test func presetsSurviveJSON() throws {
    for preset in ModelPreset.all {
      let description = try preset.description()
      let read = try ModelDescription(json: .object(description.json), path: "p")
      #expect(read.json == description.json)
      #expect(read.name == preset.name)
    }
  }
}
