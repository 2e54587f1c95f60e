import Support
import Tensor
import Testing

@testable import NN

@Suite struct ModelErrorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private static let presets = ModelPreset.all.map(\.name).asChoices
  private static let kinds =
    layerKinds.map { $0.type }.asChoices

  @Test(arguments: [
    "[1]", "{}", #"{"layers": []}"#, #"{"layers": {"type": "flatten"}}"#,
  ]) func aModelNeedsLayers(text: String) {
    #expect(
      message { _ = try model(text) }
        == "m.json: needs a key 'layers' with at least one layer")
  }

  @Test(arguments: ["3", "{}", #"{"type": 3}"#]) func aLayerNeedsAType(layer: String) {
    #expect(
      message { _ = try model(#"{"layers": [{"type": "flatten"}, \#(layer)]}"#) }
        == "m.json: layers[1] needs a key 'type'; choose \(Self.kinds)")
  }

  @Test(arguments: [
    ("conv2", "unknown type 'conv2'; did you mean 'conv2d'?"), ("xyz", "unknown type 'xyz';"),
  ])
  func anUnknownTypeIsNamed(type: String, expected: String) {
    #expect(
      message { _ = try model(#"{"layers": [{"type": "\#(type)"}]}"#) }
        == "m.json: layers[0]: \(expected) choose \(Self.kinds)")
  }

  @Test(arguments: [
    (#""dense""#, "needs the key 'units', a whole number"),
    (#""dense", "units": 0"#, "'units' must be a whole number from 1 to 65536, not 0"),
    (#""dense", "units": "all""#, #"'units' must be a whole number from 1 to 65536, not "all""#),
    (#""dense", "units": 2.5"#, "'units' must be a whole number from 1 to 65536, not 2.5"),
    (#""dense", "units": 2, "bias": 1"#, "'bias' must be true or false, not 1"),
    (#""conv2d", "kernel_size": 3"#, "needs the key 'filters', a whole number"),
    (
      #""conv2d", "filters": 3, "kernel_size": 3, "padding": 9223372036854775807"#,
      "'padding' must be a whole number from 0 to 1024, not 9223372036854775807"
    ),
    (#""max_pool", "size": 17"#, "'size' must be a whole number from 1 to 16, not 17"),
    (#""avg_pool", "stride": 0"#, "'stride' must be a whole number from 1 to 1024, not 0"),
    (#""dropout", "rate": 1"#, "'rate' must be a number from 0.0 to less than 1.0, not 1"),
    (
      #""batch_norm", "momentum": -0.1"#,
      "'momentum' must be a number from 0.0 to less than 1.0, not -0.1"
    ),
    (
      #""activation", "function": "reluu""#,
      "'function' must be \(ActivationKind.allCases.map(\.rawValue).asChoices), not \"reluu\""
    ),
    (
      #""dense", "units": 3, "unit": 3"#,
      "unknown key 'unit'; did you mean 'units'? known are bias, type or units"
    ),
    (#""flatten", "qqqqq": 3"#, "unknown key 'qqqqq'; known are type"),
    (#""residual""#, "needs the key 'layers', a list of layers"),
    (#""residual", "layers": []"#, "'layers' must be a list of at least one layer, not []"),
    (
      #""residual", "layers": [{"type": "flatten"}], "shortcut": {"type": "flatten"}"#,
      "'shortcut' must be a list of at least one layer, not {\"type\":\"flatten\"}"
    ),
    (#""attention""#, "needs the key 'heads', a whole number"),
    (#""patches", "size": 0"#, "'size' must be a whole number from 1 to 1024, not 0"),
    (#""concatenate""#, "needs the key 'layers', a list of layers"),
  ])
  func anOptionIsNamedWithItsLayer(layer: String, expected: String) {
    let type = layer.split(separator: "\"")[0]
    #expect(
      message { _ = try model(#"{"layers": [{"type": \#(layer)}]}"#) }
        == "m.json: layers[0] (\(type)): \(expected)")
  }

  @Test(arguments: [
    (
      #"{"type": "conv2d", "filters": 0}"#,
      " (conv2d): 'filters' must be a whole number from 1 to 65536, not 0"
    ),
    (
      #"{"type": "dense", "units": 2, "unit": 1}"#,
      " (dense): unknown key 'unit'; did you mean 'units'? known are bias, type or units"
    ),
    (#"{"typ": "dense"}"#, " needs a key 'type'; choose \(kinds)"),
    (#"{"type": "densee"}"#, ": unknown type 'densee'; did you mean 'dense'? choose \(kinds)"),
  ])
  func aLayerWithinAnotherIsNamedWithItsPlace(layer: String, expected: String) {
    let flatten = #"{"type": "flatten"}"#
    #expect(
      message {
        _ = try model(
          """
          {"layers": [\(flatten), {"type": "residual", "layers": [\(flatten)], "shortcut":
          [{"type": "concatenate", "layers": [\(flatten), \(flatten), \(layer)]}]}]}
          """)
      } == "m.json: layers[1].shortcut[0].layers[2]\(expected)")
  }

  private func problem(_ layers: any LayerDescription...) -> String {
    let description = ModelDescription(name: "m", layers: layers)
    return message { _ = try ModelOutline(description, inputShape: [28, 20, 1], classes: 10) }
  }

  @Test func aLayerThatDoesNotFitIsNamedWithItsInput() {
    #expect(
      problem(Dense(.classes))
        == "model 'm', layer 'fc1': needs rows of features, not [28, 20, 1]; "
        + "put a flatten layer before it")
    #expect(
      problem(Flatten(), Conv2D(2, kernelSize: 3))
        == "model 'm', layer 'conv1': needs images [height, width, channels], not [560]")
    #expect(
      problem(Conv2D(2, kernelSize: 25, padding: 2))
        == "model 'm', layer 'conv1': a kernel of 25 x 25 does not fit into [28, 20, 1] "
        + "with 'padding' 2; 'kernel_size' must be at most 24 here")
    #expect(
      problem(AvgPool(21))
        == "model 'm', layer 'pool1': a window of 21 x 21 does not fit into [28, 20, 1]; "
        + "make it, or 'kernel_size' of the layers before it, smaller")
    #expect(
      problem(Flatten(), MaxPool())
        == "model 'm', layer 'pool1': needs images [height, width, channels], not [560]")
    #expect(
      problem(Flatten(), GlobalAvgPool())
        == "model 'm', layer 'pool1': needs images [height, width, channels], not [560]")
    #expect(
      problem(Flatten())
        == "model 'm': its last layer gives [560], but the data has 10 classes; "
        + "end it with {\"type\": \"dense\", \"units\": \"classes\"}")
  }

  @Test func aCompositeThatDoesNotFitIsNamedWithBothShapesAndTheKey() {
    let body = [Conv2D(4, kernelSize: 3, padding: 1)]
    #expect(
      problem(Residual(body))
        == "model 'm', layer 'res1': 'layers' gives [28, 20, 4], but the input is [28, 20, 1]; "
        + "the shapes must be the same, or 'shortcut' needs layers that give [28, 20, 4] too")
    #expect(
      problem(Residual(body, shortcut: [Conv2D(4, kernelSize: 1, stride: 2)]))
        == "model 'm', layer 'res1': 'layers' gives [28, 20, 4], "
        + "but 'shortcut' gives [14, 10, 4]; the shapes must be the same")
    #expect(
      problem(Concatenate([MaxPool(2)]))
        == "model 'm', layer 'concat1': 'layers' gives [14, 10, 1], but the input is "
        + "[28, 20, 1]; the extents must be the same, but for the last one")
  }

  @Test func aLayerForTokensNamesWhatDoesNotFit() {
    #expect(
      problem(Patches(3))
        == "model 'm', layer 'patches1': 'size' 3 does not divide the sides of [28, 20, 1]")
    #expect(
      problem(Patches(4), Attention(heads: 3))
        == "model 'm', layer 'attn1': 'heads' 3 does not divide the last extent of [35, 16]")
    #expect(
      problem(Attention(heads: 1))
        == "model 'm', layer 'attn1': needs tokens [count, width], not [28, 20, 1]")
    #expect(
      problem(Flatten(), PositionalEmbedding())
        == "model 'm', layer 'pos1': needs tokens [count, width], not [560]")
    #expect(
      problem(LayerNorm())
        == "model 'm', layer 'ln1': needs tokens or rows of features, not [28, 20, 1]")
    #expect(
      problem(Flatten(), SpatialDropout(0.5))
        == "model 'm', layer 'dropout1': needs images [height, width, channels], not [560]; "
        + "use dropout")
  }

  @Test func aLayerWithinAnotherThatDoesNotFitIsNamedWithItsPath() {
    #expect(
      problem(Flatten(), Residual([Residual([Flatten(), MaxPool(2)])]))
        == "model 'm', layer 'res1.res1.pool1': needs images [height, width, channels], not [560]")
    #expect(
      problem(Residual([Flatten()], shortcut: [Flatten(), AvgPool(30)]))
        == "model 'm', layer 'res1.shortcut.pool1': needs images [height, width, channels], "
        + "not [560]")
  }

  @Test func aFlattenedImageIsNotAddedToWhatPyTorchHasInAnotherOrder() {
    func make(_ layers: [any LayerDescription], channels: Int) -> String {
      message {
        _ = try Model(
          ModelDescription(name: "m", layers: layers + [Dense(.classes)]),
          inputShape: [4, 4, channels], classes: 3, on: Device(threads: 1))
      }
    }
    func make(_ composite: any LayerDescription, channels: Int) -> String {
      make([Flatten(), composite], channels: channels)
    }
    #expect(
      make(Residual([Dense(.count(32))]), channels: 2)
        == "model 'm', layer 'res1': cannot stand behind a flattened image [4, 4, 2]; "
        + "put a dense layer between")
    #expect(make(Concatenate([Dense(.count(3))]), channels: 2).contains("layer 'concat1'"))
    #expect(
      make([Patches(2), Flatten()], channels: 2)
        == "model 'm', layer 'flatten1': cannot stand behind a flattened image [2, 2, 2]; "
        + "put a dense layer between")
    #expect(make(Residual([Dense(.count(16))]), channels: 1) == "no error")
  }

  @Test func anUnknownModelIsNamed() {
    #expect(
      message { _ = try ModelPreset.named("cnm") }
        == "unknown model 'cnm'; did you mean 'cnn'? choose \(Self.presets), "
        + "or a model file that ends in .json")
    #expect(
      message { _ = try ModelPreset.named("perceptron") }
        == "unknown model 'perceptron'; choose \(Self.presets), or a model file that ends in .json")
  }

  @Test func exitCodesTellTheCommandLineFromAFile() {
    #expect(ModelError.unknownModel(name: "x").exitCode == .usage)
    #expect(ModelError.optionDoesNotApply(option: "x", model: "m").exitCode == .usage)
    #expect(ModelError.noLayers(path: "m").exitCode == .configuration)
    #expect(ModelError.wrongOutput(model: "m", shape: "", classes: 1).exitCode == .configuration)
  }
}
