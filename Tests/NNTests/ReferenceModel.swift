import Tensor
import TestSupport

@testable import NN

/// A list of layers evaluated from their definitions, in double precision.
struct ReferenceModel {
  let layers: [any LayerDescription]
  let names: [String]
  let classes: Int
  let mode: Pass.Mode
  var seed: UInt64 = 0
  var step = 0

  /// The layers of `description`, for inputs of `inputShape`.
  init(
    _ description: ModelDescription, inputShape: Shape, classes: Int, mode: Pass.Mode = .training
  ) throws {
    layers = description.layers
    names = description.layerNames
    self.classes = classes
    self.mode = mode
  }

  /// The output for inputs `x` with these weights and running statistics, and how far the closest
  /// of all values is from a corner of an activation or a tie of a pooling window.
  func run(_ x: Reference, _ weights: [String: Reference]) -> (y: Reference, margin: Double) {
    var margin = Double.infinity
    return (run(layers, x, weights, prefix: "", index: 0, &margin), margin)
  }

  /// The output of layers whose names begin with `prefix` and of which the first has this index.
  private func run(
    _ layers: [any LayerDescription], _ x: Reference, _ weights: [String: Reference],
    prefix: String, index first: Int, _ margin: inout Double
  ) -> Reference {
    var (value, index) = (x, first)
    for (layer, name) in zip(layers, layers.layerNames) {
      let output = try? layer.outline(
        for: LayerInput(value.itemShape, classes: classes)
      ).outputShape
      let inner = "\(prefix)\(name)."
      switch layer {
      case let layer as Residual:
        let body = run(layer.layers, value, weights, prefix: inner, index: index + 1, &margin)
        let other = run(
          layer.shortcut ?? [], value, weights, prefix: "\(inner)shortcut.",
          index: index + 1 + layer.layers.layerCount, &margin)
        value = sum(body, rate: layer.dropPath, index: index, other)
      case let layer as Concatenate:
        let body = run(layer.layers, value, weights, prefix: inner, index: index + 1, &margin)
        value = concatenated(value, body)
      default:
        value = run(layer, value, index: index, &margin) { weights[inner + $0] }
      }
      if let output { value = Reference(value.values, shape: output.batched(x.shape[0])) }
      index += layer.layerCount
    }
    return value
  }

  private func run(
    _ layer: any LayerDescription, _ x: Reference, index: Int, _ margin: inout Double,
    _ weight: (String) -> Reference?
  ) -> Reference {
    var value = x
    switch layer {
    case is Dense:
      guard let w = weight("weight") else { break }
      value = matmulReference(value, w, bias: weight("bias"))
    case let layer as Conv2D:
      guard let w = weight("weight"), let g = try? layer.geometry(for: value.itemShape) else {
        break
      }
      value = convolutionReference(value, w, g, bias: weight("bias"))
    case let layer as MaxPool:
      let g = value.pooling(layer.size, layer.stride)
      margin = min(margin, value.smallestLead(g))
      value = maxPoolReference(value, g).y
    case let layer as AvgPool:
      value = averagePoolReference(value, value.pooling(layer.size, layer.stride))
    case is GlobalAvgPool where value.shape.rank == 3: value = meanOfTokens(value)
    case is GlobalAvgPool where value.shape[1] != value.shape[2]: value = meanOfTokens(value)
    case is GlobalAvgPool:
      let side = value.shape[1]
      value = averagePoolReference(value, value.pooling(side, side))
    case let layer as Activation:
      for corner in layer.function.kind.corners.map(Double.init) {
        margin = value.values.reduce(margin) { min($0, abs($1 - corner)) }
      }
      value.values = value.values.map(layer.function.reference)
    case let layer as Dropout where mode == .training:
      value = dropped(value, rate: layer.rate, index: index)
    case let layer as BatchNorm:
      value = normalized(value, layer, weight)
    case let layer as SpatialDropout where mode == .training:
      value = dropped(value, rate: layer.rate, index: index, wholeChannels: true)
    case let layer as GroupNorm:
      guard let gamma = weight("weight"), let beta = weight("bias") else { break }
      value = groupNormReference(
        value, groups: layer.groups, gamma: gamma, beta: beta, epsilon: layer.epsilon)
    default: value = runOnTokens(layer, value, weight)
    }
    return value
  }

  private func runOnTokens(
    _ layer: any LayerDescription, _ x: Reference, _ weight: (String) -> Reference?
  ) -> Reference {
    switch layer {
    case let layer as LayerNorm:
      guard let gamma = weight("weight"), let beta = weight("bias") else { return x }
      return LayerNormReference(x, gamma: gamma, beta: beta, epsilon: layer.epsilon).y
    case let layer as Patches: return patches(x, layer.size)
    case is PositionalEmbedding:
      guard let places = weight("weight")?.values else { return x }
      let values = x.values.enumerated().map { $1 + places[$0 % places.count] }
      return Reference(values, shape: x.shape)
    case let layer as Attention:
      guard let w = weight("in_proj_weight"), let b = weight("in_proj_bias"),
        let outer = weight("out_proj.weight"), let bias = weight("out_proj.bias")
      else { return x }
      let projected = matmulReference(x, w, bias: b)
      let shape = Shape(x.shape[0], x.shape[1], 3 * x.columns)
      let mixed = AttentionReference(
        Reference(projected.values, shape: shape), heads: layer.heads)
      return matmulReference(mixed.output, outer, bias: bias)
    default: return x
    }
  }

  private func patches(_ x: Reference, _ size: Int) -> Reference {
    let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
    var values: [Double] = []
    for item in 0..<x.shape[0] {
      for patch in 0..<height / size * (width / size) {
        let (top, left) = (patch / (width / size) * size, patch % (width / size) * size)
        for row in top..<top + size {
          let start = ((item * height + row) * width + left) * channels
          values += x.values[start..<start + size * channels]
        }
      }
    }
    return Reference(values, shape: [values.count])
  }

  private func meanOfTokens(_ x: Reference) -> Reference {
    let columns = x.columns
    let tokens = x.values.count / x.shape[0] / columns
    var mean = Reference(zeros: [x.shape[0], columns])
    for (index, value) in x.values.enumerated() {
      let place = index / (tokens * columns) * columns + index % columns
      mean.add(value / Double(tokens), at: place)
    }
    return mean
  }

  /// The sum of both branches, the first one dropped for some items of the batch.
  private func sum(_ body: Reference, rate: Double, index: Int, _ other: Reference) -> Reference {
    let items = body.shape[0]
    var mask = [UInt8](repeating: 1, count: items)
    if mode == .training, rate > 0 {
      mask = dropoutMaskReference(
        count: items, rate: rate, seed: seed, step: step, layer: index)
    }
    let size = body.values.count / items
    let factor = mode == .training ? 1 / (1 - rate) : 1
    let values = body.values.indices.map {
      body.values[$0] * Double(mask[$0 / size]) * factor + other.values[$0]
    }
    return Reference(values, shape: body.shape)
  }

  private func concatenated(_ a: Reference, _ b: Reference) -> Reference {
    var values: [Double] = []
    for row in 0..<a.rows {
      values += a.values[row * a.columns..<(row + 1) * a.columns]
      values += b.values[row * b.columns..<(row + 1) * b.columns]
    }
    return Reference(values, shape: [a.rows, a.columns + b.columns])
  }

  private func dropped(
    _ x: Reference, rate: Double, index: Int, wholeChannels: Bool = false
  ) -> Reference {
    let (channels, size) = (x.columns, x.values.count / x.shape[0])
    let mask = dropoutMaskReference(
      count: wholeChannels ? x.shape[0] * channels : x.values.count, rate: rate, seed: seed,
      step: step, layer: index)
    let values = x.values.indices.map {
      let place = wholeChannels ? $0 / size * channels + $0 % channels : $0
      return x.values[$0] * Double(mask[place]) / (1 - rate)
    }
    return Reference(values, shape: x.shape)
  }

  private func normalized(
    _ x: Reference, _ layer: BatchNorm, _ weight: (String) -> Reference?
  ) -> Reference {
    guard let gamma = weight("weight"), let beta = weight("bias") else { return x }
    if mode == .training, !layer.frozen {
      return BatchNormReference(
        x, gamma: gamma, beta: beta, epsilon: layer.epsilon, rectifying: false
      ).y
    }
    guard let mean = weight("running_mean"), let variance = weight("running_var") else { return x }
    let values = x.values.enumerated().map { index, value in
      let channel = index % x.columns
      return gamma.values[channel] * (value - mean.values[channel])
        / (variance.values[channel] + layer.epsilon).squareRoot() + beta.values[channel]
    }
    return Reference(values, shape: x.shape)
  }
}

extension Reference {
  /// The shape of one item of a batch.
  fileprivate var itemShape: Shape { Shape(shape.array.dropFirst()) }

  fileprivate func pooling(_ size: Int, _ stride: Int) -> PoolingGeometry {
    PoolingGeometry(
      height: shape[1], width: shape[2], channels: shape[3], size: size, stride: stride)
  }

  /// The smallest distance between the largest value of a window and the next one.
  fileprivate func smallestLead(_ g: PoolingGeometry) -> Double {
    var lead = Double.infinity
    let (best, choices) = maxPoolReference(self, g)
    for output in best.values.indices {
      let (pixel, channel) = output.quotientAndRemainder(dividingBy: g.channels)
      let (line, x) = pixel.quotientAndRemainder(dividingBy: g.outputWidth)
      let (image, y) = line.quotientAndRemainder(dividingBy: g.outputHeight)
      for position in 0..<g.size * g.size where position != Int(choices[output]) {
        let row = image * g.height + y * g.stride + position / g.size
        let column = x * g.stride + position % g.size
        let value = values[(row * g.width + column) * g.channels + channel]
        // Rectified values that tie at zero stay there.
        if value == 0, best.values[output] == 0 { continue }
        lead = min(lead, best.values[output] - value)
      }
    }
    return lead
  }
}
