import NN
import Support
import Tensor

extension NetworkFormat {
  /// Weights as PyTorch names and lays them out, with all in the metadata that a module is built from.
  public static let safetensors = NetworkFormat(
    name: "safetensors", suffix: "safetensors",
    usage: "weights and metadata for PyTorch; Scripts/load_in_torch.py builds the module"
  ) { network, _ in
    SafetensorsFile(metadata: [("format", "pt")] + network.facts, tensors: network.tensors)
      .checksummed.encoded()
  } decode: { file, _ in
    let content = try SafetensorsFile(parsing: file.bytes, path: file.path)
    return GraphEvaluator(try InferenceGraph(content)).logits
  }
}

extension InferenceGraph {
  /// What a file of weights computes, by its metadata alone.
  ///
  /// - Throws: ``ExportError/unreadable(path:format:what:)`` without the metadata, and what
  ///   ``Model/load(_:)`` throws.
  public init(_ file: SafetensorsFile) throws {
    func text(_ key: String) throws -> String {
      guard let value = file[metadata: "emnist.\(key)"] else {
        throw ExportError.unreadable(
          path: file.path, format: "safetensors", what: "it has no metadata 'emnist.\(key)'")
      }
      return value
    }
    func json(_ key: String) throws -> JSONValue {
      try JSONValue(parsing: Array(text(key).utf8), path: file.path, exitCode: .dataError)
    }
    guard let shape = try json("input").array?.compactMap(\.int), shape.count == 3,
      let classes = try json("labels").array?.count, let mean = Double(try text("mean")),
      let deviation = Double(try text("std"))
    else {
      throw ExportError.unreadable(
        path: file.path, format: "safetensors", what: "its metadata are not a network's")
    }
    let model = try Model(
      ModelDescription(json: json("model"), path: file.path), inputShape: Shape(shape),
      classes: classes, on: Device(threads: 1))
    try model.load(file)
    try self.init(model, mean: mean, deviation: deviation)
  }
}
