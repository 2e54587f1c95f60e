import Support

/// What each layer of a quantized network costs by itself: it alone computes in whole numbers, of
/// inputs that are rounded to their scale, and all others compute in floats.
public struct QuantizationLoss: Sendable {
  public struct Layer: Sendable {
    public let name: String
    /// What a step of its output stands for.
    public let scale: Float
    /// Of the logits, in decibels: `10 · log10(Σ z² / Σ (z − z′)²)`; infinite if none differs.
    public let signalToNoise: Double
    /// The share of images whose most probable class becomes another.
    public let changedAnswers: Double
  }

  /// How many images were looked at.
  public let count: Int
  /// In the network's order, but for layers that only move numbers.
  public let layers: [Layer]

  /// The layer that lost most, which is the one with the lowest signal-to-noise ratio.
  public var worst: Layer? { layers.min { $0.signalToNoise < $1.signalToNoise } }

  /// Multiply-adds that plain loops do in some seconds.
  private static let work = 2_000_000_000
  private static let fewest = 8

  /// - Parameter images: raw pixels, 0 to 255; of a large network only the first of them are used.
  public init(_ quantized: QuantizedGraph, of graph: InferenceGraph, on images: [[Float]]) {
    let places = quantized.nodes.indices.filter { quantized.nodes[$0].operation.isRounded }
    // Of all layers behind one, half of the network has to be computed on average.
    let each = boundedProduct(max(1, graph.multiplyAdds), places.count + 4)
    let used = images.prefix(max(Self.fewest, Self.work / each * 2))
    var sums = [Sum](repeating: Sum(), count: places.count)
    let (evaluator, whole) = (GraphEvaluator(graph), QuantizedEvaluator(quantized))
    for pixels in used {
      let values = evaluator.values(of: pixels)
      for (number, place) in places.enumerated() {
        let node = quantized.nodes[place]
        let inputs = node.inputs.map { quantized.nodes[$0] }
        let output = whole.output(
          of: node, inputs.map { $0.quantized(values[$0.source]) }, inputs[0])
        let logits = evaluator.logits(
          from: values, replacing: node.source, by: node.floats(output))
        sums[number].add(values[values.count - 1], logits)
      }
    }
    count = used.count
    layers = zip(places, sums).map { place, sum in
      Layer(
        name: quantized.nodes[place].name, scale: quantized.nodes[place].scale,
        signalToNoise: sum.decibels,
        changedAnswers: Double(sum.changed) / Double(max(1, used.count)))
    }
  }

  /// What was seen of a layer.
  private struct Sum {
    var signal = 0.0
    var noise = 0.0
    var changed = 0

    mutating func add(_ wanted: [Float], _ found: [Float]) {
      for (z, other) in zip(wanted, found) {
        let difference = Double(z) - Double(other)
        signal += Double(z) * Double(z)
        noise += difference * difference
      }
      if wanted.firstOfLargest != found.firstOfLargest { changed += 1 }
    }

    var decibels: Double {
      noise > 0 ? 10 * logarithm(signal / noise) / logarithm(10) : .infinity
    }
  }
}

extension QuantizedOperation {
  /// Whether it gives other numbers than floats would, and is not a part of another operation.
  fileprivate var isRounded: Bool {
    switch self {
    case .image, .flatten, .maxPool, .table(_, nil): false
    default: true
    }
  }
}

extension [Float] {
  /// Where the largest number stands, the first if there are several.
  public var firstOfLargest: Int? {
    indices.max { self[$0] < self[$1] || self[$0] == self[$1] && $0 > $1 }
  }
}
