import Support

/// What is asked for beside the format.
public struct ExportOptions: Equatable, Sendable {
  /// Whether the image comes in floats, where a format has a choice; else in bytes.
  public var takesFloats = false
  /// Whether the image comes with rows and columns swapped, as EMNIST's files have it.
  public var transposes = false

  public init() {}
}

/// A format that a network is written in, as a single file. A new one is a value like this beside
/// what writes and reads it, and an entry in the list of them.
public struct NetworkFormat: Sendable {
  /// As one types it: `onnx`.
  public let name: String
  /// How files of it are named, behind a dot.
  public let suffix: String
  /// What a person must know to use it.
  public let usage: String
  /// The options that mean something to it.
  public var choices: Set<Choice> = []
  /// The file of a network.
  public let encode: @Sendable (ExportedNetwork, ExportOptions) throws -> [UInt8]
  /// What computes logits from the pixels of an image by the numbers of such a file.
  public let decode: @Sendable (FileContent, ExportedNetwork) throws -> LogitFunction
  /// Bytes of the buffers that it needs beside the weights; `nil` where whoever runs it decides.
  public var ramBytes: (@Sendable (ExportedNetwork, ExportOptions) -> Int?)?

  /// From raw pixels, 0 to 255, in the order that the file asks for, to logits.
  public typealias LogitFunction = @Sendable ([Float]) -> [Float]

  /// An option of some formats.
  public enum Choice: Sendable { case input, transpose, quantize }

  /// A file that was read back.
  public struct FileContent: Sendable {
    public let bytes: [UInt8]
    public let path: String

    public init(bytes: [UInt8], path: String) {
      self.bytes = bytes
      self.path = path
    }
  }

  public init(
    name: String, suffix: String, usage: String,
    encode: @escaping @Sendable (ExportedNetwork, ExportOptions) throws -> [UInt8],
    decode: @escaping @Sendable (FileContent, ExportedNetwork) throws -> LogitFunction
  ) {
    (self.name, self.suffix, self.usage) = (name, suffix, usage)
    (self.encode, self.decode) = (encode, decode)
  }
}

/// A network that a format has no words for, or a file that is none of its format.
public enum ExportError: UserError, Equatable {
  case cannot(format: String, layer: String, what: String)
  case noWholeNumbers(layer: String, what: String)
  case unreadable(path: String, format: String, what: String)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .cannot(let format, let layer, let what):
      "layer '\(layer)' is \(what), which '\(format)' is not written with; choose another format"
    case .noWholeNumbers(let layer, let what):
      "layer '\(layer)' is \(what), which has no form in whole numbers of 8 bits"
    case .unreadable(let path, let format, let what):
      "\(path): is no '\(format)' file as emnist writes it: \(what)"
    }
  }
}
