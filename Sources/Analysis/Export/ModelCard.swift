import Configuration
import Interchange
import Support
import Training

/// What a person should know of a network before using it, with front matter for machines.
///
/// Mitchell, Wu, Zaldivar et al., "Model cards for model reporting", 2019; Pineau, Vincent-Lamarre,
/// Sinha et al., "Improving reproducibility in machine learning research", 2021; the front matter is
/// that of huggingface/hub-docs, `modelcard.md`. A license stands in it only if somebody named one.
public struct ModelCard: Sendable {
  let record: RunRecord
  let model: RecordedModel
  /// The content of the run's `evaluation.json`, if it was tested.
  let test: JSONValue?
  /// What was written of the network for other programs, if anything was.
  let files: [ExportResult]
  let license: String?

  /// - Parameter license: an identifier as `apache-2.0`.
  /// - Returns: `nil` if the run has no network yet.
  public init?(of record: RunRecord, files: [ExportResult] = [], license: String? = nil) {
    guard let model = record.model else { return nil }
    (self.record, self.model, self.files, self.license) = (record, model, files, license)
    let path = record.run.evaluation
    test = try? JSONValue(parsing: readFile(path), path: path)
  }

  /// Writes the card.
  ///
  /// - Throws: ``FileError``.
  public func write(to path: String) throws { try AtomicFile.write(text: text, to: path) }

  /// The card in Markdown, with its front matter in YAML.
  public var text: String {
    let sections = [
      about, results, trust, robustness, data, training, search, usage, limits,
    ]
    return frontMatter + "\n" + sections.compactMap(\.self).joined(separator: "\n")
  }

  /// A text as YAML and JSON have it.
  private func quoted(_ text: String) -> String { JSONValue.string(text).text() }

  private var frontMatter: String {
    let isExported = !files.isEmpty
    let formats = isExported ? ", onnx, safetensors" : ", safetensors"
    var lines = ["---"]
    if let license { lines.append("license: \(quoted(license))") }
    lines += [
      "library_name: \(isExported ? "onnx" : "emnist")", "pipeline_tag: image-classification",
      "tags: [image-classification, handwriting, character-recognition\(formats)]",
      "datasets: [\(quoted(model.dataset))]", "metrics: [accuracy, f1]",
    ]
    if let test {
      lines += [
        "model-index:", "- name: \(quoted(model.summary.name))", "  results:", "  - task:",
        "      type: image-classification", "    dataset:",
        "      type: \(quoted(model.dataset))", "      name: \(quoted(model.dataset))",
        "      split: test", "    metrics:",
      ]
      for (type, value) in [("accuracy", test["accuracy"]), ("f1", test["macro"]?["f1"])] {
        guard let value = value?.double else { continue }
        lines += ["    - type: \(type)", "      value: \(value)"]
      }
    }
    return (lines + ["---", ""]).joined(separator: "\n")
  }

  private var about: String {
    let (shape, labels) = (model.summary.inputShape, model.labels)
    let version = record.manifest?.sessions.last?["version"]?.string
    return """
      # \(model.summary.name.shown)

      Tells which of \(labels.count) handwritten characters an image of \(shape[1]) x \(shape[0]) pixels \
      shows: \(labels.map(\.shown).joined(separator: " ")).
      \(grouped(model.summary.parameters)) parameters, \(grouped(model.summary.multiplyAdds)) \
      multiply-adds an image. Trained by emnist\(version.map { " \($0.shown)" } ?? "").

      """
  }

  private var usage: String {
    let input =
      "Pixels are 0 to 255, upright, ink as bright or dark and as large and in the same place as in the "
      + "training images; the normalization is inside."
    guard !files.isEmpty else {
      return """
        ## Use

        \(input) `best.safetensors` holds the weights with PyTorch's names and layouts, and in its
        metadata layers, labels, temperature and threshold; `emnist export` writes it for other programs.

        """
    }
    let rows = files.map { file in
      let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
      return "| `\(name)` | \(byteCount(file.bytes)) | \(file.ramBytes.map(byteCount) ?? "-") | "
        + "\(percent(file.agreement.sameAnswers)) | \(file.agreement.largestDifference) |"
    }
    return """
      ## Use

      \(input) `example.py` classifies with ONNX Runtime.

      | file | size | memory beside the weights | same answers as the program | largest difference of a logit |
      |---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private var limits: String {
    let threshold =
      record.test?.confidence == nil
      ? "It has no threshold: it names a class for whatever it is shown."
      : "A score of image and logits, with its threshold in the metadata of the checkpoint, tells what "
        + "is no character; the logits alone name a class for whatever they are shown."
    return """
      ## What it is not for

      \(threshold) Characters of other alphabets, several in one image, and writing unlike that of its
      training data are beyond what was measured. It should decide nothing of weight about a person.

      """
  }
}
