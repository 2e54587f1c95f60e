import Platform
import Support
import Tensor

/// A graph as JSON and one row of floats, for programs that run it from a text: nodes in their order,
/// each with its operation, inputs, shape and parameters, of which arrays are `[first, count]` of the
/// floats.
struct GraphDescription {
  private(set) var nodes: [JSONValue] = []
  private(set) var numbers: [Float] = []

  init(_ graph: InferenceGraph) { nodes = graph.nodes.map { description(of: $0) } }

  private mutating func place(_ values: [Float]) -> JSONValue {
    let first = numbers.count
    numbers += values
    return [.integer(first), .integer(values.count)]
  }

  private mutating func description(of node: GraphNode) -> JSONValue {
    var object: JSONObject = [
      "name": .string(node.name), "inputs": .array(node.inputs.map(JSONValue.integer)),
      "shape": .array(node.shape.map(JSONValue.integer)),
    ]
    let (operation, parameters) = parts(of: node.operation)
    object["operation"] = .string(operation)
    for (key, value) in parameters { object[key] = value }
    return .object(object)
  }

  private mutating func parts(of operation: GraphOperation) -> (String, JSONObject) {
    switch operation {
    case .image: return ("image", [:])
    case .scaleShift(let scale, let shift):
      return ("scale_shift", ["scale": place(scale), "shift": place(shift)])
    case .convolution(let layer):
      return (
        "convolution",
        [
          "kernel": .integer(layer.kernelSize), "stride": .integer(layer.stride),
          "padding": .integer(layer.padding), "weight": place(layer.weight),
          "bias": place(layer.bias),
        ]
      )
    case .dense(let layer): return ("dense", dense(layer))
    case .activation(let function):
      return (
        "activation",
        [
          "function": .string(function.name), "parameter": .number(Double(function.parameter)),
        ]
      )
    case .maxPool(let size, let stride):
      return ("max_pool", ["size": .integer(size), "stride": .integer(stride)])
    case .averagePool(let size, let stride):
      return ("average_pool", ["size": .integer(size), "stride": .integer(stride)])
    case .mean: return ("mean", [:])
    case .flatten: return ("flatten", [:])
    case .add: return ("add", [:])
    case .concatenate: return ("concatenate", [:])
    case .groupNorm(let groups, let norm):
      var object = normalization(norm)
      object["groups"] = .integer(groups)
      return ("normalization", object)
    case .layerNorm(let norm): return ("normalization", normalization(norm))
    case .patches(let size): return ("patches", ["size": .integer(size)])
    case .addConstant(let values): return ("add_constant", ["values": place(values)])
    case .attention(let layer):
      return (
        "attention",
        [
          "heads": .integer(layer.heads), "width": .integer(layer.width),
          "projection": .object(dense(layer.projection)), "output": .object(dense(layer.output)),
        ]
      )
    }
  }

  private mutating func dense(_ layer: GraphDense) -> JSONObject {
    ["features": .integer(layer.inputs), "weight": place(layer.weight), "bias": place(layer.bias)]
  }

  private mutating func normalization(_ norm: GraphNormalization) -> JSONObject {
    [
      "epsilon": .number(Double(norm.epsilon)), "scale": place(norm.scale),
      "shift": place(norm.shift),
    ]
  }

  /// The floats, little-endian, in base 64.
  var encodedNumbers: String {
    Data(numbers.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } })
      .base64EncodedString()
  }
}

extension InferenceGraph {
  /// Reads what a ``GraphDescription`` says; `nil` for anything else.
  init?(describedBy json: JSONValue, numbers text: String) {
    guard let data = Data(base64Encoded: text), data.count % 4 == 0,
      let list = json.array, !list.isEmpty
    else { return nil }
    let bytes = [UInt8](data)
    let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
    }
    var nodes: [GraphNode] = []
    for (place, node) in list.enumerated() {
      guard let read = DescribedNode(json: node, numbers: numbers).node,
        read.inputs.allSatisfy((0..<place).contains)
      else { return nil }
      nodes.append(read)
    }
    self.init(nodes: nodes)
  }
}

/// A node that is read back.
private struct DescribedNode {
  let json: JSONValue
  let numbers: [Float]

  private func values(_ json: JSONValue?) -> [Float]? {
    guard let place = json?.array?.compactMap(\.int), place.count == 2, place[0] >= 0,
      place[1] >= 0,
      place[0] <= numbers.count, place[1] <= numbers.count - place[0]
    else { return nil }
    return Array(numbers[place[0]..<place[0] + place[1]])
  }

  var node: GraphNode? {
    guard let name = json["name"]?.string, let operation,
      let inputs = json["inputs"]?.array?.compactMap(\.int),
      let shape = json["shape"]?.array?.compactMap(\.int)
    else { return nil }
    return GraphNode(name: name, operation: operation, inputs: inputs, shape: shape)
  }

  private var operation: GraphOperation? {
    let (size, stride) = (json["size"]?.int ?? 1, json["stride"]?.int ?? 1)
    return switch json["operation"]?.string {
    case "image": .image
    case "scale_shift": both("scale", "shift").map { .scaleShift(scale: $0, shift: $1) }
    case "convolution": convolution(stride)
    case "dense": dense(json).map { .dense($0) }
    case "activation":
      ActivationFunction(
        name: json["function"]?.string ?? "",
        parameter: json["parameter"]?.double.map { Float($0) }
      ).map { .activation($0) }
    case "max_pool": .maxPool(size: size, stride: stride)
    case "average_pool": .averagePool(size: size, stride: stride)
    case "mean": .mean
    case "flatten": .flatten(.channelsLast)
    case "add": .add
    case "concatenate": .concatenate
    case "normalization": normalization
    case "patches": .patches(size: size)
    case "add_constant": values(json["values"]).map { .addConstant($0) }
    case "attention": attention
    default: nil
    }
  }

  private func both(_ one: String, _ other: String) -> ([Float], [Float])? {
    guard let first = values(json[one]), let second = values(json[other]) else { return nil }
    return (first, second)
  }

  private func convolution(_ stride: Int) -> GraphOperation? {
    guard let (weight, bias) = both("weight", "bias"), let size = json["kernel"]?.int, size > 0,
      !bias.isEmpty
    else { return nil }
    return .convolution(
      GraphConvolution(
        kernelSize: size, stride: stride, padding: json["padding"]?.int ?? 0,
        inputs: weight.count / (size * size * bias.count), outputs: bias.count, weight: weight,
        bias: bias))
  }

  private func dense(_ json: JSONValue?) -> GraphDense? {
    guard let inputs = json?["features"]?.int, let weight = values(json?["weight"]),
      let bias = values(json?["bias"]), weight.count == inputs * bias.count
    else { return nil }
    return GraphDense(inputs: inputs, outputs: bias.count, weight: weight, bias: bias)
  }

  private var normalization: GraphOperation? {
    guard let (scale, shift) = both("scale", "shift"), let epsilon = json["epsilon"]?.double else {
      return nil
    }
    let norm = GraphNormalization(epsilon: Float(epsilon), scale: scale, shift: shift)
    return json["groups"]?.int.map { .groupNorm(groups: $0, norm) } ?? .layerNorm(norm)
  }

  private var attention: GraphOperation? {
    guard let heads = json["heads"]?.int, let width = json["width"]?.int,
      let projection = dense(json["projection"]), let output = dense(json["output"])
    else { return nil }
    return .attention(
      GraphAttention(heads: heads, width: width, projection: projection, output: output))
  }
}
