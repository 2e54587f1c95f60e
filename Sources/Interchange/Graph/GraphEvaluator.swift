import Support
import Tensor

/// Computes a graph by its definition, image by image, in plain loops: what shows that a file which
/// was read back into a graph is the network that it was written from.
///
/// Sums are taken in single precision, functions in double.
public struct GraphEvaluator: Sendable {
  public let graph: InferenceGraph

  public init(_ graph: InferenceGraph) { self.graph = graph }

  /// The logits of an image of raw pixels, `[H, W]`, 0 to 255.
  public func logits(of pixels: [Float]) -> [Float] { values(of: pixels)[graph.nodes.count - 1] }

  /// The output of every node.
  public func values(of pixels: [Float]) -> [[Float]] {
    var values: [[Float]] = []
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let inputs = node.inputs.map { values[$0] }
      let shape = node.inputs.first.map { graph.nodes[$0].shape } ?? []
      values.append(node.inputs.isEmpty ? pixels : Self.output(of: node, inputs, shape))
    }
    return values
  }

  /// The logits where one node gives something else.
  ///
  /// - Parameters:
  ///   - values: the output of every node, as it would be.
  ///   - output: what the node at `place` gives in its place.
  func logits(from values: [[Float]], replacing place: Int, by output: [Float]) -> [Float] {
    var values = values
    values[place] = output
    var changed: Set = [place]
    for next in graph.nodes.indices[(place + 1)...] {
      let node = graph.nodes[next]
      guard node.inputs.contains(where: changed.contains) else { continue }
      changed.insert(next)
      values[next] = Self.output(
        of: node, node.inputs.map { values[$0] }, graph.nodes[node.inputs[0]].shape)
    }
    return values[graph.nodes.count - 1]
  }

  /// The output of a node.
  ///
  /// - Parameter shape: that of the first input.
  static func output(of node: GraphNode, _ x: [[Float]], _ shape: [Int]) -> [Float] {
    switch node.operation {
    case .image: x[0]
    case .scaleShift(let scale, let shift):
      x[0].byColumn(of: scale.count) { $0 * scale[$1] + shift[$1] }
    case .convolution(let layer): layer.output(of: x[0], shape, to: node.shape)
    case .dense(let layer): layer.output(of: x[0])
    case .activation(let f): activated(x[0], f)
    case .maxPool(let size, let stride):
      pooled(x[0], shape, node.shape, size, stride) { $0.reduce(-.infinity, max) }
    case .averagePool(let size, let stride):
      pooled(x[0], shape, node.shape, size, stride) { $0.reduce(0, +) / Float($0.count) }
    case .mean: meanOfRows(x[0], columns: node.count)
    case .flatten(.channelsLast): x[0]
    case .flatten(.channelsFirst): x[0].transposed(columns: shape[shape.count - 1])
    case .add: zip(x[0], x[1]).map { $0 + $1 }
    case .concatenate: concatenated(x[0], x[1], columns: shape[shape.count - 1], node.shape)
    case .groupNorm(let groups, let norm): norm.output(of: x[0], groups: groups)
    case .layerNorm(let norm): norm.output(of: x[0])
    case .patches(let size): patches(x[0], shape, size)
    case .addConstant(let values): zip(x[0], values).map { $0 + $1 }
    case .attention(let layer): layer.output(of: x[0])
    }
  }

  private static func activated(_ x: [Float], _ f: ActivationFunction) -> [Float] {
    if f == .relu { return x.map { max($0, 0) } }
    guard let formula = f.formula else { preconditionFailure("no formula of '\(f.name)'") }
    return x.map { Float(formula.value(at: Double($0))) }
  }

  private static func pooled(
    _ x: [Float], _ shape: [Int], _ output: [Int], _ size: Int, _ stride: Int,
    _ value: ([Float]) -> Float
  ) -> [Float] {
    let (width, channels) = (shape[1], shape[2])
    var result: [Float] = []
    result.reserveCapacity(output.reduce(1, *))
    for row in 0..<output[0] {
      for column in 0..<output[1] {
        for channel in 0..<channels {
          let window = (0..<size * size).map { place in
            let (y, across) = (row * stride + place / size, column * stride + place % size)
            return x[(y * width + across) * channels + channel]
          }
          result.append(value(window))
        }
      }
    }
    return result
  }

  private static func meanOfRows(_ x: [Float], columns: Int) -> [Float] {
    var sums = [Float](repeating: 0, count: columns)
    for (place, value) in x.enumerated() { sums[place % columns] += value }
    return sums.map { $0 / Float(x.count / columns) }
  }

  /// - Parameter columns: of each row of `a`; those of `b` follow.
  private static func concatenated(
    _ a: [Float], _ b: [Float], columns: Int, _ shape: [Int]
  ) -> [Float] {
    let others = shape[shape.count - 1] - columns
    var result: [Float] = []
    result.reserveCapacity(a.count + b.count)
    for row in 0..<a.count / columns {
      result += a[row * columns..<(row + 1) * columns]
      result += b[row * others..<(row + 1) * others]
    }
    return result
  }

  private static func patches(_ x: [Float], _ shape: [Int], _ size: Int) -> [Float] {
    let (height, width, channels) = (shape[0], shape[1], shape[2])
    var result: [Float] = []
    for top in stride(from: 0, to: height, by: size) {
      for left in stride(from: 0, to: width, by: size) {
        for row in top..<top + size {
          let start = (row * width + left) * channels
          result += x[start..<start + size * channels]
        }
      }
    }
    return result
  }
}

extension [Float] {
  /// Each number and its column, in rows of `columns`, made into another.
  fileprivate func byColumn(of columns: Int, _ body: (Float, Int) -> Float) -> [Float] {
    enumerated().map { body($1, $0 % columns) }
  }

  /// Rows of `columns` numbers made into columns.
  func transposed(columns: Int) -> [Float] {
    let rows = count / columns
    return indices.map { self[$0 % rows * columns + $0 / rows] }
  }
}
