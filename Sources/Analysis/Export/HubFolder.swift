import Interchange
import Support
import Training

extension RunExport {
  /// Writes a folder for a model hub: the network for PyTorch and for ONNX's runtimes, a program that
  /// uses it, and a card, which comes last.
  ///
  /// - Parameter license: for the card, if somebody named one.
  /// - Returns: what was written of the network.
  /// - Throws: as ``write(_:_:to:comparedOn:)``.
  public func writeHub(
    to directory: String, of run: RunDirectory, comparedOn images: ProofImages,
    license: String? = nil
  ) throws -> [ExportResult] {
    try makeDirectories(directory)
    let files = try [NetworkFormat.safetensors, .onnx].map { format in
      try write(
        format, ExportOptions(), to: "\(directory)/model.\(format.suffix)", comparedOn: images)
    }
    try AtomicFile.write(text: Self.example, to: "\(directory)/example.py")
    let card = ModelCard(of: try RunRecord(reading: run), files: files, license: license)
    try card?.write(to: "\(directory)/README.md")
    return files
  }

  private static let example = """
    \"""Classifies images with ONNX Runtime: python example.py image.png …\"""

    import json
    import sys

    import numpy as np
    import onnxruntime
    from PIL import Image

    session = onnxruntime.InferenceSession("model.onnx")
    labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
    height, width = session.get_inputs()[0].shape[1:]
    for path in sys.argv[1:]:
        # Ink bright on dark, the character as large and in the same place as in the training images.
        image = Image.open(path).convert("L").resize((width, height))
        pixels = np.asarray(image, np.uint8)[np.newaxis]
        probabilities = session.run(["probabilities"], {"image": pixels})[0][0]
        best = probabilities.argmax()
        print(f"{path}: {labels[best]} {probabilities[best]:.1%}")

    """
}
