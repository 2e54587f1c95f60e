/// Where the outputs of a graph's nodes lie in one piece of memory, one image at a time: what is read
/// no more makes room for what comes, and what can be computed in place is.
public struct BufferPlan: Sendable {
  /// Where each node's output begins, in numbers; `nil` for one that is not kept.
  public let places: [Int?]
  /// Numbers of the whole piece.
  public let size: Int

  /// What a node needs.
  struct Step {
    let inputs: [Int]
    /// The numbers of its output.
    let count: Int
    /// Whether each number depends on the one in its place alone.
    let worksInPlace: Bool
  }

  /// - Parameter skipped: nodes whose output somebody computes as it is read, such as the image.
  public init(_ graph: InferenceGraph, skipping skipped: Set<Int>) {
    self.init(
      graph.nodes.map {
        Step(inputs: $0.inputs, count: $0.count, worksInPlace: $0.operation.worksInPlace)
      }, skipping: skipped)
  }

  init(_ nodes: [Step], skipping skipped: Set<Int>) {
    var lastUse = nodes.indices.map { $0 }
    for (place, node) in nodes.enumerated() {
      for input in node.inputs { lastUse[input] = place }
    }
    lastUse[nodes.count - 1] = nodes.count
    var places = [Int?](repeating: nil, count: nodes.count)
    var size = 0
    for (place, node) in nodes.enumerated() where !skipped.contains(place) {
      if let input = node.inputs.first, node.worksInPlace, lastUse[input] == place,
        let start = places[input]
      {
        places[place] = start
        continue
      }
      // The first gap between what is still read.
      let live = nodes.indices.compactMap { other -> Range<Int>? in
        guard other < place, lastUse[other] >= place, let start = places[other] else { return nil }
        return start..<start + nodes[other].count
      }.sorted { $0.lowerBound < $1.lowerBound }
      var start = 0
      for range in live where range.lowerBound < start + node.count {
        start = max(start, range.upperBound)
      }
      places[place] = start
      size = max(size, start + node.count)
    }
    self.places = places
    self.size = size
  }
}

extension GraphOperation {
  /// Whether each number depends on the one in its place alone, so that it may take that one's place.
  var worksInPlace: Bool {
    switch self {
    case .scaleShift, .activation, .flatten(.channelsLast), .add, .addConstant: true
    default: false
    }
  }
}
