import Support

/// A trained network as other programs get it.
public struct ExportedNetwork: Sendable {
  /// `cnn`
  public let name: String
  public let graph: InferenceGraph
  /// What people call the classes, in the order of the logits.
  public let labels: [String]
  /// What logits are divided by before they become probabilities.
  public let temperature: Float
  /// The largest probability below which an image is no character; `nil` accepts all.
  public let threshold: Float?
  /// What else is known, by keys such as `emnist.dataset`, for formats that have a place for it.
  public let facts: [(key: String, value: String)]

  public init(
    name: String, graph: InferenceGraph, labels: [String], temperature: Float = 1,
    threshold: Float? = nil, facts: [(key: String, value: String)] = []
  ) {
    self.name = name
    self.graph = graph
    self.labels = labels
    self.temperature = temperature
    self.threshold = threshold
    self.facts = facts
  }
}

/// What is asked for beside the format.
public struct ExportOptions: Equatable, Sendable {
  /// Whether the image comes in floats, where a format has a choice; else in bytes.
  public var takesFloats = false
  /// Whether the image comes with rows and columns swapped, as EMNIST's files have it.
  public var transposes = false

  public init() {}
}

/// A format that a network is written in.
public struct NetworkFormat: Sendable {
  /// As one types it: `onnx`.
  public let name: String
  /// How files of it are named, behind a dot.
  public let suffix: String
  /// The file of a network.
  public let encode: @Sendable (ExportedNetwork, ExportOptions) throws -> [UInt8]
  /// What computes logits from the pixels of an image by the numbers of such a file.
  public let decode: @Sendable (FileContent, ExportedNetwork) throws -> LogitFunction

  /// From raw pixels, 0 to 255, in the order that the file asks for, to logits.
  public typealias LogitFunction = @Sendable ([Float]) -> [Float]

  /// A file that was read back.
  public struct FileContent: Sendable {
    public let bytes: [UInt8]
    public let path: String

    public init(bytes: [UInt8], path: String) {
      self.bytes = bytes
      self.path = path
    }
  }

  /// Every format of a single file. A new one is a file of its own and an entry here.
  public static let all: [NetworkFormat] = [.onnx]

  static let onnx = NetworkFormat(name: "onnx", suffix: "onnx") { network, options in
    ONNXModel(network, options).encoded(version: network.version)
  } decode: { file, _ in
    let model = try ONNXModel(parsing: file.bytes, path: file.path)
    return try ONNXInterpreter(model, path: file.path).logits
  }
}

extension ExportedNetwork {
  /// That of the program which writes it, if it said so.
  var version: String { facts.first { $0.key == "emnist.version" }?.value ?? "" }
}

/// A network that a format has no words for.
public enum ExportError: UserError, Equatable {
  case cannot(format: String, layer: String, what: String)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .cannot(let format, let layer, let what):
      "layer '\(layer)' is \(what), which '\(format)' cannot be written with"
    }
  }
}
