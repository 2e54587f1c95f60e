import Formats
import Interchange
import Support

extension NetworkFormat {
  /// Every format of a single file.
  public static let all: [NetworkFormat] = [.safetensors, .onnx, .tflite, .c, .coreML, .npz, .html]

  /// The format of that name, if there is one.
  public static func named(_ name: String) -> NetworkFormat? { all.first { $0.name == name } }

  /// The weights as NumPy's arrays, named and laid out as PyTorch does.
  private static let npz: NetworkFormat = {
    var format = arrays
    format.choices = [.quantize]
    return format
  }()

  private static let arrays = NetworkFormat(
    name: "npz", suffix: "npz",
    usage: "an array for each tensor, as PyTorch names and lays them out"
  ) { network, _ in
    NPZ.encode(network.tensors.map { ($0.name, NumberArray($0)) })
  } decode: { file, network in
    let archive = try ZipArchive(parsing: file.bytes, path: file.path)
    let tensors = try network.tensors.map { tensor in
      let name = "\(tensor.name).npy"
      guard let member = archive[name],
        case .numbers(let array) = try NPY.decode(archive.contents(of: member), path: file.path),
        array.shape == tensor.shape, array.bytes.count == tensor.bytes.count
      else {
        throw ExportError.unreadable(path: file.path, format: "npz", what: "it has no '\(name)'")
      }
      return SafetensorsTensor(
        name: tensor.name, dtype: tensor.dtype, shape: array.shape, bytes: array.bytes)
    }
    return GraphEvaluator(
      try InferenceGraph(SafetensorsFile(metadata: network.facts, tensors: tensors))
    ).logits
  }
}

extension NumberArray {
  /// The numbers of a tensor: floats, or a count of steps.
  fileprivate init(_ tensor: SafetensorsTensor) {
    self.init(tensor.dtype == .f32 ? .float32 : .int64, tensor.shape, bytes: tensor.bytes)
  }
}
