import Tensor

extension InferenceGraph {
  /// The same network for formats whose images are `[C, H, W]`: a flattened image has a channel after
  /// the other, and what reads it has its weights in that order.
  var flattenedChannelsFirst: InferenceGraph {
    var graph = self
    // The shape of the image whose numbers a node has in another order now.
    var images = [[Int]?](repeating: nil, count: nodes.count)
    for (place, node) in nodes.enumerated() {
      let image = node.inputs.first.flatMap { images[$0] }
      switch node.operation {
      case .flatten:
        let shape = nodes[node.inputs[0]].shape
        guard shape.count == 3, shape[0] * shape[1] > 1, shape[2] > 1 else { continue }
        images[place] = shape
        graph.nodes[place].operation = .flatten(.channelsFirst)
      case .dense(var layer):
        guard let image else { continue }
        layer.weight = layer.weight.reordered(image, rows: layer.outputs)
        graph.nodes[place].operation = .dense(layer)
      case .scaleShift(let scale, let shift):
        guard let image else { continue }
        images[place] = image
        graph.nodes[place].operation = .scaleShift(
          scale: scale.reordered(image), shift: shift.reordered(image))
      case .layerNorm(var norm):
        guard let image else { continue }
        images[place] = image
        norm.scale = norm.scale.reordered(image)
        norm.shift = norm.shift.reordered(image)
        graph.nodes[place].operation = .layerNorm(norm)
      case .activation: images[place] = image
      // All others refuse to stand behind a flattened image, or read single numbers of it.
      default: precondition(image == nil, "'\(node.name)' reads a flattened image")
      }
    }
    return graph
  }
}

extension [Float] {
  /// Rows of `rows` numbers for each number of an image `[H, W, C]`, a channel after the other.
  fileprivate func reordered(_ image: [Int], rows count: Int = 1) -> [Float] {
    let (pixels, channels) = (image[0] * image[1], image[2])
    return (0..<pixels * channels).flatMap { place in
      let row = place % pixels * channels + place / pixels
      return self[row * count..<(row + 1) * count]
    }
  }
}
