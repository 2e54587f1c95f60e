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

  /// What the layer gives and costs behind such an input. Allocates nothing.
  ///
  /// - Throws: ``LayerProblem`` if the layer does not fit.
  func outline(for input: LayerInput) throws -> LayerOutline

  /// The layer of this outline, with its initial weights.
  func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer

  /// The chains of layers within it, for a layer that is made of others.
  var branches: [LayerBranch] { get }
}

extension LayerDescription {
  public var branches: [LayerBranch] { [] }

  /// The layer and all within it.
  var layerCount: Int { 1 + branches.reduce(0) { $0 + $1.layers.layerCount } }
}

/// One of the chains of layers that a composite layer consists of.
public struct LayerBranch: Sendable {
  /// Its key in a model file: `layers`.
  public let key: String
  public let layers: [any LayerDescription]
  /// What stands before the names of its layers, within the composite's own name.
  let prefix: String

  /// - Parameter prefix: empty for the main branch.
  init(_ key: String, _ layers: [any LayerDescription], prefix: String = "") {
    self.key = key
    self.layers = layers
    self.prefix = prefix
  }
}

/// Every kind of layer that a model file may name.
public let layerKinds: [any LayerDescription.Type] = [
  Dense.self, Conv2D.self, MaxPool.self, AvgPool.self, GlobalAvgPool.self, Flatten.self,
  Dropout.self, BatchNorm.self, GroupNorm.self, Activation.self, Residual.self, Concatenate.self,
  SpatialDropout.self, LayerNorm.self, Patches.self, PositionalEmbedding.self, Attention.self,
]

/// Where a layer is made: its name, and what it may draw its weights from.
public struct LayerPlace {
  /// The layer's name in the model: `conv1`, or `res2.conv1` within another layer.
  public internal(set) var name: String
  /// Its index in the model, from 0, those within other layers counted behind these.
  public internal(set) var index: Int
  public let initializer: Initializer
  public let seed: UInt64
  /// How convolutions are computed.
  public var convolution = ConvolutionAlgorithm.winograd

  /// The stream of random numbers for this layer's initial weights.
  public func randomStream() -> RandomStream {
    RandomStream(seed: seed, purpose: .initialization, major: index)
  }
}

/// Why a layer does not fit where it stands. Whoever holds the layer adds its name.
public struct LayerProblem: Error, Equatable {
  public let text: String
  /// The name of the layer that has it, as far as it is known: `conv1`, `res2.conv1`.
  public let layer: String

  public init(_ text: String, layer: String = "") {
    self.text = text
    self.layer = layer
  }

  /// The same problem, of a layer within the one called `name`.
  func within(_ name: String) -> LayerProblem {
    let names = [name, layer].filter { !$0.isEmpty }
    return LayerProblem(text, layer: names.joined(separator: "."))
  }
}
