/// Computes a quantized graph by its definition, image by image: the program's own eight bits, which
/// every file must give.
public struct QuantizedEvaluator: Sendable {
  public let graph: QuantizedGraph

  public init(_ graph: QuantizedGraph) { self.graph = graph }

  /// The logits of an image of raw pixels, `[H, W]`, 0 to 255.
  public func logits(of pixels: [Float]) -> [Float] {
    let last = graph.nodes[graph.nodes.count - 1]
    return last.floats(values(of: pixels)[graph.nodes.count - 1])
  }

  /// The output of every node.
  public func values(of pixels: [Float]) -> [[Int8]] {
    var values: [[Int8]] = []
    values.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      guard let first = node.inputs.first else {
        values.append(pixels.map { saturated(Int($0) - 128) })
        continue
      }
      values.append(output(of: node, node.inputs.map { values[$0] }, graph.nodes[first]))
    }
    return values
  }

  /// What a node makes of its inputs.
  ///
  /// - Parameter from: the node that gives the first one.
  func output(
    of node: QuantizedNode, _ x: [[Int8]], _ from: QuantizedNode
  ) -> [Int8] {
    let shape = from.shape
    switch node.operation {
    case .image, .flatten: return x[0]
    case .table(let table, _): return x[0].map { table[Int($0) + 128] }
    case .convolution(let layer, let window):
      return layer.output(of: x[0], from, window, to: node)
    case .dense(let layer):
      return layer.output(of: x[0].map { Int32($0) - Int32(from.zeroPoint) }, node)
    case .scaleShift(let layer):
      return x[0].enumerated().map { place, value in
        let channel = place % layer.outputs
        let sum =
          (Int32(value) - Int32(from.zeroPoint)) * Int32(layer.weight[channel])
          + layer.bias[channel]
        return layer.requantization[channel].apply(sum, zeroPoint: node.zeroPoint)
      }
    case .maxPool(let size, let stride):
      return Self.pooled(x[0], shape, node.shape, size, stride, from: -128, max) { Int8($0) }
    case .averagePool(let size, let stride):
      let count = size * size
      return Self.pooled(x[0], shape, node.shape, size, stride, from: 0, +) { sum in
        // Rounded, halves away from zero, as TensorFlow Lite's operator does.
        Int8((sum >= 0 ? sum + count / 2 : sum - count / 2) / count)
      }
    case .mean(let requantization):
      let rows = x[0].count / node.count
      return (0..<node.count).map { column in
        let sum = (0..<rows).reduce(Int32(0)) {
          $0 + Int32(x[0][$1 * node.count + column]) - Int32(from.zeroPoint)
        }
        return requantization.apply(sum, zeroPoint: node.zeroPoint)
      }
    case .add(let first, let second):
      let zero = graph.nodes[node.inputs[1]].zeroPoint
      return zip(x[0], x[1]).map { a, b in
        let sum =
          Int64(Int(a) - from.zeroPoint) * Int64(first) + Int64(Int(b) - zero) * Int64(second)
        return saturated(Int((sum + 1 << 19) >> 20) + node.zeroPoint)
      }
    case .concatenate:
      let columns = shape[shape.count - 1]
      let others = node.shape[node.shape.count - 1] - columns
      var result: [Int8] = []
      for row in 0..<x[0].count / columns {
        result += x[0][row * columns..<(row + 1) * columns]
        result += x[1][row * others..<(row + 1) * others]
      }
      return result
    }
  }

  /// What becomes of each window: its numbers joined one after the other to `start`, and what `end`
  /// makes of that.
  private static func pooled(
    _ x: [Int8], _ shape: [Int], _ output: [Int], _ size: Int, _ stride: Int, from start: Int,
    _ joined: (Int, Int) -> Int, _ end: (Int) -> Int8
  ) -> [Int8] {
    let (width, channels) = (shape[1], shape[2])
    var result: [Int8] = []
    result.reserveCapacity(output.reduce(1, *))
    for row in 0..<output[0] {
      for column in 0..<output[1] {
        let first = (row * stride * width + column * stride) * channels
        for channel in first..<first + channels {
          var value = start
          for place in 0..<size * size {
            value = joined(
              value, Int(x[channel + (place / size * width + place % size) * channels]))
          }
          result.append(end(value))
        }
      }
    }
    return result
  }
}

extension QuantizedLayer {
  /// Of numbers less their zero point, a row for each sum of all outputs.
  fileprivate func output(of x: [Int32], _ node: QuantizedNode) -> [Int8] {
    let count = weight.count / outputs
    let (numbers, factors) = (x.span, weight.span)
    return (0..<outputs).map { output in
      var sum = bias[output]
      let row = factors.extracting(output * count..<(output + 1) * count)
      for place in 0..<count { sum &+= numbers[place] &* Int32(row[place]) }
      return requantization[output].apply(sum, zeroPoint: node.zeroPoint)
    }
  }

  fileprivate func output(
    of x: [Int8], _ from: QuantizedNode, _ window: QuantizedWindow, to node: QuantizedNode
  ) -> [Int8] {
    let (height, width, channels) = (from.shape[0], from.shape[1], from.shape[2])
    let zero = Int32(from.zeroPoint)
    var result: [Int8] = []
    result.reserveCapacity(node.count)
    // What lies beyond the image is zero.
    var pixels = [Int32](repeating: 0, count: window.size * window.size * channels)
    for row in 0..<node.shape[0] {
      for column in 0..<node.shape[1] {
        for tap in 0..<window.size * window.size {
          let y = row * window.stride + tap / window.size - window.padding
          let across = column * window.stride + tap % window.size - window.padding
          let isInside = (0..<height).contains(y) && (0..<width).contains(across)
          let start = (y * width + across) * channels
          for channel in 0..<channels {
            pixels[tap * channels + channel] = isInside ? Int32(x[start + channel]) - zero : 0
          }
        }
        result += output(of: pixels, node)
      }
    }
    return result
  }
}
