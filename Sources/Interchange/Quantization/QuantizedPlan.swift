import Tensor

/// A quantized graph made ready for batches of images: what ``QuantizedEvaluator`` defines, to the last
/// bit, computed by a device's kernels.
public struct QuantizedPlan {
  public let graph: QuantizedGraph
  private let device: Device
  /// The packed weights of each node that has a sum over its inputs.
  private let layers: [ByteLayer?]
  /// The last node that reads each node's output.
  private let lastReaders: [Int]
  /// Images that are computed together, so that the largest outputs of a batch take some megabytes.
  private let batch: Int

  public init(_ graph: QuantizedGraph, on device: Device) {
    (self.graph, self.device) = (graph, device)
    layers = graph.nodes.map { ByteLayer($0, in: graph, on: device) }
    var lastReaders = Array(graph.nodes.indices)
    for (place, node) in graph.nodes.enumerated() {
      for input in node.inputs { lastReaders[input] = place }
    }
    self.lastReaders = lastReaders
    batch = max(16, min(256, 4_000_000 / max(1, graph.nodes.map(\.count).max() ?? 1)))
  }

  /// The logits of images of raw pixels, `[N, H, W]`, as `[N, C]`.
  public func logits(of pixels: [UInt8]) -> [Float] {
    let size = graph.nodes[0].count
    var result: [Float] = []
    for first in stride(from: 0, to: pixels.count, by: batch * size) {
      result += logits(ofBatch: pixels[first..<min(first + batch * size, pixels.count)])
    }
    return result
  }

  private func logits(ofBatch pixels: ArraySlice<UInt8>) -> [Float] {
    let count = pixels.count / graph.nodes[0].count
    var values = [[Int8]](repeating: [], count: graph.nodes.count)
    for (place, node) in graph.nodes.enumerated() {
      values[place] =
        node.inputs.isEmpty
        ? pixels.map { Int8(truncatingIfNeeded: Int($0) - 128) }
        : output(of: place, node.inputs.map { values[$0] }, count)
      for input in node.inputs where lastReaders[input] == place { values[input] = [] }
    }
    let last = graph.nodes.count - 1
    return graph.nodes[last].floats(values[last])
  }

  /// What a node makes of its inputs for a batch.
  private func output(of place: Int, _ x: [[Int8]], _ count: Int) -> [Int8] {
    let node = graph.nodes[place]
    let from = graph.nodes[node.inputs[0]]
    if let layer = layers[place] { return device.apply(layer, to: x[0], count: count) }
    let evaluator = QuantizedEvaluator(graph)
    switch node.operation {
    case .maxPool(let size, let stride):
      return device.maxPool(
        x[0], count: count,
        PoolingGeometry(
          height: from.shape[0], width: from.shape[1], channels: from.shape[2], size: size,
          stride: stride))
    case .averagePool, .mean:
      return (0..<count).flatMap { image in
        evaluator.output(
          of: node, [Array(x[0][image * from.count..<(image + 1) * from.count])], from)
      }
    // They look at each number, or at each row of channels, for itself.
    case .image, .flatten, .table, .scaleShift, .add, .concatenate, .convolution, .dense:
      return evaluator.output(of: node, x, from)
    }
  }
}

extension ByteLayer {
  /// The layer of a node, if it is one.
  fileprivate init?(_ node: QuantizedNode, in graph: QuantizedGraph, on device: Device) {
    guard let input = node.inputs.first else { return nil }
    let from = graph.nodes[input]
    switch node.operation {
    case .convolution(let layer, let window):
      self.init(
        layer, from, node,
        ConvolutionGeometry(
          height: from.shape[0], width: from.shape[1], channels: from.shape[2],
          filters: layer.outputs, kernelSize: window.size, stride: window.stride,
          padding: window.padding), on: device)
    case .dense(let layer):
      self.init(
        layer, from, node,
        ConvolutionGeometry(
          height: 1, width: 1, channels: from.count, filters: layer.outputs, kernelSize: 1),
        on: device)
    default: return nil
    }
  }

  private init(
    _ layer: QuantizedLayer, _ from: QuantizedNode, _ node: QuantizedNode,
    _ geometry: ConvolutionGeometry, on device: Device
  ) {
    self.init(
      weight: layer.weight, bias: layer.bias,
      multipliers: layer.requantization.map(\.multiplier),
      shifts: layer.requantization.map(\.shift), inputZero: from.zeroPoint,
      outputZero: node.zeroPoint, geometry, for: device)
  }
}
