import Support
import Tensor
import TestSupport
import Testing

@testable import NN

/// The networks of other people's notebooks and papers, against the sizes that those have.
@Suite struct NotebookPresetTests {
  /// Parameters of each layer that has any.
  private func parameters(_ preset: ModelPreset) throws -> [Int] {
    try model(preset).layers.map { $0.parameters.reduce(0) { $0 + $1.value.count } }
      .filter { $0 > 0 }
  }

  /// `[layer.count_params() for layer in model.layers]` of the same layers in Keras 3.15.1.
  @Test(arguments: [
    ("mlp-512", [401_920, 5_130]), ("mlp-small", [100_480, 8_256, 650]),
    ("cnn-2", [320, 18_496, 204_928, 1_290]), ("cnn-3", [320, 18_496, 73_856, 147_584, 1_290]),
    ("lenet5", [156, 2_416, 30_840, 10_164, 850]),
  ])
  func parametersAreThoseOfKeras(name: String, expected: [Int]) throws {
    #expect(try parameters(.named(name)) == expected)
  }

  @Test func theNotebooksPerceptronHas407050Parameters() throws {
    #expect(try model(.mlp512).parameterCount == 407_050)
  }

  @Test func theVGGHasTheSizeOfItsPaper() throws {
    let model = try model(.vgg)
    // Multiply-adds: 28² · 9 · (64 + 64²), 14² · 9 · (64 · 128 + 128²), 7² · 9 · (128 · 256 +
    // 2 · 256²), 3² · 9 · 3 · 256², 256 · 512 and 512 · 10: 161 million.
    let convolutions = 29_352_960 + 43_352_064 + 72_253_440 + 15_925_248
    #expect(model.multiplyAdds == convolutions + 131_072 + 5_120)
    #expect(model.layers.count { $0 is Conv2DLayer } == 10)
    // 9 · (64 + 64² + 64 · 128 + 128² + 128 · 256 + 5 · 256²), twice the filters and the units,
    // 256 · 512, 512 · 10 + 10.
    #expect(model.parameterCount == 3_502_656 + 3_840 + 1_024 + 131_072 + 5_130)
  }

  @Test(arguments: [
    ("mlp-512", ["flatten1", "fc1", "act1", "fc2"]),
    ("mlp-small", ["flatten1", "fc1", "act1", "fc2", "act2", "dropout1", "fc3"]),
    (
      "cnn-2",
      [
        "conv1", "act1", "pool1", "conv2", "act2", "pool2", "flatten1", "fc1", "act3", "dropout1",
        "fc2",
      ]
    ),
    (
      "cnn-3",
      [
        "conv1", "act1", "pool1", "conv2", "act2", "pool2", "conv3", "act3", "pool3", "flatten1",
        "fc1", "act4", "fc2",
      ]
    ),
    (
      "lenet5",
      [
        "conv1", "act1", "pool1", "conv2", "act2", "pool2", "flatten1", "fc1", "act3", "fc2",
        "act4", "fc3",
      ]
    ),
  ])
  func layersAreThoseOfTheNotebooks(name: String, expected: [String]) throws {
    #expect(try ModelPreset.named(name).description().layerNames == expected)
  }

  private static let withFilters = ["cnn-2", "cnn-3", "lenet5", "vgg"]

  /// Those whose layers stand in a row.
  private static let flat = ModelPreset.all.map(\.name).filter {
    !["resnet", "densenet", "vit"].contains($0)
  }

  @Test(arguments: flat)
  func normalizationStandsBetweenLayerAndActivation(name: String) throws {
    let layers = try ModelPreset.named(name).shaped(["batch_norm": true]).layers
    for (index, layer) in layers.enumerated() where layer is BatchNorm {
      #expect(layers[index - 1] is Conv2D || layers[index - 1] is Dense)
      #expect(layers[index + 1] is Activation)
      #expect(layers[index - 1].options["bias"] == false)
    }
    #expect(layers.contains { $0 is BatchNorm })
    let plain = try ModelPreset.named(name).shaped(["batch_norm": false])
    #expect(!plain.layers.contains { $0 is BatchNorm })
  }

  @Test(arguments: withFilters) func optionsShapeEveryConvolutionalPreset(name: String) throws {
    let preset = try ModelPreset.named(name)
    let count = try #require(preset.filterCount)
    let filters = (0..<count).map { 4 + $0 }
    let model = try model(
      preset,
      [
        "filters": .array(filters.map { .integer($0) }), "kernel_size": 3, "hidden": [7, 6],
        "activation": "silu", "dropout": 0.4,
      ])
    let convolutions = model.layers.compactMap { $0 as? Conv2DLayer }
    #expect(Set(convolutions.map(\.geometry.filters)) == Set(filters))
    #expect(convolutions.allSatisfy { $0.geometry.kernelSize == 3 })
    #expect(model.layers.compactMap { ($0 as? DenseLayer)?.outputShape[0] } == [7, 6, 10])
    #expect(Set(model.layers.compactMap { ($0 as? ActivationLayer)?.function.name }) == ["silu"])
    #expect(model.layers.contains { $0 is DropoutLayer })
  }

  @Test(arguments: withFilters) func aWrongNumberOfFiltersSaysHowManyThereAre(name: String) throws {
    let preset = try ModelPreset.named(name)
    let needed = try #require(preset.filterCount)
    let error = #expect(throws: ModelError.self) { try preset.shaped(["filters": [8]]) }
    #expect(
      error?.description
        == "'filters' has one number, but the model '\(name)' needs \(needed)")
    #expect(error?.exitCode == .usage)
  }

  @Test func aKernelThatDoesNotFitSaysWhereAndWhatToChange() {
    let error = #expect(throws: ModelError.self) { try model(.leNet5, ["kernel_size": 11]) }
    #expect(
      error?.description
        == "model 'lenet5', layer 'conv2': a kernel of 11 x 11 does not fit into [9, 9, 6] with "
        + "'padding' 0; 'kernel_size' must be at most 9 here")
  }
}
