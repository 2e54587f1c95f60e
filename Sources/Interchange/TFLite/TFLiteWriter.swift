import Tensor

extension TFLiteModel {
  /// The network in floats: input `image` `[1, H, W, 1]`, 0 to 255, outputs `logits` and
  /// `probabilities` `[1, classes]`.
  ///
  /// - Throws: ``ExportError/cannot(format:layer:what:)`` for what has no operator.
  init(_ network: ExportedNetwork) throws {
    let graph = network.graph
    var builder = TFLiteBuilder()
    var values: [Int] = []
    for (place, node) in graph.nodes.enumerated() {
      let isLast = place == graph.nodes.count - 1
      let output = builder.add(isLast ? "logits" : node.name, [1] + node.shape)
      values.append(output)
      if let first = node.inputs.first {
        try builder.add(
          node, node.inputs.map { values[$0] }, graph.nodes[first].shape, to: output)
      }
    }
    let logits = values[values.count - 1]
    let probabilities = builder.add("probabilities", [1, graph.classes])
    builder.add(
      .softmax, [logits], to: probabilities, options: [0: .float(1 / network.temperature)])
    builder.finish(
      inputs: [values[0]], outputs: [logits, probabilities], network)
    self = builder.model
  }
}

extension ExportedNetwork {
  /// Name, program and classes in one line.
  var summary: String {
    "\(name), written by emnist \(version); classes: \(labels.joined(separator: " "))"
  }
}

extension TFLiteBuilder {
  /// Adds the operators of a node.
  ///
  /// - Parameter shape: of the first input.
  fileprivate mutating func add(_ node: GraphNode, _ x: [Int], _ shape: [Int], to y: Int) throws {
    func refusal(_ what: String) -> ExportError {
      .cannot(format: "tflite", layer: node.name, what: what)
    }
    guard shape.count != 2, node.shape.count != 2 else { throw refusal("one over tokens") }
    let name = node.name
    switch node.operation {
    case .image: return
    case .scaleShift(let scale, let shift):
      addScaleShift(name, scale, shift, x[0], to: y)
    case .convolution(let layer):
      let weight = constant(
        "\(name).weight", layer.weight.transposed(columns: layer.outputs),
        [layer.outputs, layer.kernelSize, layer.kernelSize, layer.inputs])
      add(
        .convolution,
        [
          addPadding(layer.padding, name, x[0]), weight,
          constant("\(name).bias", layer.bias, [layer.outputs]),
        ], to: y,
        options: [0: .byte(1), 1: .int32(layer.stride), 2: .int32(layer.stride), 3: .byte(0)])
    case .dense(let layer):
      let weight = constant(
        "\(name).weight", layer.weight.transposed(columns: layer.outputs),
        [layer.outputs, layer.inputs])
      add(
        .fullyConnected, [x[0], weight, constant("\(name).bias", layer.bias, [layer.outputs])],
        to: y, options: [0: .byte(0)])
    case .activation(let function): addActivation(function, x[0], to: y)
    case .maxPool(let size, let stride):
      add(.maxPool, x, to: y, options: Self.windowOptions(size, stride))
    case .averagePool(let size, let stride):
      add(.averagePool, x, to: y, options: Self.windowOptions(size, stride))
    case .mean:
      add(
        .mean, [x[0], constant("\(name)/axes", [1, 2] as [Int32])], to: y, options: [0: .byte(0)])
    case .flatten: addReshape(x[0], to: y)
    case .add: add(.add, x, to: y, options: [0: .byte(0)])
    case .concatenate:
      add(.concatenation, x, to: y, options: [0: .int32(shape.count), 1: .byte(0)])
    case .groupNorm(let groups, let norm): addNormalization(norm, groups: groups, node, x[0], to: y)
    case .layerNorm(let norm): addNormalization(norm, groups: 1, node, x[0], to: y)
    case .patches, .addConstant, .attention: throw refusal("one over tokens")
    }
  }
}

extension TFLiteModel {
  /// The network in whole numbers if it has them, else in floats.
  ///
  /// - Throws: ``ExportError/cannot(format:layer:what:)`` for what has no operator.
  init(exporting network: ExportedNetwork) throws {
    self =
      try network.quantized.map { try TFLiteModel(network, $0) } ?? TFLiteModel(network)
  }
}

extension NetworkFormat {
  /// TensorFlow Lite, for LiteRT and for TensorFlow Lite Micro.
  public static let tflite: NetworkFormat = {
    var format = NetworkFormat(
      name: "tflite", suffix: "tflite",
      usage: "input 'image' [1, H, W, 1], floats or pixels less 128; outputs 'logits' and "
        + "'probabilities'; RAM is the arena of TensorFlow Lite Micro"
    ) { network, _ in
      try TFLiteModel(exporting: network).encoded()
    } decode: { file, network in
      let model = try TFLiteModel(parsing: file.bytes, path: file.path)
      if let graph = network.quantized {
        return QuantizedEvaluator(try graph.replacing(model, path: file.path)).logits
      }
      return try TFLiteInterpreter(model, path: file.path).logits
    }
    format.choices = [.quantize]
    format.ramBytes = { network, _ in try? TFLiteModel(exporting: network).arenaBytes }
    return format
  }()
}
