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

// What a model's description and those of composite layers have in common: layers in a row.

extension [any LayerDescription] {
  /// The names of the layers, each kind counted from 1: `conv1`, `bn1`, `conv2`, …
  var layerNames: [String] {
    var counts: [String: Int] = [:]
    return map { layer in
      let prefix = Swift.type(of: layer).namePrefix
      counts[prefix, default: 0] += 1
      return "\(prefix)\(counts[prefix, default: 1])"
    }
  }

  /// The layers and all within them.
  var layerCount: Int { reduce(0) { $0 + $1.layerCount } }

  /// The layers as a model file has them.
  var json: JSONValue {
    .array(
      map { layer in
        var object: JSONObject = ["type": .string(Swift.type(of: layer).type)]
        for (key, value) in layer.options { object[key] = value }
        return .object(object)
      })
  }

  /// Reads the layers of a model file.
  ///
  /// - Parameter place: their key in the file: `layers`, or `layers[3].layers`.
  /// - Throws: ``ModelError``, naming the file, the place and the key.
  init(json: [JSONValue], path: String, place: String) throws {
    self = try json.enumerated().map { index, layer in
      try readLayer(layer, path: path, place: "\(place)[\(index)]")
    }
  }
}

private func readLayer(
  _ json: JSONValue, path: String, place: String
) throws -> any LayerDescription {
  guard let object = json.object, let type = object["type"]?.string else {
    throw ModelError.layerWithoutType(path: path, place: place)
  }
  guard let kind = layerKinds.first(where: { $0.type == type }) else {
    throw ModelError.unknownLayer(path: path, place: place, type: type)
  }
  do {
    var options = LayerOptions(object, path: path, place: place)
    let layer = try kind.init(&options)
    try options.finish()
    return layer
  } catch let problem as LayerProblem {
    throw ModelError.badLayer(path: path, place: "\(place) (\(type))", problem: problem.text)
  }
}
