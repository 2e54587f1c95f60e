import Support
import Tensor
import Testing

@testable import NN

/// The model that a text describes.
func model(_ text: String) throws -> ModelDescription {
  try ModelDescription(json: JSONValue(parsing: Array(text.utf8), path: "m.json"), path: "m.json")
}

@Suite struct ModelDescriptionTests {
  @Test func everyOptionSurvivesJSON() throws {
    let text = """
      {"name":"all","layers":[\
      {"type":"conv2d","filters":8,"kernel_size":3,"stride":2,"padding":1,"bias":false},\
      {"type":"batch_norm","momentum":0.2,"epsilon":0.001},\
      {"type":"activation","function":"leaky_relu","slope":0.25},\
      {"type":"max_pool","size":3,"stride":1},\
      {"type":"activation","function":"elu","alpha":0.5},\
      {"type":"avg_pool","size":2},\
      {"type":"activation","function":"gelu"},\
      {"type":"global_avg_pool"},\
      {"type":"flatten"},\
      {"type":"dropout","rate":0.3},\
      {"type":"spatial_dropout","rate":0.2},\
      {"type":"layer_norm","epsilon":0.01},\
      {"type":"group_norm","groups":2},\
      {"type":"patches","size":4},\
      {"type":"positional_embedding","deviation":0.5},\
      {"type":"attention","heads":2},\
      {"type":"residual","layers":[{"type":"concatenate","layers":[{"type":"flatten"}]}],\
      "shortcut":[{"type":"flatten"},{"type":"flatten"}],"drop_path":0.1},\
      {"type":"dense","units":7,"bias":false},\
      {"type":"dense","units":"classes"}]}
      """
    let described = try model(text)
    #expect(JSONValue.object(described.json).text() == text)
    let kinds = Set(everyLayer(described.layers).map { type(of: $0).type })
    #expect(kinds == Set(layerKinds.map { $0.type }))
  }

  /// The layers and those within them.
  private func everyLayer(_ layers: [any LayerDescription]) -> [any LayerDescription] {
    layers.flatMap { layer in [layer] + everyLayer(layer.branches.flatMap(\.layers)) }
  }

  @Test func defaultsAreLeftOut() throws {
    let described = try model(
      """
      {"layers": [{"type": "conv2d", "filters": 2, "kernel_size": 1, "stride": 1, "padding": 0,
      "bias": true}, {"type": "batch_norm", "momentum": 0.1}, {"type": "max_pool"},
      {"type": "activation"}, {"type": "activation", "function": "elu", "alpha": 1},
      {"type": "dropout"}, {"type": "residual", "layers": [{"type": "flatten"}], "drop_path": 0},
      {"type": "layer_norm"}, {"type": "spatial_dropout"}, {"type": "positional_embedding"}]}
      """)
    #expect(
      JSONValue.object(described.json).text() == """
        {"name":"model","layers":[{"type":"conv2d","filters":2,"kernel_size":1},\
        {"type":"batch_norm"},{"type":"max_pool","size":2},\
        {"type":"activation","function":"relu"},{"type":"activation","function":"elu"},\
        {"type":"dropout","rate":0.5},{"type":"residual","layers":[{"type":"flatten"}]},\
        {"type":"layer_norm"},{"type":"spatial_dropout","rate":0.5},\
        {"type":"positional_embedding"}]}
        """)
  }

  @Test func everyActivationIsReadByItsName() throws {
    for name in ActivationKind.allCases.map(\.rawValue) {
      let described = try model(
        #"{"layers": [{"type": "activation", "function": "\#(name)"}]}"#)
      #expect((described.layers[0] as? Activation)?.function.name == name)
    }
  }

  @Test func aLeakyReLUOrELUOfZeroIsTheReLU() throws {
    let described = try model(
      """
      {"layers": [{"type": "activation", "function": "leaky_relu", "slope": 0},
      {"type": "activation", "function": "elu", "alpha": 0}]}
      """)
    #expect(described.layers.map { ($0 as? Activation)?.function } == [.relu, .relu])
  }

  @Test func layersAreNumberedByKind() {
    let description = ModelDescription(
      name: "m",
      layers: [
        Conv2D(2, kernelSize: 1), Activation(.relu), MaxPool(), Conv2D(2, kernelSize: 1),
        AvgPool(), Flatten(), Dense(.classes),
      ])
    #expect(
      description.layerNames == ["conv1", "act1", "pool1", "conv2", "pool2", "flatten1", "fc1"])
  }

  @Test func shapesFollowFromTheInput() throws {
    let description = ModelDescription(
      name: "m",
      layers: [
        Conv2D(4, kernelSize: 3, stride: 2, padding: 1), MaxPool(3, stride: 2), Flatten(),
        Dense(.count(9)), Dense(.classes),
      ])
    #expect(
      try ModelOutline(description, inputShape: [28, 20, 1], classes: 47).chain.elements
        .map(\.outline.outputShape) == [[14, 10, 4], [6, 4, 4], [96], [9], [47]])
  }
}
