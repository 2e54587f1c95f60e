import Support

/// What else people keep weights in, told by a file's first bytes, and the line of Python that makes
/// a safetensors file of it.
public enum ForeignFormat: String, CaseIterable, Sendable {
  case torch = "PyTorch's weights (.pt)"
  case hdf5 = "HDF5, as Keras' .h5"
  case keras = "a Keras model (.keras)"
  case numPy = "NumPy's arrays (.npz)"
  case parquet = "a Parquet table"
  case tfLite = "a TensorFlow Lite model"
  case gguf = "a GGUF model"
  case zip = "a zip archive"

  /// The format of a file that is none of ours; `nil` if its first bytes say nothing.
  init?(_ bytes: [UInt8]) {
    func starts(_ signature: String) -> Bool { bytes.starts(with: signature.utf8) }
    if starts("PK\u{3}\u{4}") {
      self.init(zip: bytes)
    } else if bytes.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .hdf5
    } else if bytes.count > 8, bytes[0] == 0x80, (2...5).contains(bytes[1]),
      bytes[8] != UInt8(ascii: "{")
    {
      // A pickle, as PyTorch wrote before 1.6; with a brace there the first eight are a length.
      self = .torch
    } else if starts("PAR1") {
      self = .parquet
    } else if bytes.dropFirst(4).starts(with: "TFL3".utf8) {
      self = .tfLite
    } else if starts("GGUF") {
      self = .gguf
    } else {
      return nil
    }
  }

  /// By the name of an archive's first member, which begins at its 30th byte.
  private init(zip bytes: [UInt8]) {
    guard bytes.count > 30 else {
      self = .zip
      return
    }
    let length = Int(bytes[26]) | Int(bytes[27]) << 8
    let name = String(decoding: bytes.dropFirst(30).prefix(length), as: UTF8.self)
    if name.hasSuffix(".npy") {
      self = .numPy
    } else if name == "metadata.json" || name == "config.json" || name == "model.weights.h5" {
      self = .keras
    } else if name.contains("/data") || name.hasSuffix("/.format_version")
      || name.hasSuffix("/byteorder")
    {
      self = .torch
    } else {
      self = .zip
    }
  }

  /// What converts `path`, whose name is kept; `nil` if it holds no weights that could be taken.
  func conversion(of path: String) -> String? {
    let source = quoted(path)
    let target = quoted(withoutEnding(path) + ".safetensors")
    switch self {
    case .torch:
      return "import torch, safetensors.torch as s; s.save_file({k: v.contiguous() for k, v in "
        + "torch.load(\(source), map_location='cpu').items()}, \(target))"
    case .hdf5, .keras:
      return "import keras, safetensors.numpy as s; s.save_file({f'{i}.{v.name}': v.numpy() "
        + "for i, l in enumerate(keras.models.load_model(\(source)).layers) for v in l.weights}, "
        + "\(target))"
    case .numPy:
      return "import numpy, safetensors.numpy as s; s.save_file(dict(numpy.load(\(source))), "
        + "\(target))"
    case .parquet, .tfLite, .gguf, .zip: return nil
    }
  }

  private func quoted(_ path: String) -> String {
    "'" + path.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  private func withoutEnding(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return path }
    return String(path.dropLast(name.distance(from: dot, to: name.endIndex)))
  }
}

/// A file of weights in another format.
public struct ForeignFileError: UserError, Equatable {
  public let path: String
  public let format: ForeignFormat

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    guard let line = format.conversion(of: path) else {
      return "\(path): is \(format.rawValue), which holds no weights that can be taken; "
        + "save them as safetensors"
    }
    return "\(path): is \(format.rawValue), not safetensors; convert it with "
      + "python3 -c \"\(line)\""
  }
}
