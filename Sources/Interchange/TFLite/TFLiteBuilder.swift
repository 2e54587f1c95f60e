import Support
import Tensor

/// A TensorFlow Lite model that is being made.
struct TFLiteBuilder {
  private(set) var model = TFLiteModel()

  /// Adds a tensor that is computed.
  mutating func add(
    _ name: String, _ shape: [Int], _ element: TFLiteTensor.Element = .float32,
    _ quantization: TFLiteTensor.Quantization? = nil
  ) -> Int {
    model.tensors.append(
      TFLiteTensor(name: name, shape: shape, element: element, quantization: quantization))
    return model.tensors.count - 1
  }

  /// Adds a constant.
  mutating func constant(_ name: String, _ values: [Float], _ shape: [Int]) -> Int {
    let content = values.flatMap { littleEndian($0.bitPattern) }
    model.tensors.append(
      TFLiteTensor(name: name, shape: shape, element: .float32, content: content))
    return model.tensors.count - 1
  }

  mutating func constant(
    _ name: String, _ values: [Int32], quantization: TFLiteTensor.Quantization? = nil,
    shape: [Int]? = nil
  ) -> Int {
    model.tensors.append(
      TFLiteTensor(
        name: name, shape: shape ?? [values.count], element: .int32,
        content: values.flatMap { littleEndian($0) }, quantization: quantization))
    return model.tensors.count - 1
  }

  mutating func constant(
    _ name: String, _ values: [Int8], _ shape: [Int], _ quantization: TFLiteTensor.Quantization
  ) -> Int {
    model.tensors.append(
      TFLiteTensor(
        name: name, shape: shape, element: .int8, content: values.map { UInt8(bitPattern: $0) },
        quantization: quantization))
    return model.tensors.count - 1
  }

  /// Adds an operator that gives one tensor.
  mutating func add(
    _ code: TFLiteCode, _ inputs: [Int], to output: Int, options: [Int: FlatValue] = [:]
  ) {
    model.operators.append(
      TFLiteOperator(code: code, inputs: inputs, outputs: [output], options: options))
  }

  /// Adds what is known of the network.
  mutating func finish(inputs: [Int], outputs: [Int], _ network: ExportedNetwork) {
    (model.inputs, model.outputs) = (inputs, outputs)
    model.description = network.summary
    model.metadata = [("emnist", Array(network.factsJSON.text().utf8))]
  }
}

extension TFLiteBuilder {
  /// Adds zeros around an image `[1, H, W, C]`.
  ///
  /// - Returns: the padded image. Where TensorFlow pads by itself it does so unevenly at stride 2.
  mutating func addPadding(_ padding: Int, _ name: String, _ x: Int) -> Int {
    guard padding > 0 else { return x }
    let input = model.tensors[x]
    let p = Int32(padding)
    let widths = constant(
      "\(name)/widths", [0, 0, p, p, p, p, 0, 0] as [Int32], shape: [4, 2])
    let s = input.shape
    let padded = add(
      "\(name)/padded", [1, s[1] + 2 * padding, s[2] + 2 * padding, s[3]], input.element,
      input.quantization)
    add(.pad, [x, widths], to: padded)
    return padded
  }

  /// Adds a window that is moved over an image.
  static func windowOptions(_ size: Int, _ stride: Int) -> [Int: FlatValue] {
    // No padding.
    [
      0: .byte(1), 1: .int32(stride), 2: .int32(stride), 3: .int32(size), 4: .int32(size),
      5: .byte(0),
    ]
  }

  /// Adds `scale · x + shift` along the last extent.
  mutating func addScaleShift(
    _ name: String, _ scale: [Float], _ shift: [Float], _ x: Int, to y: Int
  ) {
    let scaled = add("\(name)/scaled", model.tensors[y].shape)
    add(
      .multiply, [x, constant("\(name).scale", scale, [scale.count])], to: scaled,
      options: [0: .byte(0)])
    add(
      .add, [scaled, constant("\(name).shift", shift, [shift.count])], to: y,
      options: [0: .byte(0)])
  }

  /// Adds a tensor of another shape with the same numbers.
  mutating func addReshape(_ x: Int, to output: Int) {
    let shape = model.tensors[output].shape
    let wanted = constant("\(model.tensors[output].name)/shape", shape.map { Int32($0) })
    add(.reshape, [x, wanted], to: output, options: [0: .int32s(shape)])
  }

  /// Adds an activation: the operator of that name, or its formula.
  mutating func addActivation(_ f: ActivationFunction, _ x: Int, to y: Int) {
    switch f.name {
    case "relu": add(.relu, [x], to: y)
    case "leaky_relu": add(.leakyReLU, [x], to: y, options: [0: .float(f.parameter)])
    case "elu" where f.parameter == 1: add(.elu, [x], to: y)
    case "gelu": add(.gelu, [x], to: y, options: [0: .byte(0)])
    case "gelu_tanh": add(.gelu, [x], to: y, options: [0: .byte(1)])
    case "sigmoid": add(.logistic, [x], to: y)
    case "tanh": add(.tanh, [x], to: y)
    case "hard_swish": add(.hardSwish, [x], to: y)
    default:
      guard let formula = f.formula else { preconditionFailure("no formula of '\(f.name)'") }
      var known: [ActivationFormula: Int] = [.x: x]
      _ = add(formula, &known, into: y, like: y)
    }
  }

  /// Adds the operators of a formula, each of its parts once.
  ///
  /// - Parameter like: a tensor of the shape that all have.
  private mutating func add(
    _ formula: ActivationFormula, _ known: inout [ActivationFormula: Int], into y: Int?, like: Int
  ) -> Int {
    if let place = known[formula] { return place }
    let name = "\(model.tensors[like].name)/\(known.count)"
    if case .constant(let value) = formula {
      let place = constant(name, [value], [1])
      known[formula] = place
      return place
    }
    let operands = formula.operands.map { add($0, &known, into: nil, like: like) }
    let output =
      y ?? add("\(model.tensors[like].name)/\(known.count)", model.tensors[like].shape)
    add(
      formula.code, operands, to: output,
      options: [.add, .multiply, .divide].contains(formula.code) ? [0: .byte(0)] : [:])
    known[formula] = output
    return output
  }
}

extension ActivationFormula {
  fileprivate var code: TFLiteCode {
    switch self {
    case .sum: .add
    case .product: .multiply
    case .quotient: .divide
    case .smaller: .minimum
    case .larger: .maximum
    case .exponential: .exponential
    case .hyperbolicTangent: .tanh
    case .logistic: .logistic
    // GELU alone has it, which is an operator.
    case .x, .constant, .errorFunction: preconditionFailure("no operator computes this")
    }
  }
}
