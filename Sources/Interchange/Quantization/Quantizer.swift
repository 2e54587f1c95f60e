import Support
import Tensor

/// What numbers the outputs of a graph's nodes take on real images.
public struct ActivationRanges: Sendable {
  var lowest: [Float]
  var highest: [Float]

  /// The share of numbers that lie beyond, at each end.
  private static let beyond = 0.0001
  /// Numbers of a node that are looked at.
  private static let most = 200_000

  /// - Parameter images: raw pixels, 0 to 255, such as the network is used on.
  public init(of graph: InferenceGraph, on images: [[Float]]) {
    var samples = [[Float]](repeating: [], count: graph.nodes.count)
    let evaluator = GraphEvaluator(graph)
    for image in images {
      for (place, values) in evaluator.values(of: image).enumerated() {
        let step = max(1, values.count * images.count / Self.most)
        for index in stride(from: samples[place].count % step, to: values.count, by: step) {
          samples[place].append(values[index])
        }
      }
    }
    let sorted = samples.map { $0.sorted() }
    lowest = sorted.map { $0.isEmpty ? 0 : $0[Int(Self.beyond * Double($0.count))] }
    highest = sorted.map {
      $0.isEmpty ? 0 : $0[$0.count - 1 - Int(Self.beyond * Double($0.count))]
    }
  }
}

/// Makes a graph's numbers whole.
struct Quantizer {
  private let graph: InferenceGraph
  private let ranges: ActivationRanges
  private let consumers: [[Int]]
  /// The concatenation that a node's numbers end up in unchanged, so that they are at its scale from the
  /// start, as TensorFlow Lite's operator asks for.
  private let joined: [Int?]
  private var nodes: [QuantizedNode] = []
  /// The place of what each node of the graph became.
  private var places: [Int] = []

  init(_ graph: InferenceGraph, _ ranges: ActivationRanges) throws {
    (self.graph, self.ranges, consumers) = (graph, ranges, graph.consumers)
    joined = graph.concatenations
    for (place, node) in graph.nodes.enumerated() {
      places.append(try add(node, place))
    }
  }

  var result: QuantizedGraph { QuantizedGraph(nodes: nodes) }

  /// Adds what a node becomes.
  ///
  /// - Returns: its place.
  private mutating func add(_ node: GraphNode, _ place: Int) throws -> Int {
    func refusal(_ what: String) -> ExportError {
      .noWholeNumbers(layer: node.name, what: what)
    }
    guard node.shape.count != 2 else { throw refusal("one over tokens") }
    let inputs = node.inputs.map { places[$0] }
    let end = end(of: place)
    switch node.operation {
    case .image:
      guard case .scaleShift(let scale, let shift) = graph.nodes[1].operation else {
        preconditionFailure("the second node is not the normalization")
      }
      // A pixel p is p − 128 here, and stands for what the normalization makes of it.
      let zero = Int((-128 - Double(shift[0]) / Double(scale[0])).rounded())
      return push(node, .image, [], (scale[0], max(-128, min(127, zero))), source: 1)
    case .scaleShift where place == 1: return places[0]
    case .activation(let f):
      // It was done by the layer before.
      if f == .relu, isDoneBefore(place) { return inputs[0] }
      let to = fixedQuantization(f) ?? quantization(place)
      guard let formula = f.formula else { throw refusal("the activation '\(f.name)'") }
      let values = table(from: inputs[0], to: to) { formula.value(at: $0) }
      return push(node, .table(values, f), inputs, to, source: place)
    case .convolution(let layer):
      let window = QuantizedWindow(
        size: layer.kernelSize, stride: layer.stride, padding: layer.padding)
      let to = quantization(end)
      let quantized = quantize(layer.weight, layer.bias, from: inputs[0], to: to)
      return push(node, .convolution(quantized, window), inputs, to, source: end)
    case .dense(let layer):
      let to = quantization(end)
      let quantized = quantize(layer.weight, layer.bias, from: inputs[0], to: to)
      return push(node, .dense(quantized), inputs, to, source: end)
    case .scaleShift(let scale, let shift):
      let to = quantization(end)
      let quantized = quantize(scale, shift, from: inputs[0], to: to)
      return push(node, .scaleShift(quantized), inputs, to, source: end)
    case .maxPool(let size, let stride):
      let operation = QuantizedOperation.maxPool(size: size, stride: stride)
      return push(node, operation, inputs, kept(inputs[0]), source: place)
    case .averagePool(let size, let stride):
      let operation = QuantizedOperation.averagePool(size: size, stride: stride)
      return push(node, operation, inputs, kept(inputs[0]), source: place)
    case .flatten(.channelsLast):
      return push(node, .flatten, inputs, kept(inputs[0]), source: place)
    case .mean:
      let (from, to) = (nodes[inputs[0]], quantization(place))
      let factor = Double(from.scale) / (Double(to.scale) * Double(from.count / node.count))
      return push(node, .mean(Requantization(factor)), inputs, to, source: place)
    case .add:
      let to = quantization(end)
      let factors = inputs.map { input in
        Int32((Double(nodes[input].scale) / Double(to.scale) * 0x1p20).rounded())
      }
      return push(
        node, .add(first: factors[0], second: factors[1]), inputs, to, source: end)
    case .concatenate:
      let to = quantization(place)
      let scaled = inputs.enumerated().map { number, input in
        self.scaled(input, to, name: "\(node.name).part\(number + 1)")
      }
      return push(node, .concatenate, scaled, to, source: place)
    case .groupNorm: throw refusal("a group normalization")
    case .layerNorm: throw refusal("a layer normalization")
    case .flatten, .patches, .addConstant, .attention: throw refusal("one over tokens")
    }
  }

  private typealias Quantization = (scale: Float, zeroPoint: Int)

  /// - Parameter source: the node whose numbers the new one stands for.
  private mutating func push(
    _ node: GraphNode, _ operation: QuantizedOperation, _ inputs: [Int], _ to: Quantization,
    source: Int
  ) -> Int {
    nodes.append(
      QuantizedNode(
        name: node.name, operation: operation, inputs: inputs, shape: node.shape, scale: to.scale,
        zeroPoint: to.zeroPoint, source: source))
    return nodes.count - 1
  }

  /// The numbers of a node at another scale: the node itself where it has that one.
  private mutating func scaled(_ input: Int, _ to: Quantization, name: String) -> Int {
    guard kept(input) != to else { return input }
    let part = GraphNode(name: name, operation: .add, inputs: [], shape: nodes[input].shape)
    return push(
      part, .table(table(from: input, to: to) { $0 }, nil), [input], to,
      source: nodes[input].source)
  }

  private func kept(_ input: Int) -> Quantization { (nodes[input].scale, nodes[input].zeroPoint) }

  /// Whether a ReLU is all that reads the layer before it, whose range then begins with zero.
  private func isDoneBefore(_ place: Int) -> Bool {
    let before = graph.nodes[place].inputs[0]
    guard consumers[before].count == 1, before > 1 else { return false }
    switch graph.nodes[before].operation {
    case .convolution, .dense, .scaleShift, .add: return true
    default: return false
    }
  }

  /// The ReLU behind a layer that does it, or the layer itself.
  private func end(of place: Int) -> Int {
    if let next = consumers[place].first, case .activation(.relu) = graph.nodes[next].operation,
      isDoneBefore(next)
    {
      return next
    }
    return place
  }

  private func quantization(_ place: Int) -> Quantization {
    let place = joined[place] ?? place
    let (low, high) = (min(0, ranges.lowest[place]), max(0, ranges.highest[place]))
    let scale = high > low ? (high - low) / 255 : 1
    let zero = (-128 - Double(low) / Double(scale)).rounded()
    return (scale, Int(max(-128, min(127, zero))))
  }

  /// Functions of a known range have the quantization that TensorFlow Lite asks for.
  private func fixedQuantization(_ f: ActivationFunction) -> Quantization? {
    switch f.name {
    case "sigmoid": (1 / 256, -128)
    case "tanh": (1 / 128, 0)
    default: nil
    }
  }

  private func table(
    from input: Int, to: Quantization, _ body: (Double) -> Double
  ) -> [Int8] {
    (-128...127).map { number in
      let value = body(Double(nodes[input].scale) * Double(number - nodes[input].zeroPoint))
      return saturated(
        Int(max(-1e6, min(1e6, (value / Double(to.scale)).rounded()))) + to.zeroPoint)
    }
  }

  /// - Parameter weight: outputs innermost.
  private func quantize(
    _ weight: [Float], _ bias: [Float], from input: Int, to: Quantization
  ) -> QuantizedLayer {
    let outputs = bias.count
    var largest = [Float](repeating: 0, count: outputs)
    for (place, value) in weight.enumerated() {
      largest[place % outputs] = max(largest[place % outputs], abs(value))
    }
    let scales = largest.map { $0 > 0 ? $0 / 127 : 1 }
    let numbers = weight.enumerated().map { place, value in
      Int8(max(-127, min(127, (value / scales[place % outputs]).rounded())))
    }
    let from = Double(nodes[input].scale)
    return QuantizedLayer(
      weight: numbers.columnsFirst(outputs),
      bias: zip(bias, scales).map { bias, scale in
        let number = (Double(bias) / (from * Double(scale))).rounded()
        return Int32(max(-0x1p30, min(0x1p30, number)))
      },
      requantization: scales.map { Requantization(from * Double($0) / Double(to.scale)) },
      scales: scales)
  }
}

extension InferenceGraph {
  /// For each node the last concatenation that its numbers pass into, be it through others, through
  /// pooling or flattening; of two, the one that comes later in the graph.
  fileprivate var concatenations: [Int?] {
    var result = [Int?](repeating: nil, count: nodes.count)
    for place in nodes.indices.reversed() {
      switch nodes[place].operation {
      case .concatenate:
        for input in nodes[place].inputs { result[input] = result[input] ?? result[place] ?? place }
      case .maxPool, .averagePool, .flatten:
        let input = nodes[place].inputs[0]
        result[input] = result[input] ?? result[place]
      default: continue
      }
    }
    return result
  }
}

extension [Int8] {
  /// Rows of `columns` numbers made into columns.
  fileprivate func columnsFirst(_ columns: Int) -> [Int8] {
    let rows = count / columns
    return indices.map { self[$0 % rows * columns + $0 / rows] }
  }
}

extension QuantizedGraph {
  /// A graph in whole numbers, its ranges those of real images.
  ///
  /// - Throws: ``ExportError/noWholeNumbers(layer:what:)``.
  public init(_ graph: InferenceGraph, _ ranges: ActivationRanges) throws {
    self = try Quantizer(graph, ranges).result
  }
}
