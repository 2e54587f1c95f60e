import Tensor

/// Writes a network as a Core ML model of the type "neural network classifier": a grey image in, a
/// label and the probabilities of all labels out.
///
/// apple/coremltools, `Model.proto`, `FeatureTypes.proto` and `NeuralNetwork.proto`. Images within are
/// `[C, H, W]`.
struct CoreMLWriter {
  private(set) var layers: [ProtobufMessage] = []
  /// What the layers need of the format: 1, or 4 for GELU.
  private(set) var version = 1

  /// The file of a network.
  ///
  /// - Throws: ``ExportError/cannot(format:layer:what:)`` for what has no layer.
  static func file(of network: ExportedNetwork) throws -> [UInt8] {
    let graph = network.graph.flattenedChannelsFirst
    guard case .scaleShift(let scale, let shift) = graph.nodes[1].operation else {
      preconditionFailure("the second node is not the normalization")
    }
    var writer = CoreMLWriter()
    for node in graph.nodes.dropFirst(2) {
      // The image is normalized before it comes to the layers.
      let inputs = node.inputs.map { $0 == 1 ? "image" : graph.nodes[$0].name }
      try writer.add(node, inputs, graph.nodes[node.inputs[0]].shape)
    }
    var logits = graph.nodes[graph.nodes.count - 1].name
    if network.temperature != 1 {
      writer.addActivation("scaled", [logits], 5) { $0.add(1, 1 / network.temperature) }
      logits = "scaled"
    }
    writer.add("softmax", [logits], 175) { _ in }
    return ProtobufMessage { model in
      model.add(1, writer.version)
      model.add(2) { network.describe(into: &$0) }
      model.add(403) { classifier in
        for layer in writer.layers { classifier.add(1, bytes: layer.bytes) }
        classifier.add(2) { preprocessing in
          preprocessing.add(1, "image")
          preprocessing.add(10) {
            $0.add(10, scale[0])
            $0.add(30, shift[0])
          }
        }
        classifier.add(100) { for label in network.labels { $0.add(1, label) } }
        classifier.add(200, "softmax")
      }
    }.bytes
  }

  /// Adds a layer, whose output has its name.
  ///
  /// - Parameter kind: the field of its parameters.
  mutating func add(
    _ name: String, _ inputs: [String], _ kind: Int,
    _ parameters: (inout ProtobufMessage) -> Void
  ) {
    layers.append(
      ProtobufMessage { layer in
        layer.add(1, name)
        for input in inputs { layer.add(2, input) }
        layer.add(3, name)
        layer.add(kind, parameters)
      })
  }

  mutating func addActivation(
    _ name: String, _ inputs: [String], _ kind: Int,
    _ parameters: (inout ProtobufMessage) -> Void = { _ in }
  ) {
    add(name, inputs, 130) { $0.add(kind, parameters) }
  }
}

extension CoreMLWriter {
  /// Adds the layers of a node.
  ///
  /// - Parameter shape: of the first input, channels last.
  private mutating func add(_ node: GraphNode, _ x: [String], _ shape: [Int]) throws {
    func refusal(_ what: String) -> ExportError {
      .cannot(format: "coreml", layer: node.name, what: what)
    }
    guard shape.count != 2, node.shape.count != 2 else { throw refusal("one over tokens") }
    switch node.operation {
    case .scaleShift(let scale, let shift):
      addScaleShift(node.name, x, scale, shift)
    case .convolution(let layer): add(layer, node.name, x)
    case .dense(let layer):
      add(node.name, x, 140) {
        $0.add(1, layer.inputs)
        $0.add(2, layer.outputs)
        $0.add(10, true)
        $0.add(20) { $0.add(1, packed: layer.weight.transposed(columns: layer.outputs)) }
        $0.add(21) { $0.add(1, packed: layer.bias) }
      }
    case .activation(let function): try add(function, node.name, x)
    case .maxPool(let size, let stride): addPool(node.name, x, isMean: false, size, stride)
    case .averagePool(let size, let stride): addPool(node.name, x, isMean: true, size, stride)
    case .mean:
      add(node.name, x, 120) {
        $0.add(1, 1)
        $0.add(30) { _ in }
        $0.add(60, true)
      }
    case .flatten: add(node.name, x, 301) { _ in }
    case .add: add(node.name, x, 230) { _ in }
    case .concatenate: add(node.name, x, 320) { _ in }
    case .groupNorm(let groups, let norm): addNormalization(norm, groups: groups, node, x)
    case .layerNorm(let norm): addNormalization(norm, groups: 1, node, x)
    case .image, .patches, .addConstant, .attention: throw refusal("one over tokens")
    }
  }

  /// Adds a batch normalization, which of mean 0 and variance 1 is scale and shift.
  mutating func addScaleShift(
    _ name: String, _ x: [String], _ scale: [Float], _ shift: [Float]
  ) {
    let (zeros, ones) = (scale.map { _ in Float(0) }, scale.map { _ in Float(1) })
    add(name, x, 160) { layer in
      layer.add(1, scale.count)
      for (field, values) in zip(15..., [scale, shift, zeros, ones]) {
        layer.add(field) { $0.add(1, packed: values) }
      }
    }
  }

  private mutating func add(_ layer: GraphConvolution, _ name: String, _ x: [String]) {
    add(name, x, 100) { message in
      message.add(1, layer.outputs)
      message.add(2, layer.inputs)
      message.add(10, 1)
      message.add(20, packed: [layer.kernelSize, layer.kernelSize])
      message.add(30, packed: [layer.stride, layer.stride])
      message.add(40, packed: [1, 1])
      message.add(50) { valid in
        guard layer.padding > 0 else { return }
        valid.add(1) { amounts in
          for _ in 0..<2 {
            amounts.add(10) {
              $0.add(1, layer.padding)
              $0.add(2, layer.padding)
            }
          }
        }
      }
      message.add(70, true)
      message.add(90) {
        $0.add(
          1, packed: layer.weight.outputsFirst(inputs: layer.inputs, outputs: layer.outputs))
      }
      message.add(91) { $0.add(1, packed: layer.bias) }
    }
  }

  private mutating func addPool(
    _ name: String, _ x: [String], isMean: Bool, _ size: Int, _ stride: Int
  ) {
    add(name, x, 120) {
      if isMean { $0.add(1, 1) }
      $0.add(10, packed: [size, size])
      $0.add(20, packed: [stride, stride])
      $0.add(30) { _ in }
    }
  }

  private mutating func add(_ f: ActivationFunction, _ name: String, _ x: [String]) throws {
    switch f.name {
    case "relu": addActivation(name, x, 10)
    case "leaky_relu": addActivation(name, x, 15) { $0.add(1, f.parameter) }
    case "tanh": addActivation(name, x, 30)
    case "sigmoid": addActivation(name, x, 40)
    case "elu": addActivation(name, x, 50) { $0.add(1, f.parameter) }
    case "gelu", "gelu_tanh":
      version = 4
      add(name, x, 795) { if f.name == "gelu_tanh" { $0.add(1, 1) } }
    case "silu":
      addActivation("\(name)/sigmoid", x, 40)
      add(name, x + ["\(name)/sigmoid"], 231) { _ in }
    case "hard_swish":
      addActivation("\(name)/sigmoid", x, 41) {
        $0.add(1, 1 / 6 as Float)
        $0.add(2, 0.5 as Float)
      }
      add(name, x + ["\(name)/sigmoid"], 231) { _ in }
    case "mish":
      addActivation("\(name)/softplus", x, 70)
      addActivation("\(name)/tanh", ["\(name)/softplus"], 30)
      add(name, x + ["\(name)/tanh"], 231) { _ in }
    default:
      throw ExportError.cannot(format: "coreml", layer: name, what: "the activation '\(f.name)'")
    }
  }
}

extension ExportedNetwork {
  /// What goes in and comes out, for Core ML.
  fileprivate func describe(into message: inout ProtobufMessage) {
    message.add(1) { input in
      input.add(1, "image")
      input.add(2, "upright, ink bright on dark")
      input.add(3) {
        $0.add(4) {
          $0.add(1, graph.width)
          $0.add(2, graph.height)
          $0.add(3, 10)
        }
      }
    }
    message.add(10) { output in
      output.add(1, "label")
      output.add(3) { $0.add(3) { _ in } }
    }
    message.add(10) { output in
      output.add(1, "probabilities")
      output.add(3) { $0.add(6) { $0.add(2) { _ in } } }
    }
    message.add(11, "label")
    message.add(12, "probabilities")
    message.add(100) { metadata in
      metadata.add(1, summary)
      metadata.add(2, version)
      for (key, value) in facts {
        metadata.add(100) {
          $0.add(1, key)
          $0.add(2, value)
        }
      }
    }
  }
}
