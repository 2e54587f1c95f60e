import Support
import Tensor

/// Runs the layers of a Core ML model that was read back, in plain loops.
struct CoreMLInterpreter: Sendable {
  /// A layer's output: an image `[H, W, C]`, or a row `[F]`.
  private struct Value {
    let shape: [Int]
    let values: [Float]
  }

  private struct Layer: Sendable {
    let output: String
    let inputs: [String]
    let run: @Sendable ([Value]) -> Value
  }

  private let layers: [Layer]
  private let shape: [Int]
  private let scale: Float
  private let shift: Float

  /// - Throws: ``ProtobufError``, ``ExportError/unreadable(path:format:what:)``.
  init(parsing bytes: [UInt8], path: String) throws {
    let model = try ProtobufFields(parsing: bytes[...], path: path)
    let image = try model.message(2).message(1).message(3).message(4)
    shape = [try image.integer(2), try image.integer(1), 1]
    let network = try model.message(403)
    let scaler = try network.message(2).message(10)
    (scale, shift) = (scaler.float(10), scaler.float(30))
    layers = try network.messages(1).compactMap { layer in
      guard let kind = layer.numbers.first(where: { $0 >= 100 }) else { return nil }
      guard let run = try Self.function(kind, layer.message(kind)) else {
        throw ExportError.unreadable(
          path: path, format: "coreml", what: "layer '\(layer.text(1))' is of an unknown kind")
      }
      return Layer(output: layer.text(3), inputs: layer.texts(2), run: run)
    }
  }

  /// The logits of an image: what comes before what makes probabilities of them.
  func logits(of pixels: [Float]) -> [Float] {
    var values = [
      "image": Value(shape: shape, values: pixels.map { scale * $0 + shift })
    ]
    var last: [Float] = []
    for layer in layers where !["softmax", "scaled"].contains(layer.output) {
      let inputs = layer.inputs.compactMap { values[$0] }
      guard inputs.count == layer.inputs.count else { return [] }
      let output = layer.run(inputs)
      values[layer.output] = output
      last = output.values
    }
    return last
  }

  private typealias Function = @Sendable ([Value]) -> Value

  /// What a layer computes; `nil` if we write none of its kind.
  ///
  /// - Parameter kind: the field of its parameters.
  private static func function(_ kind: Int, _ layer: ProtobufFields) throws -> Function? {
    switch kind {
    case 100: return try convolution(layer)
    case 120: return try pool(layer)
    case 130: return try activation(layer)
    case 140:
      let (inputs, outputs) = (try layer.integer(1), try layer.integer(2))
      let weight = try layer.message(20).floats(1)
      let operation = GraphOperation.dense(
        GraphDense(
          inputs: inputs, outputs: outputs, weight: weight.transposed(columns: inputs),
          bias: try layer.message(21).floats(1)))
      return { run(operation, $0, to: [outputs]) }
    case 160:
      let (gamma, beta) = (try layer.message(15).floats(1), try layer.message(16).floats(1))
      let (mean, variance) = (try layer.message(17).floats(1), try layer.message(18).floats(1))
      let epsilon = layer.float(10)
      let scale = zip(gamma, variance).map { $0 / ($1 + epsilon).squareRoot() }
      let shift = beta.indices.map { beta[$0] - mean[$0] * scale[$0] }
      return { run(.scaleShift(scale: scale, shift: shift), $0, to: $0[0].shape) }
    case 175:
      return { Value(shape: $0[0].shape, values: softmax(of: $0[0].values)) }
    case 220: return try root(layer)
    case 230: return { combined($0, +) }
    case 231: return { combined($0, *) }
    case 280: return try mean(layer)
    case 300: return try reshape(layer)
    case 301: return { run(.flatten(.channelsFirst), $0, to: [$0[0].values.count]) }
    case 320:
      return { inputs in
        var shape = inputs[0].shape
        shape[shape.count - 1] += inputs[1].shape[shape.count - 1]
        return run(.concatenate, inputs, to: shape)
      }
    case 795:
      return mapped(ActivationFunction(name: try layer.integer(1) == 1 ? "gelu_tanh" : "gelu"))
    default: return nil
    }
  }

  private static func run(_ operation: GraphOperation, _ x: [Value], to shape: [Int]) -> Value {
    let node = GraphNode(name: "", operation: operation, inputs: [0], shape: shape)
    return Value(
      shape: shape, values: GraphEvaluator.output(of: node, x.map(\.values), x[0].shape))
  }

  /// Two inputs, the second repeated over height and width if it has one number a channel.
  private static func combined(_ x: [Value], _ body: (Float, Float) -> Float) -> Value {
    let blocks = x.map { NumberBlock(shape: $0.shape, values: $0.values) }
    return Value(shape: x[0].shape, values: blocks[0].combined(blocks[1], body).values)
  }

  /// The reciprocal of a root, the only function of a number that we write.
  private static func root(_ layer: ProtobufFields) throws -> Function? {
    guard try layer.integer(1) == 1 else { return nil }
    let (epsilon, shift, scale) = (layer.float(3), layer.float(4), layer.float(5))
    return each { 1 / (scale * $0 + shift + epsilon).squareRoot() }
  }

  /// The mean over height and width, the only reduction that we write.
  private static func mean(_ layer: ProtobufFields) throws -> Function? {
    guard try layer.integer(1) == 1, try layer.integer(3) == 1 else { return nil }
    return { run(.mean, $0, to: [1, 1, $0[0].shape[$0[0].shape.count - 1]]) }
  }

  /// The same numbers, a channel after the other, in an image of another shape.
  private static func reshape(_ layer: ProtobufFields) throws -> Function? {
    let target = try layer.integers(1)
    guard target.count == 3 else { return nil }
    let (height, width, channels) = (target[1], target[2], target[0])
    return { x in
      let ordered = x[0].values.transposed(columns: x[0].shape[x[0].shape.count - 1])
      return Value(
        shape: [height, width, channels], values: ordered.transposed(columns: height * width))
    }
  }

  private static func mapped(_ f: ActivationFunction?) -> Function? {
    guard let f else { return nil }
    return { run(.activation(f), $0, to: $0[0].shape) }
  }

  private static func convolution(_ layer: ProtobufFields) throws -> Function? {
    let (outputs, inputs) = (try layer.integer(1), try layer.integer(2))
    let edges = try layer.message(50).messages(1).first?.messages(10).first?.integer(1)
    guard let size = try layer.integers(20).first, let stride = try layer.integers(30).first else {
      return nil
    }
    let weight = try layer.message(90).floats(1)
    let padding = edges ?? 0
    // [K, C, R, S] as [R, S, C, K].
    let taps = size * size
    let ours = weight.indices.map { place in
      let (tap, rest) = place.quotientAndRemainder(dividingBy: inputs * outputs)
      return weight[(rest % outputs * inputs + rest / outputs) * taps + tap]
    }
    let operation = GraphOperation.convolution(
      GraphConvolution(
        kernelSize: size, stride: stride, padding: padding, inputs: inputs, outputs: outputs,
        weight: ours, bias: try layer.message(91).floats(1)))
    return { x in
      let extents = x[0].shape.prefix(2).map { ($0 + 2 * padding - size) / stride + 1 }
      return run(operation, x, to: extents + [outputs])
    }
  }

  private static func pool(_ layer: ProtobufFields) throws -> Function? {
    let isMean = try layer.integer(1) == 1
    guard try layer.integer(60) == 0 else {
      return { run(.mean, $0, to: [$0[0].shape[2]]) }
    }
    guard let size = try layer.integers(10).first, let stride = try layer.integers(20).first else {
      return nil
    }
    let operation: GraphOperation =
      isMean ? .averagePool(size: size, stride: stride) : .maxPool(size: size, stride: stride)
    return { x in
      let extents = x[0].shape.prefix(2).map { ($0 - size) / stride + 1 }
      return run(operation, x, to: extents + [x[0].shape[2]])
    }
  }

  private static func activation(_ layer: ProtobufFields) throws -> Function? {
    guard let kind = layer.numbers.first else { return nil }
    let parameters = try layer.message(kind)
    let (alpha, beta) = (parameters.float(1), parameters.float(2))
    switch kind {
    case 10: return mapped(.relu)
    case 15: return mapped(ActivationFunction(name: "leaky_relu", parameter: alpha))
    case 30: return mapped(ActivationFunction(name: "tanh"))
    case 40: return mapped(ActivationFunction(name: "sigmoid"))
    case 50: return mapped(ActivationFunction(name: "elu", parameter: alpha))
    case 5: return each { alpha * $0 + beta }
    case 41: return each { min(max(alpha * $0 + beta, 0), 1) }
    case 70: return each { Float(logarithmOfOnePlus(exponential(-abs(Double($0))))) + max($0, 0) }
    default: return nil
    }
  }

  private static func each(_ body: @escaping @Sendable (Float) -> Float) -> Function {
    { Value(shape: $0[0].shape, values: $0[0].values.map(body)) }
  }
}

extension NetworkFormat {
  /// Core ML, for apps on iOS and macOS.
  public static let coreML = NetworkFormat(
    name: "coreml", suffix: "mlmodel",
    usage: "a grey image in, 'label' and 'probabilities' out; not tried on a Mac"
  ) { network, _ in
    try CoreMLWriter.file(of: network)
  } decode: { file, _ in
    try CoreMLInterpreter(parsing: file.bytes, path: file.path).logits
  }
}
