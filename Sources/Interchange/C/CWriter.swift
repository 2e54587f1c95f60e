import Support
import Tensor

extension CSource {
  /// The network as a C99 program.
  ///
  /// - Throws: ``ExportError/cannot(format:layer:what:)`` for layers over tokens.
  static func text(of network: ExportedNetwork) throws -> String {
    let graph = network.graph
    let (plan, image) = plan(of: graph)
    var source = CSource()
    for (place, node) in graph.nodes.enumerated() where plan.places[place] != nil {
      try source.add(node, graph, plan, ofBytes: node.inputs.contains { image.contains($0) })
    }
    if CScore(network) != nil { source.requireMathematics() }
    guard let last = plan.places[graph.nodes.count - 1] else {
      preconditionFailure("the logits have no place")
    }
    return [
      source.head(of: network, ramBytes: 4 * plan.size),
      CParts.declarations(of: network, needsMathematics: source.needsMathematics),
      source.arrays.joined(separator: "\n"), "\nstatic float buffer[\(plan.size)];\n\n",
      source.functions.map(\.text).joined(separator: "\n"),
      "\n/* Gives where the logits are. */\nstatic const float *run(const uint8_t *pixels)\n{\n",
      source.calls.joined(), "  return buffer + \(last);\n}\n\n",
      CParts.entryPoints(of: network, logit: "logits[i]", logits: "const float *"),
    ].joined()
  }

  /// The buffers, and the nodes that are computed from bytes as they are read: the image, and what the
  /// first layer with weights reads.
  static func plan(of graph: InferenceGraph) -> (BufferPlan, image: Set<Int>) {
    let consumers = graph.consumers
    var (image, place): (Set<Int>, Int) = ([0], 1)
    while consumers[place].count == 1, case let next = consumers[place][0] {
      image.insert(place)
      switch graph.nodes[next].operation {
      case .flatten: place = next
      case .convolution, .dense: return (BufferPlan(graph, skipping: image), image)
      default: return (BufferPlan(graph, skipping: [0]), [0])
      }
    }
    return (BufferPlan(graph, skipping: [0]), [0])
  }

  private mutating func add(
    _ node: GraphNode, _ graph: InferenceGraph, _ plan: BufferPlan, ofBytes: Bool
  ) throws {
    func buffer(_ place: Int) -> String {
      plan.places[place].map { "buffer + \($0)" } ?? "pixels"
    }
    let x = node.inputs.map(buffer)
    let shape = graph.nodes[node.inputs[0]].shape
    guard shape.count != 2, node.shape.count != 2 else {
      throw ExportError.cannot(format: "c", layer: node.name, what: "one over tokens")
    }
    guard let start = plan.places[graph.nodes.firstIndex { $0.name == node.name } ?? 0] else {
      return
    }
    let y = "buffer + \(start)"
    let count = node.count
    switch node.operation {
    case .scaleShift(let scale, let shift):
      if ofBytes { return call(.normalize, x[0], "\(count)", y) }
      call(
        .scaleShift, x[0], "\(count)", array("\(node.name).scale", scale),
        array("\(node.name).shift", shift), "\(scale.count)", y)
    case .convolution(let layer):
      let numbers = [layer.kernelSize, layer.stride, layer.padding] + node.shape
      call(
        .convolution(ofBytes: ofBytes),
        [x[0]] + shape.map { "\($0)" }
          + [array("\(node.name).weight", layer.weight), array("\(node.name).bias", layer.bias)]
          + numbers.map { "\($0)" } + [y])
    case .dense(let layer):
      call(
        .dense(ofBytes: ofBytes), x[0], "\(layer.inputs)",
        array("\(node.name).weight", layer.weight), array("\(node.name).bias", layer.bias),
        "\(layer.outputs)", y)
    case .activation(let f):
      guard let formula = f.formula else { preconditionFailure("no formula of '\(f.name)'") }
      call(.activation(f, formula), x[0], "\(count)", y)
    case .maxPool(let size, let stride):
      call(pool: .maxPool, x[0], shape, size, stride, node.shape, y)
    case .averagePool(let size, let stride):
      call(pool: .averagePool, x[0], shape, size, stride, node.shape, y)
    case .mean: call(.mean, x[0], "\(shape[0] * shape[1])", "\(count)", y)
    case .add: call(.add, x[0], x[1], "\(count)", y)
    case .concatenate:
      let first = shape[shape.count - 1]
      let width = node.shape[node.shape.count - 1]
      call(
        .concatenate, x[0], "\(first)", x[1], "\(width - first)", "\(count / width)", y)
    case .groupNorm(let groups, let norm): call(norm, groups, node, x[0], y)
    case .layerNorm(let norm): call(norm, 1, node, x[0], y)
    case .image, .flatten: return
    case .patches, .addConstant, .attention: preconditionFailure("tokens were let through")
    }
  }

  private mutating func call(
    _ norm: GraphNormalization, _ groups: Int, _ node: GraphNode, _ x: String, _ y: String
  ) {
    let columns = norm.scale.count
    call(
      .groupNorm, x, "\(node.count / columns)", "\(columns)", "\(groups)", "\(norm.epsilon)f",
      array("\(node.name).weight", norm.scale), array("\(node.name).bias", norm.shift), y)
  }

  private mutating func call(
    pool function: CFunction, _ x: String, _ shape: [Int], _ size: Int, _ stride: Int,
    _ output: [Int], _ y: String
  ) {
    let numbers = [shape[1], shape[2], size, stride, output[0], output[1]]
    call(function, [x] + numbers.map { "\($0)" } + [y])
  }

  private mutating func call(_ function: CFunction, _ operands: String...) {
    call(function, operands)
  }

  mutating func call(_ function: CFunction, _ operands: [String]) {
    use(function.name, function.text, mathematics: function.mathematics)
    call("\(function.name)(\(operands.joined(separator: ", ")));")
  }
}
