import Support

/// A model as a list of layers, without weights: what a preset makes and a model file says.
///
///     {
///       "name": "my-net",
///       "layers": [
///         {"type": "conv2d", "filters": 32, "kernel_size": 3, "padding": 1},
///         {"type": "activation", "function": "relu"},
///         {"type": "flatten"},
///         {"type": "dense", "units": "classes"}
///       ]
///     }
public struct ModelDescription: Sendable {
  public let name: String
  public let layers: [any LayerDescription]

  public init(name: String, layers: [any LayerDescription]) {
    self.name = name
    self.layers = layers
  }

  /// Reads a model file's text.
  ///
  /// - Throws: ``ModelError``, naming `path`, the layer and the key.
  public init(json: JSONValue, path: String) throws {
    guard let object = json.object, let layers = object["layers"]?.array, !layers.isEmpty else {
      throw ModelError.noLayers(path: path)
    }
    name = object["name"]?.string ?? "model"
    self.layers = try [any LayerDescription](json: layers, path: path, place: "layers")
  }

  /// The model as a model file has it.
  public var json: JSONObject { ["name": .string(name), "layers": layers.json] }

  /// The names of the outermost layers: `conv1`, `bn1`, `conv2`, …
  public var layerNames: [String] { layers.layerNames }
}
