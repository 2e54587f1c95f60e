import Support
import Tensor

/// A layer as a model's description names it: its kind and options, without weights.
///
/// Adding a kind of layer is one file with a description and its layer, its test, and an entry in
/// ``layerKinds``.
public protocol LayerDescription: Sendable {
  /// The value of `"type"` in a model file: `conv2d`.
  static var type: String { get }
  /// The prefix of the layer's name in a checkpoint: `conv` for `conv1`, `conv2`, …
  static var namePrefix: String { get }

  /// Reads the options of a layer from a model file.
  init(_ options: inout LayerOptions) throws

  /// The options that differ from their defaults, for a model file.
  var options: JSONObject { get }

  /// The shape of one output for inputs of the given shape.
  ///
  /// - Throws: ``LayerProblem`` if the layer does not fit.
  func outputShape(for input: Shape, classes: Int) throws -> Shape

  /// The layer, with its initial weights.
  func makeLayer(_ place: LayerPlace) throws -> any Layer
}

/// Every kind of layer that a model file may name.
public let layerKinds: [any LayerDescription.Type] = [
  Dense.self, Conv2D.self, MaxPool.self, AvgPool.self, GlobalAvgPool.self, Flatten.self,
  Dropout.self, BatchNorm.self, Activation.self,
]

/// Where a layer is made: what comes before it and what it may draw its weights from.
public struct LayerPlace {
  /// The layer's name: `conv1`.
  public let name: String
  /// Its index in the model, from 0.
  public let index: Int
  /// The shape of one input.
  public let inputShape: Shape
  /// The shape of the image, where the layer before flattened one.
  public let flattenedShape: Shape?
  /// The number of classes of the data.
  public let classes: Int
  public let initializer: Initializer
  public let seed: UInt64
  public let device: Device

  /// The stream of random numbers for this layer's initial weights.
  public func randomStream() -> RandomStream {
    RandomStream(seed: seed, purpose: .initialization, major: index)
  }
}

/// Why a layer does not fit where it stands. The model adds the layer's name and place.
public struct LayerProblem: Error, Equatable {
  public let text: String

  public init(_ text: String) { self.text = text }
}
