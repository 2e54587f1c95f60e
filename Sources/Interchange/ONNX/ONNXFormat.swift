extension NetworkFormat {
  /// The Open Neural Network Exchange format.
  public static let onnx: NetworkFormat = {
    var format = NetworkFormat(
      name: "onnx", suffix: "onnx",
      usage: "input 'image' [N, H, W], outputs 'logits' and 'probabilities'"
    ) { network, options in
      ONNXModel(network, options).encoded(version: network.version)
    } decode: { file, _ in
      let model = try ONNXModel(parsing: file.bytes, path: file.path)
      return try ONNXInterpreter(model, path: file.path).logits
    }
    format.choices = [.input, .transpose]
    return format
  }()
}
