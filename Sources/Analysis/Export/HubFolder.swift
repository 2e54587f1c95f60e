import Configuration
import Interchange
import Support
import Training

extension RunExport {
  /// Writes a folder for a model hub: the network for PyTorch and for ONNX's runtimes, a program that
  /// uses it, and a card, which comes last.
  ///
  /// - Returns: what was written of the network.
  /// - Throws: as ``write(_:_:to:comparedOn:)``.
  public func writeHub(
    to directory: String, of run: RunDirectory, comparedOn images: ProofImages
  ) throws -> [ExportResult] {
    try makeDirectories(directory)
    let files = try [NetworkFormat.safetensors, .onnx].map { format in
      try write(
        format, ExportOptions(), to: "\(directory)/model.\(format.suffix)", comparedOn: images)
    }
    try AtomicFile.write(text: Self.example, to: "\(directory)/example.py")
    let test = try? JSONValue(parsing: readFile(run.evaluation), path: run.evaluation)
    var layers = LayeredConfiguration()
    try layers.layFile(run.config)
    let given = ConfigurationOption.all.compactMap { option -> (key: String, value: String)? in
      guard let value = option.text(in: layers.configuration),
        value != option.text(in: TrainingConfiguration()), !Self.places.contains(option.name)
      else { return nil }
      return (option.name, value)
    }
    let card = ModelCard(
      network: network, files: files, test: test, dataset: dataset, epoch: epoch, options: given)
    try AtomicFile.write(text: card.text, to: "\(directory)/README.md")
    return files
  }

  /// Options that say something about a machine and nothing about the network.
  private static let places: Set = [
    "data", "out", "name", "threads", "config", "train_images", "train_labels", "test_images",
    "test_labels", "mapping", "init_from", "force",
  ]

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
