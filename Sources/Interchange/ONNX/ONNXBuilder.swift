import Tensor

/// An ONNX model that is being made; constants that are the same are there once.
struct ONNXBuilder {
  private(set) var model = ONNXModel()

  init(name: String) { model.name = name }

  mutating func addInput(_ name: String, _ element: ONNXValue.Element, shape: [Int]) {
    model.inputs.append(ONNXValue(name: name, element: element, shape: shape))
  }

  mutating func addOutput(_ name: String, shape: [Int]) {
    model.outputs.append(ONNXValue(name: name, element: .float, shape: shape))
  }

  mutating func addMetadata(_ entries: [(key: String, value: String)]) {
    model.metadata += entries
  }

  /// Adds an operator of one output.
  ///
  /// - Parameter name: of the node and of the value that it gives.
  /// - Returns: the value's name.
  mutating func add(
    _ type: String, _ name: String, _ inputs: String...,
    attributes: KeyValuePairs<String, ONNXAttribute> = [:]
  ) -> String {
    model.nodes.append(
      ONNXNode(
        name: name, type: type, inputs: inputs, outputs: [name],
        attributes: attributes.map { ($0.key, $0.value) }))
    return name
  }

  /// Adds weights.
  mutating func constant(_ name: String, _ values: [Float], _ shape: [Int]) -> String {
    model.constants.append((name, .floats(values, shape: shape)))
    return name
  }

  /// A shape or axes.
  mutating func constant(_ values: [Int]) -> String {
    shared("shape_" + values.map(String.init).joined(separator: "_"), .integers(values))
  }

  /// A single number.
  mutating func constant(_ value: Float) -> String {
    shared("number_\(value)", .floats([value], shape: []))
  }

  private mutating func shared(_ name: String, _ tensor: ONNXTensor) -> String {
    if !model.constants.contains(where: { $0.name == name }) {
      model.constants.append((name, tensor))
    }
    return name
  }

  /// Gives the value of the last node another name.
  mutating func renameLast(_ name: String) {
    model.nodes[model.nodes.count - 1].outputs = [name]
  }
}

extension ONNXBuilder {
  /// Adds an activation: the operator of that name, or where the operator set has none its formula.
  mutating func addActivation(_ f: ActivationFunction, _ name: String, _ x: String) -> String {
    switch f.name {
    case "relu": return add("Relu", name, x)
    case "sigmoid": return add("Sigmoid", name, x)
    case "tanh": return add("Tanh", name, x)
    case "hard_swish": return add("HardSwish", name, x)
    case "elu": return add("Elu", name, x, attributes: ["alpha": .float(f.parameter)])
    case "leaky_relu": return add("LeakyRelu", name, x, attributes: ["alpha": .float(f.parameter)])
    default:
      guard let formula = f.formula else { preconditionFailure("no formula of '\(f.name)'") }
      var known: [ActivationFormula: String] = [.x: x]
      return add(formula, name, &known, isWhole: true)
    }
  }

  /// Adds the operators of a formula, each of its parts once.
  private mutating func add(
    _ formula: ActivationFormula, _ name: String, _ known: inout [ActivationFormula: String],
    isWhole: Bool = false
  ) -> String {
    if let value = known[formula] { return value }
    if case .constant(let value) = formula { return constant(value) }
    let operands = formula.operands.map { add($0, name, &known) }
    let place = isWhole ? name : "\(name)/\(known.count)"
    let value =
      operands.count == 1
      ? add(formula.onnxType, place, operands[0])
      : add(formula.onnxType, place, operands[0], operands[1])
    known[formula] = value
    return value
  }
}

extension ActivationFormula {
  var operands: [ActivationFormula] {
    switch self {
    case .x, .constant: []
    case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b),
      .smaller(let a, let b),
      .larger(let a, let b):
      [a, b]
    case .exponential(let a), .hyperbolicTangent(let a), .logistic(let a), .errorFunction(let a):
      [a]
    }
  }

  fileprivate var onnxType: String {
    switch self {
    case .x, .constant: "Identity"
    case .sum: "Add"
    case .product: "Mul"
    case .quotient: "Div"
    case .smaller: "Min"
    case .larger: "Max"
    case .exponential: "Exp"
    case .hyperbolicTangent: "Tanh"
    case .logistic: "Sigmoid"
    case .errorFunction: "Erf"
    }
  }
}
