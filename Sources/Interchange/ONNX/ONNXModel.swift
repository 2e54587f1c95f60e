import Support

/// A network in the Open Neural Network Exchange format, as far as we write it: one graph of operators
/// of the standard domain, constants, named inputs and outputs.
///
/// onnx/onnx, `onnx.proto` and `Operators.md`: IR version 8, operator set 17.
struct ONNXModel {
  static let operatorSet = 17
  private static let formatVersion = 8

  var name = ""
  var nodes: [ONNXNode] = []
  var constants: [(name: String, tensor: ONNXTensor)] = []
  var inputs: [ONNXValue] = []
  var outputs: [ONNXValue] = []
  /// What is known of it beside the numbers.
  var metadata: [(key: String, value: String)] = []
}

/// An operator with the values that it reads and gives.
struct ONNXNode {
  let name: String
  let type: String
  let inputs: [String]
  var outputs: [String]
  var attributes: [(name: String, value: ONNXAttribute)] = []
}

enum ONNXAttribute: Equatable {
  case integer(Int)
  case float(Float)
  case integers([Int])
}

/// A constant: floats, or whole numbers for shapes and axes.
enum ONNXTensor: Equatable {
  case floats([Float], shape: [Int])
  case integers([Int])
}

/// An input or output of a graph.
struct ONNXValue: Equatable {
  enum Element: Int { case float = 1, uint8 = 2 }

  let name: String
  let element: Element
  /// Of one item; before it stands the batch, of any size.
  let shape: [Int]
}

extension ONNXModel {
  /// The bytes of the file, as the reference writes them.
  func encoded(version: String) -> [UInt8] {
    ProtobufMessage { model in
      model.add(1, Self.formatVersion)
      model.add(2, "emnist")
      model.add(3, version)
      model.add(7) { graph in
        for node in nodes { graph.add(1) { node.encode(into: &$0) } }
        graph.add(2, name)
        for (name, tensor) in constants { graph.add(5) { tensor.encode(into: &$0, name) } }
        for input in inputs { graph.add(11) { input.encode(into: &$0) } }
        for output in outputs { graph.add(12) { output.encode(into: &$0) } }
      }
      // The standard operators are the domain without a name.
      model.add(8) { $0.add(2, Self.operatorSet) }
      for (key, value) in metadata {
        model.add(14) {
          $0.add(1, key)
          $0.add(2, value)
        }
      }
    }.bytes
  }

  /// Reads what was written.
  ///
  /// - Throws: ``ProtobufError``, ``ONNXError``.
  init(parsing bytes: [UInt8], path: String) throws {
    let model = try ProtobufFields(parsing: bytes[...], path: path)
    guard try model.integer(1) == Self.formatVersion,
      try model.messages(8).first?.integer(2) == Self.operatorSet
    else { throw ONNXError.otherVersion(path: path) }
    let graph = try model.message(7)
    name = graph.text(2)
    nodes = try graph.messages(1).map { try ONNXNode($0, path: path) }
    constants = try graph.messages(5).map { ($0.text(8), try ONNXTensor($0, path: path)) }
    inputs = try graph.messages(11).map { try ONNXValue($0, path: path) }
    outputs = try graph.messages(12).map { try ONNXValue($0, path: path) }
    metadata = try model.messages(14).map { ($0.text(1), $0.text(2)) }
  }
}

extension ONNXNode {
  fileprivate func encode(into message: inout ProtobufMessage) {
    for input in inputs { message.add(1, input) }
    for output in outputs { message.add(2, output) }
    message.add(3, name)
    message.add(4, type)
    for (name, value) in attributes {
      message.add(5) { attribute in
        attribute.add(1, name)
        switch value {
        case .float(let value):
          attribute.add(2, value)
          attribute.add(20, 1)
        case .integer(let value):
          attribute.add(3, value)
          attribute.add(20, 2)
        case .integers(let values):
          for value in values { attribute.add(8, value) }
          attribute.add(20, 7)
        }
      }
    }
  }

  fileprivate init(_ message: ProtobufFields, path: String) throws {
    (inputs, outputs) = (message.texts(1), message.texts(2))
    (name, type) = (message.text(3), message.text(4))
    attributes = try message.messages(5).map { attribute in
      let name = attribute.text(1)
      switch try attribute.integer(20) {
      case 1: return (name, .float(attribute.float(2)))
      case 2: return (name, .integer(try attribute.integer(3)))
      case 7: return (name, .integers(try attribute.integers(8)))
      default: throw ONNXError.unknown(path: path, what: "attribute '\(name)'")
      }
    }
  }
}

extension ONNXTensor {
  fileprivate func encode(into message: inout ProtobufMessage, _ name: String) {
    switch self {
    case .floats(let values, let shape):
      for extent in shape { message.add(1, extent) }
      message.add(2, 1)
      message.add(8, name)
      message.add(9, bytes: values.flatMap { littleEndian($0.bitPattern) })
    case .integers(let values):
      message.add(1, values.count)
      message.add(2, 7)
      message.add(8, name)
      message.add(9, bytes: values.flatMap { littleEndian(Int64($0)) })
    }
  }

  fileprivate init(_ message: ProtobufFields, path: String) throws {
    let (shape, bytes) = (try message.integers(1), message.contents(9).last ?? [])
    let size = try message.integer(2) == 1 ? 4 : 8
    guard boundedProduct(shape.map { max(0, $0) } + [size]) == bytes.count else {
      throw ONNXError.unknown(path: path, what: "tensor '\(message.text(8))'")
    }
    if size == 4 {
      self = .floats([Float](littleEndian: bytes), shape: shape)
    } else {
      let start = bytes.startIndex
      self = .integers(
        (0..<bytes.count / 8).map { place in
          (0..<8).reduce(0) { $0 | Int(bytes[start + 8 * place + $1]) << (8 * $1) }
        })
    }
  }
}

extension ONNXValue {
  fileprivate func encode(into message: inout ProtobufMessage) {
    message.add(1, name)
    message.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, element.rawValue)
        tensor.add(2) { shape in
          shape.add(1) { $0.add(2, "batch") }
          for extent in self.shape { shape.add(1) { $0.add(1, extent) } }
        }
      }
    }
  }

  fileprivate init(_ message: ProtobufFields, path: String) throws {
    name = message.text(1)
    let tensor = try message.message(2).message(1)
    guard let element = Element(rawValue: try tensor.integer(1)) else {
      throw ONNXError.unknown(path: path, what: "type of '\(name)'")
    }
    self.element = element
    shape = try tensor.message(2).messages(1).dropFirst().map { try $0.integer(1) }
  }
}

/// An ONNX file that is not as we write them.
public enum ONNXError: UserError, Equatable {
  case otherVersion(path: String)
  case unknown(path: String, what: String)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .otherVersion(let path):
      "\(path): is not of IR version 8 and operator set 17, which emnist writes"
    case .unknown(let path, let what): "\(path): the \(what) is not one that emnist writes"
    }
  }
}
