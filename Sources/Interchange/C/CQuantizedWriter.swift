import Support

extension CSource {
  /// The network in whole numbers of eight bits as a C99 program.
  static func text(of network: ExportedNetwork, _ graph: QuantizedGraph) -> String {
    let (plan, image) = (graph.plan, graph.imageNodes)
    var source = CSource()
    source.use("requantize", requantization)
    for (place, node) in graph.nodes.enumerated() where place > 0 && !image.contains(place) {
      source.add(node, at: place, graph, plan, ofBytes: node.inputs.contains { image.contains($0) })
    }
    if CScore(network) != nil { source.requireMathematics() }
    let last = graph.nodes[graph.nodes.count - 1]
    let start = plan.places[graph.nodes.count - 1] ?? 0
    return [
      source.head(of: network, ramBytes: plan.size, arithmetic: "whole numbers of 8 bits"),
      CParts.declarations(
        of: network, needsMathematics: source.needsMathematics, isQuantized: true),
      source.arrays.joined(separator: "\n"), "\nstatic int8_t buffer[\(plan.size)];\n\n",
      source.functions.map(\.text).joined(separator: "\n"),
      "\n/* Gives where the logits are. */\nstatic const int8_t *run(const uint8_t *pixels)\n{\n",
      source.calls.joined(), "  return buffer + \(start);\n}\n\n",
      CParts.entryPoints(
        of: network, logit: "((float)(logits[i] - (\(last.zeroPoint))) * \(last.scale)f)",
        logits: "const int8_t *"),
    ].joined()
  }

  private mutating func add(
    _ node: QuantizedNode, at place: Int, _ graph: QuantizedGraph, _ plan: BufferPlan, ofBytes: Bool
  ) {
    let x = node.inputs.map { input in
      ofBytes ? "pixels" : "buffer + \(plan.places[input] ?? 0)"
    }
    let from = graph.nodes[node.inputs[0]]
    let (y, zero) = ("buffer + \(plan.places[place] ?? 0)", "\(from.zeroPoint)")
    let (shape, count, target) = (from.shape, "\(node.count)", "\(node.zeroPoint)")
    switch node.operation {
    case .image, .flatten: return
    case .convolution(let layer, let window):
      let numbers = [window.size, window.stride, window.padding] + node.shape
      call(
        CFunction.quantizedConvolution(ofBytes: ofBytes),
        [x[0]] + shape.map { "\($0)" } + [zero] + arrays(of: layer, node.name)
          + numbers.map { "\($0)" } + [target, y])
    case .dense(let layer):
      call(
        CFunction.quantizedDense(ofBytes: ofBytes),
        [x[0], "\(from.count)", zero] + arrays(of: layer, node.name)
          + ["\(layer.outputs)", target, y])
    case .scaleShift(let layer):
      call(
        CFunction.quantizedScaleShift,
        [x[0], count, zero] + arrays(of: layer, node.name) + ["\(layer.outputs)", target, y])
    case .table(let values, _):
      call(CFunction.table, [x[0], count, array("\(node.name).table", values), y])
    case .maxPool(let size, let stride), .averagePool(let size, let stride):
      let isMax = if case .maxPool = node.operation { true } else { false }
      let numbers = [shape[1], shape[2], size, stride, node.shape[0], node.shape[1]]
      call(
        isMax ? CFunction.quantizedMaxPool : .quantizedAveragePool,
        [x[0]] + numbers.map { "\($0)" } + [y])
    case .mean(let requantization):
      let factor = array(
        "\(node.name).factor", [requantization.multiplier, requantization.shift])
      call(
        CFunction.quantizedMean,
        [x[0], "\(from.count / node.count)", count, zero, factor, target, y])
    case .add(let first, let second):
      let factors = array("\(node.name).factors", [first, second])
      call(
        CFunction.quantizedAdd,
        [
          x[0], zero, x[1], "\(graph.nodes[node.inputs[1]].zeroPoint)", count, factors, target, y,
        ])
    case .concatenate:
      let (first, width) = (shape[shape.count - 1], node.shape[node.shape.count - 1])
      call(
        CFunction.quantizedConcatenate,
        [x[0], "\(first)", x[1], "\(width - first)", "\(node.count / width)", y])
    }
  }

  private mutating func arrays(of layer: QuantizedLayer, _ name: String) -> [String] {
    [
      array("\(name).weight", layer.weight), array("\(name).bias", layer.bias),
      array("\(name).multiplier", layer.requantization.map(\.multiplier)),
      array("\(name).shift", layer.requantization.map { Int8($0.shift) }),
    ]
  }
}

extension QuantizedGraph {
  /// Where the nodes' outputs lie.
  var plan: BufferPlan {
    BufferPlan(
      nodes.map { node in
        let worksInPlace: Bool
        switch node.operation {
        case .table, .scaleShift, .flatten, .add: worksInPlace = true
        default: worksInPlace = false
        }
        return BufferPlan.Step(
          inputs: node.inputs, count: node.count, worksInPlace: worksInPlace)
      }, skipping: imageNodes)
  }

  /// The image and, if it is flattened first, that: both are read as bytes.
  var imageNodes: Set<Int> {
    guard nodes.count > 2, case .flatten = nodes[1].operation else { return [0] }
    return [0, 1]
  }

  /// The same layers with the numbers that something else holds.
  ///
  /// - Parameter numbers: reads as many whole numbers of a layer and a kind, such as `weight`.
  func replacing(
    weights: (_ layer: String, _ kind: String, _ count: Int) throws -> [Int32]
  ) rethrows -> QuantizedGraph {
    var graph = self
    for (place, node) in nodes.enumerated() {
      func replaced(_ layer: QuantizedLayer) throws -> QuantizedLayer {
        var layer = layer
        layer.weight = try weights(node.name, "weight", layer.weight.count).map { Int8($0) }
        layer.bias = try weights(node.name, "bias", layer.outputs)
        return layer
      }
      switch node.operation {
      case .convolution(let layer, let window):
        graph.nodes[place].operation = .convolution(try replaced(layer), window)
      case .dense(let layer): graph.nodes[place].operation = .dense(try replaced(layer))
      case .scaleShift(let layer): graph.nodes[place].operation = .scaleShift(try replaced(layer))
      default: continue
      }
    }
    return graph
  }
}

extension QuantizedGraph {
  /// The same with all numbers of a C program.
  ///
  /// - Throws: ``ExportError/unreadable(path:format:what:)`` where one is missing.
  func replacing(_ numbers: CNumbers) throws -> QuantizedGraph {
    var graph = try replacing { try numbers.integers("\($0).\($1)", count: $2) }
    for (place, node) in graph.nodes.enumerated() {
      func read(_ kind: String, _ count: Int) throws -> [Int32] {
        try numbers.integers("\(node.name).\(kind)", count: count)
      }
      func requantized(_ layer: QuantizedLayer) throws -> QuantizedLayer {
        var layer = layer
        layer.requantization = zip(
          try read("multiplier", layer.outputs), try read("shift", layer.outputs)
        ).map { Requantization(multiplier: $0, shift: $1) }
        return layer
      }
      switch node.operation {
      case .convolution(let layer, let window):
        graph.nodes[place].operation = .convolution(try requantized(layer), window)
      case .dense(let layer): graph.nodes[place].operation = .dense(try requantized(layer))
      case .scaleShift(let layer):
        graph.nodes[place].operation = .scaleShift(try requantized(layer))
      case .table(_, let function):
        graph.nodes[place].operation = .table(
          try read("table", 256).map { Int8($0) }, function)
      case .mean:
        let factor = try read("factor", 2)
        graph.nodes[place].operation = .mean(
          Requantization(multiplier: factor[0], shift: factor[1]))
      case .add:
        let factors = try read("factors", 2)
        graph.nodes[place].operation = .add(first: factors[0], second: factors[1])
      case .image, .maxPool, .averagePool, .flatten, .concatenate: continue
      }
    }
    return graph
  }
}
