extension NetworkFormat {
  /// A C99 program for any machine, microcontrollers too.
  public static let c: NetworkFormat = {
    var format = NetworkFormat(
      name: "c", suffix: "c",
      usage:
        "emnist_classify(pixels) gives the index of a class, for uint8_t pixels[HEIGHT * WIDTH]"
    ) { network, _ in
      if let graph = network.quantized { return Array(CSource.text(of: network, graph).utf8) }
      return Array(try CSource.text(of: network).utf8)
    } decode: { file, network in
      let numbers = CNumbers(file.bytes, path: file.path)
      if let graph = network.quantized {
        return QuantizedEvaluator(try graph.replacing(numbers)).logits
      }
      return GraphEvaluator(try network.graph.replacing(numbers)).logits
    }
    format.choices = [.quantize]
    format.ramBytes = { network, _ in
      network.quantized?.plan.size ?? 4 * CSource.plan(of: network.graph).0.size
    }
    return format
  }()
}

extension InferenceGraph {
  /// The same layers with the numbers that a program holds.
  ///
  /// - Throws: ``ExportError/unreadable(path:format:what:)`` where one is missing.
  fileprivate func replacing(_ numbers: CNumbers) throws -> InferenceGraph {
    var graph = self
    for (place, node) in nodes.enumerated() {
      func read(_ kind: String, _ old: [Float]) throws -> [Float] {
        try numbers.array("\(node.name).\(kind)", count: old.count)
      }
      switch node.operation {
      case .scaleShift where place == 1:
        graph.nodes[place].operation = .scaleShift(
          scale: [try numbers.definition("EMNIST_SCALE")],
          shift: [try numbers.definition("EMNIST_SHIFT")])
      case .scaleShift(let scale, let shift):
        graph.nodes[place].operation = .scaleShift(
          scale: try read("scale", scale), shift: try read("shift", shift))
      case .convolution(var layer):
        layer.weight = try read("weight", layer.weight)
        layer.bias = try read("bias", layer.bias)
        graph.nodes[place].operation = .convolution(layer)
      case .dense(var layer):
        layer.weight = try read("weight", layer.weight)
        layer.bias = try read("bias", layer.bias)
        graph.nodes[place].operation = .dense(layer)
      case .groupNorm(let groups, var norm):
        norm.scale = try read("weight", norm.scale)
        norm.shift = try read("bias", norm.shift)
        graph.nodes[place].operation = .groupNorm(groups: groups, norm)
      case .layerNorm(var norm):
        norm.scale = try read("weight", norm.scale)
        norm.shift = try read("bias", norm.shift)
        graph.nodes[place].operation = .layerNorm(norm)
      default: continue
      }
    }
    return graph
  }
}
