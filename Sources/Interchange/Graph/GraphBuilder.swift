import NN
import Support
import Tensor

/// A layer that says what it computes in inference.
protocol GraphLayer: LayerDescription {
  /// Adds the layer's nodes behind the one at `place.input`.
  ///
  /// - Returns: the place of the node that gives its output.
  func add(to graph: inout GraphBuilder, at place: GraphPlace) throws -> Int
}

/// Where a layer stands in a graph that is being made.
struct GraphPlace {
  /// The layer's whole name.
  let name: String
  let outline: LayerOutline
  /// The node that it takes its input from.
  let input: Int
  /// The layer right before it in the same chain.
  let previous: (any LayerDescription)?

  var outputShape: [Int] { outline.outputShape.array }
}

/// A graph that is being made from the layers of a model and its weights.
struct GraphBuilder {
  private(set) var nodes: [GraphNode]
  private let tensors: [String: Tensor]

  /// A graph of nothing but the image and its normalization, `scale · pixel + shift`.
  init(_ model: Model, scale: Float, shift: Float) {
    let shape = model.inputShape.array
    nodes = [
      GraphNode(name: "image", operation: .image, inputs: [], shape: shape),
      GraphNode(
        name: "normalize", operation: .scaleShift(scale: [scale], shift: [shift]), inputs: [0],
        shape: shape),
    ]
    tensors = Dictionary(
      uniqueKeysWithValues: model.parameters.map { ($0.name, $0.value) }
        + model.state.map { ($0.name, $0.value) })
  }

  /// Adds a node.
  mutating func add(
    _ name: String, _ operation: GraphOperation, _ inputs: Int..., shape: [Int]
  ) -> Int {
    nodes.append(GraphNode(name: name, operation: operation, inputs: inputs, shape: shape))
    return nodes.count - 1
  }

  /// Adds the layers of a chain, whose names begin with `prefix`.
  ///
  /// - Throws: ``GraphError/noPart(layer:type:)``.
  mutating func add(_ chain: ChainOutline, named prefix: String, to input: Int) throws -> Int {
    var last = input
    var previous: (any LayerDescription)?
    for element in chain.elements {
      let name = prefix.isEmpty ? element.name : "\(prefix).\(element.name)"
      guard let layer = element.description as? any GraphLayer else {
        throw GraphError.noPart(layer: name, type: type(of: element.description).type)
      }
      last = try layer.add(
        to: &self,
        at: GraphPlace(name: name, outline: element.outline, input: last, previous: previous))
      previous = element.description
    }
    return last
  }

  /// The elements of a tensor of the model; zeros, if it is a bias that a layer goes without.
  func values(_ name: String, count: Int? = nil) -> [Float] {
    if let tensor = tensors[name] { return tensor.values }
    guard let count else { preconditionFailure("the model has no '\(name)'") }
    return [Float](repeating: 0, count: count)
  }

  /// Multiplies `scale · y + shift` into the weights of a convolution or a dense layer.
  mutating func fold(scale: [Float], shift: [Float], into place: Int) {
    switch nodes[place].operation {
    case .convolution(var layer):
      layer.weight = layer.weight.scaled(by: scale)
      layer.bias = layer.bias.scaled(by: scale, plus: shift)
      nodes[place].operation = .convolution(layer)
    case .dense(var layer):
      layer.weight = layer.weight.scaled(by: scale)
      layer.bias = layer.bias.scaled(by: scale, plus: shift)
      nodes[place].operation = .dense(layer)
    default: preconditionFailure("'\(nodes[place].name)' has no weights to fold into")
    }
  }
}

extension [Float] {
  /// Rows of as many numbers as `factors`, each multiplied by its own.
  fileprivate func scaled(by factors: [Float], plus offsets: [Float]? = nil) -> [Float] {
    enumerated().map { place, value in
      let column = place % factors.count
      return value * factors[column] + (offsets?[column] ?? 0)
    }
  }
}

extension InferenceGraph {
  /// What a model computes of a pixel `p` of 0 to 255 that its training took as
  /// `(p / 255 − mean) / deviation`.
  ///
  /// - Throws: ``GraphError`` for a layer that does not say what it computes.
  public init(_ model: Model, mean: Double, deviation: Double) throws {
    var builder = GraphBuilder(
      model, scale: Float(1 / (255 * deviation)), shift: Float(-mean / deviation))
    let last = try builder.add(model.outline.chain, named: "", to: 1)
    precondition(last == builder.nodes.count - 1, "the logits are not the last node")
    nodes = builder.nodes
  }
}

/// A model that cannot be described as a graph.
public enum GraphError: UserError, Equatable {
  case noPart(layer: String, type: String)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .noPart(let layer, let type):
      "layer '\(layer)' of type '\(type)' cannot be exported; other programs are not told what it "
        + "computes"
    }
  }
}
