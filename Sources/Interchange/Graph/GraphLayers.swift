import NN
import Tensor

// What each kind of layer computes in inference, as nodes of a graph. A new kind of layer adds its
// part here.

extension Conv2D: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    let layer = GraphConvolution(
      kernelSize: kernelSize, stride: stride, padding: padding,
      inputs: place.outline.inputShape[2], outputs: filters,
      weight: graph.values("\(place.name).weight"),
      bias: graph.values("\(place.name).bias", count: filters))
    return graph.add(place.name, .convolution(layer), place.input, shape: place.outputShape)
  }
}

extension Dense: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    let (inputs, outputs) = (place.outline.inputShape.array, place.outputShape)
    let layer = graph.dense(
      place.name, inputs: inputs[inputs.count - 1], outputs: outputs[outputs.count - 1])
    return graph.add(place.name, .dense(layer), place.input, shape: outputs)
  }
}

extension BatchNorm: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    let (gamma, beta) = (graph.values("\(place.name).weight"), graph.values("\(place.name).bias"))
    let mean = graph.values("\(place.name).running_mean")
    let variance = graph.values("\(place.name).running_var")
    let scale = zip(gamma, variance).map { $0 / ($1 + Float(epsilon)).squareRoot() }
    let shift = beta.indices.map { beta[$0] - mean[$0] * scale[$0] }
    // Whatever stands right before it in its chain is read by nobody else.
    if place.previous is Conv2D || place.previous is Dense {
      graph.fold(scale: scale, shift: shift, into: place.input)
      return place.input
    }
    return graph.add(
      place.name, .scaleShift(scale: scale, shift: shift), place.input, shape: place.outputShape)
  }
}

extension GroupNorm: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(
      place.name, .groupNorm(groups: groups, graph.normalization(place.name, epsilon)), place.input,
      shape: place.outputShape)
  }
}

extension LayerNorm: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(
      place.name, .layerNorm(graph.normalization(place.name, epsilon)), place.input,
      shape: place.outputShape)
  }
}

extension Activation: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(place.name, .activation(function), place.input, shape: place.outputShape)
  }
}

extension MaxPool: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(
      place.name, .maxPool(size: size, stride: stride), place.input, shape: place.outputShape)
  }
}

extension AvgPool: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(
      place.name, .averagePool(size: size, stride: stride), place.input, shape: place.outputShape)
  }
}

extension GlobalAvgPool: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(place.name, .mean, place.input, shape: place.outputShape)
  }
}

extension Flatten: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(place.name, .flatten(.channelsLast), place.input, shape: place.outputShape)
  }
}

/// In inference it does nothing.
extension Dropout: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int { place.input }
}

/// In inference it does nothing.
extension SpatialDropout: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int { place.input }
}

extension Residual: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) throws -> Int {
    let branches = place.outline.branches
    let body = try graph.add(branches[0].chain, named: place.name, to: place.input)
    let other =
      branches.count < 2
      ? place.input
      : try graph.add(
        branches[1].chain, named: "\(place.name).\(branches[1].prefix)", to: place.input)
    return graph.add(place.name, .add, body, other, shape: place.outputShape)
  }
}

extension Concatenate: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) throws -> Int {
    let body = try graph.add(
      place.outline.branches[0].chain, named: place.name, to: place.input)
    return graph.add(place.name, .concatenate, place.input, body, shape: place.outputShape)
  }
}

extension Patches: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    graph.add(place.name, .patches(size: size), place.input, shape: place.outputShape)
  }
}

extension PositionalEmbedding: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    let values = graph.values("\(place.name).weight")
    return graph.add(place.name, .addConstant(values), place.input, shape: place.outputShape)
  }
}

extension Attention: GraphLayer {
  func add(to graph: inout GraphBuilder, at place: GraphPlace) -> Int {
    let width = place.outputShape[1]
    let projection = GraphDense(
      inputs: width, outputs: 3 * width, weight: graph.values("\(place.name).in_proj_weight"),
      bias: graph.values("\(place.name).in_proj_bias"))
    let layer = GraphAttention(
      heads: heads, width: width, projection: projection,
      output: graph.dense("\(place.name).out_proj", inputs: width, outputs: width))
    return graph.add(place.name, .attention(layer), place.input, shape: place.outputShape)
  }
}

extension GraphBuilder {
  fileprivate func dense(_ name: String, inputs: Int, outputs: Int) -> GraphDense {
    GraphDense(
      inputs: inputs, outputs: outputs, weight: values("\(name).weight"),
      bias: values("\(name).bias", count: outputs))
  }

  fileprivate func normalization(_ name: String, _ epsilon: Double) -> GraphNormalization {
    GraphNormalization(
      epsilon: Float(epsilon), scale: values("\(name).weight"), shift: values("\(name).bias"))
  }
}
