import Support

/// Runs the operators of an ONNX model, in plain loops, as `Operators.md` defines them: what shows
/// that a file that was read back says what was meant.
struct ONNXInterpreter: Sendable {
  private let nodes: [ONNXNode]
  private let constants: [String: ONNXTensor]
  private let input: ONNXValue

  /// - Throws: ``ONNXError`` for an operator that is not written by us.
  init(_ model: ONNXModel, path: String) throws {
    for node in model.nodes where Self.operators[node.type] == nil {
      throw ONNXError.unknown(path: path, what: "operator '\(node.type)'")
    }
    guard let input = model.inputs.first, model.outputs.first?.name == "logits" else {
      throw ONNXError.unknown(path: path, what: "set of inputs and outputs")
    }
    self.input = input
    nodes = model.nodes
    constants = Dictionary(model.constants.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  /// The logits of an image of the input's shape.
  func logits(of pixels: [Float]) -> [Float] {
    var values: [String: NumberBlock] = [
      input.name: NumberBlock(shape: [1] + input.shape, values: pixels)
    ]
    for case .floats(let numbers, let shape) in constants.values where shape.isEmpty {
      precondition(numbers.count == 1)
    }
    for node in nodes {
      let call = ONNXCall(node: node, constants: constants, values: values)
      guard let output = Self.operators[node.type]?(call) else {
        preconditionFailure("operator '\(node.type)' is not known")
      }
      values[node.outputs[0]] = output
      if node.outputs[0] == "logits" { return output.values }
    }
    preconditionFailure("no node gives the logits")
  }

  private typealias Operator = @Sendable (ONNXCall) -> NumberBlock

  private static let operators: [String: Operator] = arithmetic.merging(shapes) { $1 }
    .merging(layers) { $1 }

  private static let arithmetic: [String: Operator] = [
    "Add": { $0.combined(+) },
    "Mul": { $0.combined(*) },
    "Div": { $0.combined(/) },
    "Min": { $0.combined { min($0, $1) } },
    "Max": { $0.combined { max($0, $1) } },
    "Relu": { $0.mapped { max($0, 0) } },
    "Exp": { $0.mapped { Float(exponential(Double($0))) } },
    "Erf": { $0.mapped { Float(errorFunction(Double($0))) } },
    "Sigmoid": { $0.mapped { Float(1 / (1 + exponential(-Double($0)))) } },
    "Tanh": { $0.mapped { Float(2 / (1 + exponential(-2 * Double($0))) - 1) } },
    "HardSwish": { $0.mapped { $0 * max(0, min(1, $0 / 6 + 0.5)) } },
    "LeakyRelu": { call in call.mapped { $0 < 0 ? $0 * call.float("alpha", 0.01) : $0 } },
    "Elu": { call in
      call.mapped {
        $0 < 0 ? call.float("alpha", 1) * Float(exponentialMinusOne(Double($0))) : $0
      }
    },
  ]

  private static let shapes: [String: Operator] = [
    "Cast": { $0.x },
    "Unsqueeze": { call in
      call.x.reshaped(call.integers(1).reduce(call.x.shape) { Array($0[..<$1] + [1] + $0[$1...]) })
    },
    "Flatten": { $0.x.reshaped([1, $0.x.values.count]) },
    "Reshape": { $0.x.reshaped($0.x.shape(asking: $0.integers(1))) },
    "Transpose": { $0.x.transposed($0.integers("perm", [])) },
    "Concat": { $0.x.concatenated($0.operand(1), axis: $0.integer("axis", 1)) },
  ]

  private static let layers: [String: Operator] = [
    "Conv": { call in
      call.x.convolved(
        call.operand(1), bias: call.operand(2).values, stride: call.integers("strides", [1])[0],
        padding: call.integers("pads", [0])[0])
    },
    "MatMul": { $0.x.multiplied(by: $0.operand(1)) },
    "Gemm": { call in
      let weight = call.operand(1)
      let product = call.x.multiplied(
        by: call.integer("transB", 0) == 1 ? weight.transposed([1, 0]) : weight)
      return product.combined(call.operand(2), +)
    },
    "MaxPool": { call in
      call.x.pooled(size: call.integers("kernel_shape", [1])[0], call.integers("strides", [1])[0]) {
        $0.reduce(-.infinity, max)
      }
    },
    "AveragePool": { call in
      call.x.pooled(size: call.integers("kernel_shape", [1])[0], call.integers("strides", [1])[0]) {
        $0.reduce(0, +) / Float($0.count)
      }
    },
    "GlobalAveragePool": { call in
      call.x.byRow(of: call.x.shape[2...].reduce(1, *)) { [$0.reduce(0, +) / Float($0.count)] }
        .reshaped(Array(call.x.shape[..<2]) + [1, 1])
    },
    "ReduceMean": { call in
      let (rows, columns) = (call.x.shape[1], call.x.shape[2])
      let means = (0..<columns).map { column in
        (0..<rows).reduce(0) { $0 + call.x.values[$1 * columns + column] } / Float(rows)
      }
      return NumberBlock(shape: [1, columns], values: means)
    },
    "Softmax": { call in
      call.x.byRow(of: call.x.shape[call.x.shape.count - 1]) { softmax(of: Array($0)) }
    },
    "InstanceNormalization": { call in
      let (scale, shift) = (call.operand(1).values, call.operand(2).values)
      let size = call.x.values.count / scale.count
      let normalized = call.x.normalized(rows: size, call.float("epsilon", 1e-5))
      return NumberBlock(
        shape: call.x.shape,
        values: normalized.enumerated().map { $1 * scale[$0 / size] + shift[$0 / size] })
    },
    "LayerNormalization": { call in
      let (scale, shift) = (call.operand(1).values, call.operand(2).values)
      let normalized = call.x.normalized(rows: scale.count, call.float("epsilon", 1e-5))
      return NumberBlock(
        shape: call.x.shape,
        values: normalized.enumerated().map {
          $1 * scale[$0 % scale.count] + shift[$0 % scale.count]
        })
    },
  ]
}

/// An operator with what it is applied to.
private struct ONNXCall {
  let node: ONNXNode
  let constants: [String: ONNXTensor]
  let values: [String: NumberBlock]

  /// The first operand.
  var x: NumberBlock { operand(0) }

  func operand(_ place: Int) -> NumberBlock {
    let name = node.inputs[place]
    if let value = values[name] { return value }
    guard case .floats(let numbers, let shape) = constants[name] else {
      preconditionFailure("'\(node.name)' reads '\(name)', which nobody gives")
    }
    return NumberBlock(shape: shape, values: numbers)
  }

  /// The operand that holds a shape or axes.
  func integers(_ place: Int) -> [Int] {
    if case .integers(let numbers) = constants[node.inputs[place]] { numbers } else { [] }
  }

  private func attribute(_ name: String) -> ONNXAttribute? {
    node.attributes.first { $0.name == name }?.value
  }

  func integer(_ name: String, _ usual: Int) -> Int {
    if case .integer(let value) = attribute(name) { value } else { usual }
  }

  func integers(_ name: String, _ usual: [Int]) -> [Int] {
    if case .integers(let values) = attribute(name) { values } else { usual }
  }

  func float(_ name: String, _ usual: Float) -> Float {
    if case .float(let value) = attribute(name) { value } else { usual }
  }

  func mapped(_ body: (Float) -> Float) -> NumberBlock {
    NumberBlock(shape: x.shape, values: x.values.map(body))
  }

  func combined(_ body: (Float, Float) -> Float) -> NumberBlock { x.combined(operand(1), body) }
}
