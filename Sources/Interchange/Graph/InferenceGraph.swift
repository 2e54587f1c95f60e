import Support
import Tensor

/// What a network computes when it is used, from raw pixels to logits: what every format of another
/// program is written from, and what a written file is read back into.
///
/// The first node is the image, `[H, W, 1]`, pixels from 0 to 255, upright, ink bright; the last one
/// gives the logits. Images are `[H, W, C]`, tokens `[T, D]`, features `[F]`. Layers have the names
/// that they have in a checkpoint; dropout is left out, and a batch normalization right behind a
/// convolution or a dense layer is multiplied into its weights.
public struct InferenceGraph: Sendable {
  /// Each after those that it takes its inputs from.
  public internal(set) var nodes: [GraphNode]

  /// The extents of the image.
  public var height: Int { nodes[0].shape[0] }
  public var width: Int { nodes[0].shape[1] }
  /// How many logits there are.
  public var classes: Int { nodes[nodes.count - 1].shape[0] }
}

/// One step of a graph.
public struct GraphNode: Sendable {
  /// `conv1`, or `res1.conv1` within another layer; unique.
  public let name: String
  public internal(set) var operation: GraphOperation
  /// The places of the nodes that it takes its inputs from.
  public internal(set) var inputs: [Int]
  /// The shape of one item's output.
  public internal(set) var shape: [Int]

  /// The numbers of one item's output.
  public var count: Int { shape.reduce(1, *) }
}

/// What a node computes. `C` is the last extent of its input.
public enum GraphOperation: Sendable {
  /// The image itself.
  case image
  /// `scale · x + shift`, a number of each for each of `C`.
  case scaleShift(scale: [Float], shift: [Float])
  case convolution(GraphConvolution)
  case dense(GraphDense)
  case activation(ActivationFunction)
  /// The largest of each window without padding.
  case maxPool(size: Int, stride: Int)
  /// The mean of each window without padding.
  case averagePool(size: Int, stride: Int)
  /// The mean over all but the last extent.
  case mean
  /// An image or tokens as one row of features.
  case flatten(FlattenOrder)
  /// The sum of two inputs of one shape.
  case add
  /// Two inputs beside each other, along the last extent.
  case concatenate
  /// `scale · (x − mean) / √(variance + epsilon) + shift`, over the channels of one group at all
  /// places; the variance is biased, as in what follows.
  case groupNorm(groups: Int, GraphNormalization)
  /// The same over the last extent.
  case layerNorm(GraphNormalization)
  /// Square patches of an image as tokens, both row by row, channels innermost.
  case patches(size: Int)
  /// `x + values`, a number for each of the input.
  case addConstant([Float])
  case attention(GraphAttention)
}

/// In which order a flattened image `[H, W, C]` has its numbers.
public enum FlattenOrder: Sendable {
  /// As they are: channels innermost.
  case channelsLast
  /// As in formats whose images are `[C, H, W]`: a channel after the other.
  case channelsFirst
}

/// A convolution with a square kernel: cross-correlation, zeros around the image.
public struct GraphConvolution: Sendable {
  public let kernelSize: Int
  public let stride: Int
  public let padding: Int
  public let inputs: Int
  public let outputs: Int
  /// `[kernelSize, kernelSize, inputs, outputs]`
  public internal(set) var weight: [Float]
  /// `[outputs]`
  public internal(set) var bias: [Float]
}

/// `x · weight + bias` of each row of the last extent.
public struct GraphDense: Sendable {
  public let inputs: Int
  public let outputs: Int
  /// `[inputs, outputs]`
  public internal(set) var weight: [Float]
  /// `[outputs]`
  public internal(set) var bias: [Float]
}

/// What normalizations of single items share.
public struct GraphNormalization: Sendable {
  public let epsilon: Float
  public internal(set) var scale: [Float]
  public internal(set) var shift: [Float]
}

/// Self-attention over tokens `[T, width]`: `softmax(Q Kᵀ / √(width / heads)) V`, projected.
public struct GraphAttention: Sendable {
  public let heads: Int
  public let width: Int
  /// To queries, keys and values side by side: `[width, 3 · width]`.
  public let projection: GraphDense
  /// `[width, width]`
  public let output: GraphDense
}

extension InferenceGraph {
  /// Multiply-adds of one image, biases and activations not counted.
  public var multiplyAdds: Int {
    boundedSum(
      nodes.map { node in
        switch node.operation {
        case .convolution(let c):
          boundedProduct(node.count, c.kernelSize * c.kernelSize, c.inputs)
        case .dense(let d): boundedProduct(node.count, d.inputs)
        case .attention(let a):
          boundedSum([
            boundedProduct(4, node.count, a.width), boundedProduct(2, node.count, node.shape[0]),
          ])
        default: 0
        }
      })
  }

  /// The places of the nodes that take their input from each node.
  public var consumers: [[Int]] {
    var consumers = [[Int]](repeating: [], count: nodes.count)
    for (place, node) in nodes.enumerated() {
      for input in node.inputs { consumers[input].append(place) }
    }
    return consumers
  }
}
