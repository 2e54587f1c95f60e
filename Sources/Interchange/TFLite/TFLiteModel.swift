import Support

/// A network in TensorFlow Lite's format, as far as we write it: one graph of built-in operators over
/// tensors.
///
/// tensorflow/tensorflow, `schema.fbs`, version 3. Images are `[1, H, W, C]`.
struct TFLiteModel {
  var description = ""
  var tensors: [TFLiteTensor] = []
  var operators: [TFLiteOperator] = []
  var inputs: [Int] = []
  var outputs: [Int] = []
  /// By name; readers that do not know one pass over it.
  var metadata: [(name: String, content: [UInt8])] = []
}

struct TFLiteTensor {
  enum Element: Int { case float32 = 0, int32 = 2, int8 = 9 }

  let name: String
  let shape: [Int]
  let element: Element
  /// Of a constant, little-endian.
  var content: [UInt8]?
  /// What whole numbers stand for.
  var quantization: Quantization?

  struct Quantization: Equatable {
    /// One, or one for each place along `axis`.
    let scales: [Float]
    let zeroPoints: [Int]
    var axis = 0
  }

  var floats: [Float] { [Float](littleEndian: (content ?? [])[...]) }
  var int32s: [Int] { floats.map { Int(Int32(bitPattern: $0.bitPattern)) } }
}

struct TFLiteOperator {
  let code: TFLiteCode
  let inputs: [Int]
  let outputs: [Int]
  /// Fields of the operator's table of options by their slots.
  var options: [Int: FlatValue] = [:]
}

/// The built-in operators that are used.
enum TFLiteCode: Int {
  case add = 0, averagePool = 1, concatenation = 2, convolution = 3, depthwiseConvolution = 4
  case fullyConnected = 9, logistic = 14, maxPool = 17, multiply = 18, relu = 19, reshape = 22
  case softmax = 25, tanh = 28, pad = 34, mean = 40, subtract = 41, divide = 42, exponential = 47
  case maximum = 55, minimum = 57, reciprocalRoot = 76, leakyReLU = 98, elu = 111, quantize = 114,
    hardSwish = 117, gelu = 150

  /// The type of its options in the union of all; 0 for none.
  var optionsType: Int {
    switch self {
    case .convolution: 1
    case .depthwiseConvolution: 2
    case .averagePool, .maxPool: 5
    case .fullyConnected: 8
    case .softmax: 9
    case .concatenation: 10
    case .add: 11
    case .reshape: 17
    case .multiply: 21
    case .pad: 22
    case .mean: 27
    case .subtract: 28
    case .divide: 29
    case .exponential: 33
    case .maximum, .minimum: 39
    case .leakyReLU: 75
    case .hardSwish: 91
    case .gelu: 116
    case .logistic, .relu, .tanh, .elu, .quantize, .reciprocalRoot: 0
    }
  }

  /// The version of its definition: a later one where it takes bytes.
  func version(isQuantized: Bool) -> Int {
    guard isQuantized else { return 1 }
    switch self {
    case .convolution, .depthwiseConvolution: return 3
    case .fullyConnected: return 4
    case .add, .averagePool, .concatenation, .gelu, .logistic, .maxPool, .mean, .multiply, .pad,
      .relu, .softmax, .tanh:
      return 2
    default: return 1
    }
  }
}

extension TFLiteModel {
  private static let identifier = "TFL3"

  /// The bytes of the file.
  func encoded() -> [UInt8] {
    let isQuantized = tensors.contains { $0.element == .int8 }
    let codes = operators.map(\.code).reduce(into: [TFLiteCode]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    // The first buffer is empty, for all that are no constants.
    var buffers: [FlatValue] = [.table([:])]
    let tensorTables = tensors.map { tensor -> FlatValue in
      var fields: [Int: FlatValue] = [
        0: .int32s(tensor.shape), 1: .byte(tensor.element.rawValue), 3: .string(tensor.name),
      ]
      if let content = tensor.content {
        fields[2] = .int32(buffers.count)
        buffers.append(.table([0: .bytes(content, alignment: 16)]))
      }
      if let quantization = tensor.quantization {
        fields[4] = .table([
          2: .floats(quantization.scales), 3: .int64s(quantization.zeroPoints),
          6: .int32(quantization.axis),
        ])
      }
      return .table(fields)
    }
    let operatorTables = operators.map { step -> FlatValue in
      var fields: [Int: FlatValue] = [
        0: .int32(codes.firstIndex(of: step.code) ?? 0), 1: .int32s(step.inputs),
        2: .int32s(step.outputs),
      ]
      if step.code.optionsType > 0 {
        fields[3] = .byte(step.code.optionsType)
        fields[4] = .table(step.options)
      }
      return .table(fields)
    }
    let codeTables = codes.map { code -> FlatValue in
      .table([
        // Readers that know few operators look at the byte.
        0: .byte(min(code.rawValue, 127)), 2: .int32(code.version(isQuantized: isQuantized)),
        3: .int32(code.rawValue),
      ])
    }
    let metadataTables = metadata.map { entry -> FlatValue in
      buffers.append(.table([0: .bytes(entry.content, alignment: 16)]))
      return .table([0: .string(entry.name), 1: .int32(buffers.count - 1)])
    }
    let graph: FlatValue = .table([
      0: .tables(tensorTables), 1: .int32s(inputs), 2: .int32s(outputs), 3: .tables(operatorTables),
      4: .string("main"),
    ])
    let root: FlatValue = .table([
      0: .int32(3), 1: .tables(codeTables), 2: .tables([graph]), 3: .string(description),
      4: .tables(buffers), 6: .tables(metadataTables),
    ])
    return FlatBufferWriter(root: root, identifier: Self.identifier).bytes
  }

  /// Reads what was written.
  ///
  /// - Throws: ``FlatBufferError``, ``ExportError/unreadable(path:format:what:)``.
  init(parsing bytes: [UInt8], path: String) throws {
    func failure(_ what: String) -> ExportError {
      .unreadable(path: path, format: "tflite", what: what)
    }
    let root = try FlatTable(bytes, identifier: Self.identifier, path: path)
    guard try root.int32(0) == 3, let graph = try root.tables(2).first else {
      throw failure("it is not of version 3")
    }
    let (codes, buffers) = (try root.tables(1), try root.tables(4))
    description = try root.string(3)
    (inputs, outputs) = (try graph.int32s(1), try graph.int32s(2))
    metadata = try root.tables(6).map { table in
      guard buffers.indices.contains(try table.int32(1)) else { throw failure("it is not whole") }
      return (try table.string(0), Array(try buffers[try table.int32(1)].vector(0)))
    }
    tensors = try graph.tables(0).map { table in
      guard let element = TFLiteTensor.Element(rawValue: try table.byte(1)),
        buffers.indices.contains(try table.int32(2))
      else { throw failure("a tensor is of an unknown type") }
      var tensor = TFLiteTensor(
        name: try table.string(3), shape: try table.int32s(0), element: element)
      let content = try buffers[try table.int32(2)].vector(0)
      if !content.isEmpty { tensor.content = Array(content) }
      if let found = try table.table(4) {
        let zeros = try found.vector(3, elementSize: 8)
        tensor.quantization = TFLiteTensor.Quantization(
          scales: try found.floats(2),
          zeroPoints: stride(from: zeros.startIndex, to: zeros.endIndex, by: 8).map {
            Int(Int8(bitPattern: zeros[$0]))
          }, axis: try found.int32(6))
      }
      return tensor
    }
    operators = try graph.tables(3).map { table in
      guard codes.indices.contains(try table.int32(0)),
        let code = TFLiteCode(rawValue: try codes[try table.int32(0)].int32(3)),
        case let (ins, outs) = (try table.int32s(1), try table.int32s(2)),
        (ins + outs).allSatisfy(tensors.indices.contains)
      else { throw failure("an operator is unknown") }
      return TFLiteOperator(
        code: code, inputs: ins, outputs: outs, options: try code.options(try table.table(4)))
    }
  }
}

extension TFLiteCode {
  /// The options of an operator that was read.
  fileprivate func options(_ table: FlatTable?) throws -> [Int: FlatValue] {
    guard let table else { return [:] }
    switch self {
    case .convolution:
      return [
        0: .byte(try table.byte(0)), 1: .int32(try table.int32(1)), 3: .byte(try table.byte(3)),
      ]
    case .depthwiseConvolution: return [4: .byte(try table.byte(4))]
    case .averagePool, .maxPool:
      return [1: .int32(try table.int32(1)), 3: .int32(try table.int32(3))]
    case .fullyConnected, .add, .multiply, .subtract, .gelu: return [0: .byte(try table.byte(0))]
    case .softmax, .leakyReLU: return [0: .float(try table.float(0))]
    default: return [:]
    }
  }
}
