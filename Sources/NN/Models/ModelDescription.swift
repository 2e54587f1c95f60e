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
    self.layers = try [any LayerDescription](json: layers, path: path, place: "layers")
  }

  /// The model as a model file has it.
  public var json: JSONObject { ["name": .string(name), "layers": layers.json] }

  /// The names of the outermost layers: `conv1`, `bn1`, `conv2`, …
  public var layerNames: [String] { layers.layerNames }

  /// The shape of each layer's output for inputs `[H, W, C]`.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit the one before it, or the last one does not
  ///   give one number a class.
  public func outputShapes(input: Shape, classes: Int) throws -> [Shape] {
    let shapes: [Shape]
    do {
      shapes = try layers.outputShapes(for: input, classes: classes)
    } catch let problem as LayerProblem {
      throw ModelError(problem, in: self)
    }
    guard let last = shapes.last, last == [classes] else {
      let shape = (shapes.last ?? input).description
      throw ModelError.wrongOutput(model: name, shape: shape, classes: classes)
    }
    return shapes
  }
}
