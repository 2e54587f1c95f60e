import Tensor

extension ONNXModel {
  /// The network with the image as input, `[N, H, W]`, and the outputs `logits` and `probabilities`,
  /// `[N, classes]`.
  init(_ network: ExportedNetwork, _ options: ExportOptions) {
    let graph = network.graph.flattenedChannelsFirst
    var builder = ONNXBuilder(name: network.name)
    var values: [String] = []
    for node in graph.nodes {
      let inputs = node.inputs.map { values[$0] }
      let shape = node.inputs.first.map { graph.nodes[$0].shape } ?? node.shape
      values.append(
        inputs.isEmpty
          ? builder.addImage(node.shape, options) : builder.add(node, inputs, shape))
    }
    builder.renameLast("logits")
    let judged =
      network.temperature == 1
      ? "logits" : builder.add("Div", "scaled", "logits", builder.constant(network.temperature))
    _ = builder.add("Softmax", "probabilities", judged, attributes: ["axis": .integer(-1)])
    for output in ["logits", "probabilities"] {
      builder.addOutput(output, shape: [graph.classes])
    }
    builder.addMetadata(
      network.facts + [
        ("Image.BitmapPixelFormat", "Gray8"), ("Image.NominalPixelRange", "NominalRange_0_255"),
      ])
    self = builder.model
  }
}

extension ONNXBuilder {
  /// Adds the input, as an image of one channel in floats.
  fileprivate mutating func addImage(_ shape: [Int], _ options: ExportOptions) -> String {
    addInput(
      "image", options.takesFloats ? .float : .uint8,
      shape: options.transposes ? [shape[1], shape[0]] : [shape[0], shape[1]])
    var image = "image"
    if !options.takesFloats {
      image = add("Cast", "image/float", image, attributes: ["to": .integer(1)])
    }
    if options.transposes {
      image = add("Transpose", "image/upright", image, attributes: ["perm": .integers([0, 2, 1])])
    }
    return add("Unsqueeze", "image/channel", image, constant([1]))
  }

  /// Adds the operators of a node.
  ///
  /// - Parameter shape: that of the first input, without the batch, channels last.
  fileprivate mutating func add(_ node: GraphNode, _ x: [String], _ shape: [Int]) -> String {
    let name = node.name
    switch node.operation {
    case .image: return x[0]
    case .scaleShift(let scale, let shift):
      let extents = shape.count == 3 ? [scale.count, 1, 1] : [scale.count]
      let scaled = add("Mul", "\(name)/scaled", x[0], constant("\(name).scale", scale, extents))
      return add("Add", name, scaled, constant("\(name).shift", shift, extents))
    case .convolution(let layer): return add(layer, name, x[0])
    case .dense(let layer): return add(layer, name, x[0], isOfTokens: shape.count == 2)
    case .activation(let function): return addActivation(function, name, x[0])
    case .maxPool(let size, let stride): return addPool("MaxPool", name, x[0], size, stride)
    case .averagePool(let size, let stride): return addPool("AveragePool", name, x[0], size, stride)
    case .mean:
      guard shape.count == 3 else {
        return add(
          "ReduceMean", name, x[0], attributes: ["axes": .integers([1]), "keepdims": .integer(0)])
      }
      return add("Flatten", name, add("GlobalAveragePool", "\(name)/mean", x[0]))
    case .flatten: return add("Flatten", name, x[0], attributes: ["axis": .integer(1)])
    case .add: return add("Add", name, x[0], x[1])
    case .concatenate:
      return add(
        "Concat", name, x[0], x[1], attributes: ["axis": .integer(shape.count == 2 ? 2 : 1)])
    case .groupNorm(let groups, let norm): return add(norm, groups, name, x[0], shape)
    case .layerNorm(let norm):
      return add(
        "LayerNormalization", name, x[0],
        constant("\(name).weight", norm.scale, [norm.scale.count]),
        constant("\(name).bias", norm.shift, [norm.shift.count]),
        attributes: ["axis": .integer(-1), "epsilon": .float(norm.epsilon)])
    case .patches(let size): return addPatches(size, name, x[0], shape)
    case .addConstant(let values):
      return add("Add", name, x[0], constant("\(name).weight", values, shape))
    case .attention(let layer): return add(layer, name, x[0], tokens: shape[0])
    }
  }

  private mutating func add(_ layer: GraphConvolution, _ name: String, _ x: String) -> String {
    let size = layer.kernelSize
    return add(
      "Conv", name, x,
      constant(
        "\(name).weight", layer.weight.outputsFirst(inputs: layer.inputs, outputs: layer.outputs),
        [layer.outputs, layer.inputs, size, size]),
      constant("\(name).bias", layer.bias, [layer.outputs]),
      attributes: [
        "kernel_shape": .integers([size, size]),
        "pads": .integers([Int](repeating: layer.padding, count: 4)),
        "strides": .integers([layer.stride, layer.stride]),
      ])
  }

  private mutating func add(
    _ layer: GraphDense, _ name: String, _ x: String, isOfTokens: Bool
  ) -> String {
    let bias = constant("\(name).bias", layer.bias, [layer.outputs])
    if isOfTokens {
      let weight = constant("\(name).weight", layer.weight, [layer.inputs, layer.outputs])
      return add("Add", name, add("MatMul", "\(name)/product", x, weight), bias)
    }
    let weight = constant(
      "\(name).weight", layer.weight.transposed(columns: layer.outputs),
      [layer.outputs, layer.inputs])
    return add("Gemm", name, x, weight, bias, attributes: ["transB": .integer(1)])
  }

  private mutating func addPool(
    _ type: String, _ name: String, _ x: String, _ size: Int, _ stride: Int
  ) -> String {
    add(
      type, name, x,
      attributes: [
        "kernel_shape": .integers([size, size]), "strides": .integers([stride, stride]),
      ])
  }

  /// Instance normalization of the groups, each as one channel.
  private mutating func add(
    _ norm: GraphNormalization, _ groups: Int, _ name: String, _ x: String, _ shape: [Int]
  ) -> String {
    let (swap, channels): (ONNXAttribute, _) = (.integers([0, 2, 1]), norm.scale.count)
    let isOfTokens = shape.count == 2
    let input =
      isOfTokens ? add("Transpose", "\(name)/channels", x, attributes: ["perm": swap]) : x
    let rows = add("Reshape", "\(name)/groups", input, constant([0, groups, -1]))
    let (ones, zeros) = (
      constant("\(name).ones", [Float](repeating: 1, count: groups), [groups]),
      constant("\(name).zeros", [Float](repeating: 0, count: groups), [groups])
    )
    let normalized = add(
      "InstanceNormalization", "\(name)/normalized", rows, ones, zeros,
      attributes: ["epsilon": .float(norm.epsilon)])
    let extents = shape.count == 1 ? [channels] : [channels] + shape.dropLast()
    var whole = add("Reshape", "\(name)/whole", normalized, constant([0] + extents))
    if isOfTokens {
      whole = add("Transpose", "\(name)/tokens", whole, attributes: ["perm": swap])
    }
    let vector = shape.count == 3 ? [channels, 1, 1] : [channels]
    let scaled = add(
      "Mul", "\(name)/scaled", whole, constant("\(name).weight", norm.scale, vector))
    return add("Add", name, scaled, constant("\(name).bias", norm.shift, vector))
  }

  private mutating func addPatches(
    _ size: Int, _ name: String, _ x: String, _ shape: [Int]
  ) -> String {
    let (rows, columns, channels) = (shape[0] / size, shape[1] / size, shape[2])
    let cut = add(
      "Reshape", "\(name)/cut", x, constant([0, channels, rows, size, columns, size]))
    let ordered = add(
      "Transpose", "\(name)/ordered", cut, attributes: ["perm": .integers([0, 2, 4, 3, 5, 1])])
    return add(
      "Reshape", name, ordered, constant([0, rows * columns, size * size * channels]))
  }

  private mutating func add(
    _ layer: GraphAttention, _ name: String, _ x: String, tokens: Int
  ) -> String {
    let (width, size) = (layer.width, layer.width / layer.heads)
    let heads = constant([0, tokens, layer.heads, size])
    let parts = ["query", "key", "value"].enumerated().map { number, part in
      let product = add(
        "MatMul", "\(name)/\(part)/product", x,
        constant(
          "\(name).\(part).weight", layer.projection.columns(number * width, width), [width, width])
      )
      let bias = Array(layer.projection.bias[number * width..<(number + 1) * width])
      let sum = add(
        "Add", "\(name)/\(part)", product, constant("\(name).\(part).bias", bias, [width]))
      return add(
        "Transpose", "\(name)/\(part)/heads", add("Reshape", "\(name)/\(part)/split", sum, heads),
        attributes: ["perm": .integers(part == "key" ? [0, 2, 3, 1] : [0, 2, 1, 3])])
    }
    let scores = add(
      "Div", "\(name)/scores", add("MatMul", "\(name)/scores/product", parts[0], parts[1]),
      constant(Float(size).squareRoot()))
    let weights = add("Softmax", "\(name)/weights", scores, attributes: ["axis": .integer(-1)])
    let mixed = add(
      "Transpose", "\(name)/mixed/tokens", add("MatMul", "\(name)/mixed", weights, parts[2]),
      attributes: ["perm": .integers([0, 2, 1, 3])])
    return add(
      layer.output, "\(name).out_proj",
      add("Reshape", "\(name)/mixed/joined", mixed, constant([0, tokens, width])), isOfTokens: true)
  }
}

extension GraphDense {
  /// Some columns of the weights, `[inputs, count]`.
  fileprivate func columns(_ first: Int, _ count: Int) -> [Float] {
    (0..<inputs).flatMap { weight[$0 * outputs + first..<$0 * outputs + first + count] }
  }
}

extension [Float] {
  /// A convolution's weights `[R, S, C, K]` as `[K, C, R, S]`.
  func outputsFirst(inputs: Int, outputs: Int) -> [Float] {
    let taps = count / (inputs * outputs)
    return indices.map { place in
      let (kernel, tap) = place.quotientAndRemainder(dividingBy: taps)
      return self[(tap * inputs + kernel % inputs) * outputs + kernel / inputs]
    }
  }
}
