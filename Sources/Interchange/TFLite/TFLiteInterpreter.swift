import Support
import Tensor

/// Runs the operators of a TensorFlow Lite model in floats, in plain loops, by their definitions: what
/// shows that a file that was read back says what was meant.
struct TFLiteInterpreter: Sendable {
  private let steps: [Step]
  private let constants: [Int: NumberBlock]
  private let input: (place: Int, shape: [Int])
  private let output: Int

  private struct Step: Sendable {
    let output: Int
    let inputs: [Int]
    let run: @Sendable ([NumberBlock]) -> NumberBlock
  }

  /// - Throws: ``ExportError/unreadable(path:format:what:)`` if it has no input or no output.
  init(_ model: TFLiteModel, path: String) throws {
    guard let input = model.inputs.first, let output = model.outputs.first,
      model.operators.allSatisfy({ !$0.inputs.isEmpty && $0.outputs.count == 1 })
    else {
      throw ExportError.unreadable(path: path, format: "tflite", what: "it has no input or output")
    }
    self.input = (input, model.tensors[input].shape)
    self.output = output
    var constants: [Int: NumberBlock] = [:]
    for (place, tensor) in model.tensors.enumerated() where tensor.content != nil {
      let isWhole = tensor.element == .int32
      constants[place] = NumberBlock(
        shape: tensor.shape, values: isWhole ? tensor.int32s.map { Float($0) } : tensor.floats)
    }
    self.constants = constants
    steps = model.operators.map { step in
      Step(
        output: step.outputs[0], inputs: step.inputs,
        run: Self.function(of: step, output: model.tensors[step.outputs[0]].shape, constants))
    }
  }

  /// The logits of an image.
  func logits(of pixels: [Float]) -> [Float] {
    var values = constants
    values[input.place] = NumberBlock(shape: input.shape, values: pixels)
    for step in steps {
      values[step.output] = step.run(
        step.inputs.map { values[$0] ?? NumberBlock(shape: [0], values: []) })
      if step.output == output { break }
    }
    return values[output]?.values ?? []
  }

  private typealias Function = @Sendable ([NumberBlock]) -> NumberBlock

  private static func mapped(_ body: @escaping @Sendable (Float) -> Float) -> Function {
    { NumberBlock(shape: $0[0].shape, values: $0[0].values.map(body)) }
  }

  private static func function(
    of step: TFLiteOperator, output: [Int], _ constants: [Int: NumberBlock]
  ) -> Function {
    switch step.code {
    case .add: return { $0[0].combined($0[1], +) }
    case .multiply: return { $0[0].combined($0[1], *) }
    case .subtract: return { $0[0].combined($0[1], -) }
    case .divide: return { $0[0].combined($0[1], /) }
    case .minimum: return { $0[0].combined($0[1]) { min($0, $1) } }
    case .maximum: return { $0[0].combined($0[1]) { max($0, $1) } }
    case .reciprocalRoot: return mapped { 1 / $0.squareRoot() }
    case .relu: return mapped { max($0, 0) }
    case .exponential: return mapped { Float(exponential(Double($0))) }
    case .logistic: return mapped { Float(1 / (1 + exponential(-Double($0)))) }
    case .tanh: return mapped { Float(2 / (1 + exponential(-2 * Double($0))) - 1) }
    case .elu: return mapped { $0 < 0 ? Float(exponentialMinusOne(Double($0))) : $0 }
    case .hardSwish: return mapped { $0 * max(0, min(6, $0 + 3)) / 6 }
    case .leakyReLU:
      let slope = step.float(0)
      return mapped { $0 < 0 ? $0 * slope : $0 }
    case .gelu:
      let name = step.byte(0) == 1 ? "gelu_tanh" : "gelu"
      let formula = ActivationFunction(name: name)?.formula ?? .x
      return mapped { Float(formula.value(at: Double($0))) }
    case .reshape: return { $0[0].reshaped(output) }
    case .concatenation: return { $0[0].concatenated($0[1], axis: output.count - 1) }
    case .softmax: return { NumberBlock(shape: output, values: softmax(of: $0[0].values)) }
    case .pad: return { $0[0].paddedEvenly(to: output) }
    case .mean:
      let axes = Set((constants[step.inputs[1]]?.values ?? []).map { Int($0) })
      return { $0[0].mean(over: axes).reshaped(output) }
    case .averagePool, .maxPool: return pool(step, output)
    case .convolution, .fullyConnected: return layer(step, output, constants)
    case .depthwiseConvolution, .quantize: preconditionFailure("is not written for floats")
    }
  }

  private static func pool(_ step: TFLiteOperator, _ output: [Int]) -> Function {
    let (stride, size) = (step.int32(1), step.int32(3))
    let operation: GraphOperation =
      step.code == .maxPool
      ? .maxPool(size: size, stride: stride) : .averagePool(size: size, stride: stride)
    return { run(operation, $0[0], output) }
  }

  private static func layer(
    _ step: TFLiteOperator, _ output: [Int], _ constants: [Int: NumberBlock]
  ) -> Function {
    guard let weight = constants[step.inputs[1]], let bias = constants[step.inputs[2]] else {
      preconditionFailure("weights are constants")
    }
    let (outputs, inputs) = (weight.shape[0], weight.shape[weight.shape.count - 1])
    let values = weight.values.transposed(columns: weight.values.count / outputs)
    let operation: GraphOperation =
      step.code == .convolution
      ? .convolution(
        GraphConvolution(
          kernelSize: weight.shape[1], stride: step.int32(1), padding: 0, inputs: inputs,
          outputs: outputs, weight: values, bias: bias.values))
      : .dense(
        GraphDense(inputs: inputs, outputs: outputs, weight: values, bias: bias.values))
    return { run(operation, $0[0], output) }
  }

  /// What a node of a graph does, whose images have no batch.
  private static func run(
    _ operation: GraphOperation, _ x: NumberBlock, _ output: [Int]
  ) -> NumberBlock {
    let node = GraphNode(
      name: "", operation: operation, inputs: [0], shape: Array(output.dropFirst()))
    return NumberBlock(
      shape: output,
      values: GraphEvaluator.output(of: node, [x.values], Array(x.shape.dropFirst())))
  }
}

extension TFLiteOperator {
  fileprivate func byte(_ slot: Int) -> Int {
    if case .byte(let value) = options[slot] { value } else { 0 }
  }

  fileprivate func int32(_ slot: Int) -> Int {
    if case .int32(let value) = options[slot] { value } else { 1 }
  }

  fileprivate func float(_ slot: Int) -> Float {
    if case .float(let value) = options[slot] { value } else { 0 }
  }
}

extension NumberBlock {
  /// An image `[1, H, W, C]` with zeros around it, as many on either side.
  fileprivate func paddedEvenly(to target: [Int]) -> NumberBlock {
    let (width, channels) = (shape[2], shape[3])
    let (top, left) = ((target[1] - shape[1]) / 2, (target[2] - width) / 2)
    var result = [Float](repeating: 0, count: target.reduce(1, *))
    for row in 0..<shape[1] {
      let start = ((row + top) * target[2] + left) * channels
      let count = width * channels
      result.replaceSubrange(
        start..<start + count, with: values[row * count..<(row + 1) * count])
    }
    return NumberBlock(shape: target, values: result)
  }
}
