import Tensor

extension TFLiteModel {
  /// The network in whole numbers of eight bits: input `image` `[1, H, W, 1]`, pixels less 128, outputs
  /// `logits` and `probabilities` `[1, classes]`.
  ///
  /// - Throws: ``ExportError/cannot(format:layer:what:)`` for what has no operator.
  init(_ network: ExportedNetwork, _ graph: QuantizedGraph) throws {
    var builder = TFLiteBuilder()
    var values: [Int] = []
    for (place, node) in graph.nodes.enumerated() {
      let isLast = place == graph.nodes.count - 1
      let output = builder.add(
        isLast ? "logits" : node.name, [1] + node.shape, .int8, node.quantization)
      values.append(output)
      if let first = node.inputs.first {
        try builder.add(node, node.inputs.map { values[$0] }, graph.nodes[first], to: output)
      }
    }
    let logits = values[values.count - 1]
    let probabilities = builder.add(
      "probabilities", [1, network.labels.count], .int8,
      TFLiteTensor.Quantization(scales: [1 / 256], zeroPoints: [-128]))
    builder.add(
      .softmax, [logits], to: probabilities, options: [0: .float(1 / network.temperature)])
    builder.finish(
      inputs: [values[0]], outputs: [logits, probabilities], network)
    self = builder.model
  }
}

extension QuantizedNode {
  fileprivate var quantization: TFLiteTensor.Quantization {
    TFLiteTensor.Quantization(scales: [scale], zeroPoints: [zeroPoint])
  }
}

extension TFLiteBuilder {
  fileprivate mutating func add(
    _ node: QuantizedNode, _ x: [Int], _ from: QuantizedNode, to y: Int
  ) throws {
    func refusal(_ what: String) -> ExportError {
      .cannot(format: "tflite", layer: node.name, what: what)
    }
    switch node.operation {
    case .image: return
    case .convolution(let layer, let window):
      let padded = addPadding(window.padding, node.name, x[0])
      let weights = constants(
        of: layer, node.name, [layer.outputs, window.size, window.size, from.shape[2]], from)
      add(
        .convolution, [padded] + weights, to: y,
        options: [0: .byte(1), 1: .int32(window.stride), 2: .int32(window.stride), 3: .byte(0)])
    case .dense(let layer):
      add(
        .fullyConnected,
        [x[0]] + constants(of: layer, node.name, [layer.outputs, from.count], from), to: y,
        options: [0: .byte(0)])
    case .scaleShift(let layer):
      guard from.shape.count == 3 else { throw refusal("a normalization of features") }
      let weights = constants(of: layer, node.name, [1, 1, 1, layer.outputs], axis: 3, from)
      add(
        .depthwiseConvolution, [x[0]] + weights, to: y,
        options: [0: .byte(1), 1: .int32(1), 2: .int32(1), 3: .int32(1), 4: .byte(0)])
    case .table(_, nil): add(.quantize, x, to: y)
    case .table(_, let function?) where function.name == "silu":
      let factor = add(
        "\(node.name)/sigmoid", [1] + node.shape, .int8,
        TFLiteTensor.Quantization(scales: [1 / 256], zeroPoints: [-128]))
      add(.logistic, x, to: factor)
      add(.multiply, [x[0], factor], to: y, options: [0: .byte(0)])
    case .table(_, let function?):
      guard Self.wholeActivations.contains(function.name) else {
        throw refusal("the activation '\(function.name)' in whole numbers")
      }
      addActivation(function, x[0], to: y)
    case .maxPool(let size, let stride):
      add(.maxPool, x, to: y, options: Self.windowOptions(size, stride))
    case .averagePool(let size, let stride):
      add(.averagePool, x, to: y, options: Self.windowOptions(size, stride))
    case .mean:
      add(
        .mean, [x[0], constant("\(node.name)/axes", [1, 2] as [Int32])], to: y,
        options: [0: .byte(0)])
    case .flatten: addReshape(x[0], to: y)
    case .add: add(.add, x, to: y, options: [0: .byte(0)])
    case .concatenate:
      add(.concatenation, x, to: y, options: [0: .int32(from.shape.count), 1: .byte(0)])
    }
  }

  /// The activations that are operators in whole numbers too.
  private static let wholeActivations: Set = [
    "relu", "leaky_relu", "sigmoid", "tanh", "elu", "hard_swish", "gelu", "gelu_tanh",
  ]

  /// Weights and biases.
  ///
  /// - Parameter axis: along which each place has a scale.
  private mutating func constants(
    of layer: QuantizedLayer, _ name: String, _ shape: [Int], axis: Int = 0, _ from: QuantizedNode
  ) -> [Int] {
    let zeros = layer.scales.map { _ in 0 }
    let weight = constant(
      "\(name).weight", layer.weight, shape,
      TFLiteTensor.Quantization(scales: layer.scales, zeroPoints: zeros, axis: axis))
    let bias = constant(
      "\(name).bias", layer.bias,
      quantization: TFLiteTensor.Quantization(
        scales: layer.scales.map { $0 * from.scale }, zeroPoints: zeros))
    return [weight, bias]
  }
}

extension QuantizedGraph {
  /// The same with the weights of a TensorFlow Lite file.
  ///
  /// - Throws: ``ExportError/unreadable(path:format:what:)`` where a tensor is missing.
  func replacing(_ model: TFLiteModel, path: String) throws -> QuantizedGraph {
    try replacing { layer, kind, count in
      let tensor = model.tensors.first { $0.name == "\(layer).\(kind)" }
      let numbers =
        tensor?.element == .int8
        ? tensor?.content?.map { Int32(Int8(bitPattern: $0)) } : tensor?.int32s.map { Int32($0) }
      guard let numbers, numbers.count == count else {
        throw ExportError.unreadable(
          path: path, format: "tflite", what: "it has no '\(layer).\(kind)' of \(count) numbers")
      }
      return numbers
    }
  }
}
