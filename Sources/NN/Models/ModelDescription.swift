import Support
import Tensor

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
    self.layers = try layers.enumerated().map { index, layer in
      try Self.readLayer(layer, index: index, path: path)
    }
  }

  private static func readLayer(
    _ json: JSONValue, index: Int, path: String
  ) throws -> any LayerDescription {
    let place = "layers[\(index)]"
    guard let object = json.object, let type = object["type"]?.string else {
      throw ModelError.layerWithoutType(path: path, place: place)
    }
    guard let kind = layerKinds.first(where: { $0.type == type }) else {
      throw ModelError.unknownLayer(path: path, place: place, type: type)
    }
    do {
      var options = LayerOptions(object)
      let layer = try kind.init(&options)
      try options.finish()
      return layer
    } catch let problem as LayerProblem {
      throw ModelError.badLayer(path: path, place: "\(place) (\(type))", problem: problem.text)
    }
  }

  /// The model as a model file has it.
  public var json: JSONObject {
    let layers = layers.map { layer -> JSONValue in
      var object: JSONObject = ["type": .string(Swift.type(of: layer).type)]
      for (key, value) in layer.options { object[key] = value }
      return .object(object)
    }
    return ["name": .string(name), "layers": .array(layers)]
  }

  /// The names of the layers: `conv1`, `bn1`, `conv2`, …
  public var layerNames: [String] {
    var counts: [String: Int] = [:]
    return layers.map { layer in
      let prefix = Swift.type(of: layer).namePrefix
      counts[prefix, default: 0] += 1
      return "\(prefix)\(counts[prefix, default: 1])"
    }
  }

  /// The shape of each layer's output for inputs `[H, W, C]`.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit the one before it, or the last one does not
  ///   give one number a class.
  public func outputShapes(input: Shape, classes: Int) throws -> [Shape] {
    var shape = input
    let names = layerNames
    let shapes = try zip(layers, names).map { layer, name in
      do {
        shape = try layer.outputShape(for: shape, classes: classes)
      } catch let problem as LayerProblem {
        throw ModelError.doesNotFit(model: self.name, layer: name, problem: problem.text)
      }
      return shape
    }
    guard shape == [classes] else {
      throw ModelError.wrongOutput(model: name, shape: shape.description, classes: classes)
    }
    return shapes
  }
}
