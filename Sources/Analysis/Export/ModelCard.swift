import Configuration
import Interchange
import Support
import Training

/// What a model hub shows of a network: front matter for machines, and what a person should know
/// before using it.
///
/// Mitchell, Wu, Zaldivar et al., "Model cards for model reporting", 2019; the front matter is that of
/// huggingface/hub-docs, `modelcard.md`.
struct ModelCard {
  let network: ExportedNetwork
  let files: [ExportResult]
  /// The content of the run's `evaluation.json`, if it was tested.
  let test: JSONValue?
  let dataset: String
  let epoch: Int
  /// The run's options that are not the program's defaults.
  let options: [(key: String, value: String)]

  var text: String {
    [frontMatter, about, results, usage, training, limits].joined(separator: "\n")
  }

  /// A text as YAML and JSON have it.
  private func quoted(_ text: String) -> String { JSONValue.string(text).text() }

  private var frontMatter: String {
    var lines = [
      "---", "library_name: onnx", "pipeline_tag: image-classification",
      "tags: [image-classification, handwriting, character-recognition, onnx, safetensors]",
      "datasets: [\(quoted(dataset))]", "metrics: [accuracy, f1]",
    ]
    if let test {
      lines += [
        "model-index:", "- name: \(quoted(network.name))", "  results:", "  - task:",
        "      type: image-classification", "    dataset:", "      type: \(quoted(dataset))",
        "      name: \(quoted(dataset))", "      split: test", "    metrics:",
      ]
      for (type, value) in [("accuracy", test["accuracy"]), ("f1", test["macro"]?["f1"])] {
        guard let value = value?.double else { continue }
        lines += ["    - type: \(type)", "      value: \(value)"]
      }
    }
    return (lines + ["---", ""]).joined(separator: "\n")
  }

  private var about: String {
    """
    # \(network.name.shown)

    Tells which of \(network.labels.count) handwritten characters an image of \(network.graph.width) x \
    \(network.graph.height) pixels shows: \(network.labels.map(\.shown).joined(separator: " ")). \
    \(grouped(network.graph.multiplyAdds)) multiply-adds an image. Trained and written by emnist \
    \(network.version).

    """
  }

  private var results: String {
    guard let test, let accuracy = test["accuracy"]?.double, let count = test["count"]?.int else {
      return "## Results\n\nIt was not tested.\n"
    }
    var lines = ["accuracy \(percent(accuracy))"]
    if let bounds = test["interval95"]?.array?.compactMap(\.double), bounds.count == 2 {
      lines.append("95 % interval of it \(percent(bounds[0])) to \(percent(bounds[1]))")
    }
    if let f1 = test["macro"]?["f1"]?.double { lines.append("macro F1 \(percent(f1))") }
    if let ece = test["ece"]?.double {
      lines.append("expected calibration error \(fixed(ece, 4))")
    }
    let pairs = (test["top_confusions"]?.array ?? []).prefix(5).compactMap { pair -> String? in
      guard let wanted = pair["true"]?.string, let found = pair["predicted"]?.string,
        let count = pair["count"]?.int
      else { return nil }
      return "\(wanted.shown) for \(found.shown) (\(count))"
    }
    let confusions =
      pairs.isEmpty ? "" : "\nTaken for others most often: \(pairs.joined(separator: ", ")).\n"
    return """
      ## Results

      On the \(grouped(count)) images of the test part of '\(dataset.shown)', one training:

      \(lines.map { "- \($0)" }.joined(separator: "\n"))
      \(confusions)
      """
  }

  private var usage: String {
    let rows = files.map { file in
      let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
      return "| `\(name)` | \(byteCount(file.bytes)) | \(percent(file.agreement.sameAnswers)) | "
        + "\(file.agreement.largestDifference) |"
    }
    return """
      ## Use

      Pixels are 0 to 255, upright, ink bright on dark, as the training images sit in theirs; the
      normalization is inside. `example.py` classifies with ONNX Runtime.

      | file | size | same answers as the program | largest difference of a logit |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private var training: String {
    """
    ## Training

    Data: '\(dataset.shown)'; \(epoch) epochs to this checkpoint. Options other than the program's defaults:
    \(options.map { "`\($0.key)` \($0.value)" }.joined(separator: ", ").shown).

    """
  }

  private var limits: String {
    let threshold =
      network.threshold == nil
      ? "It has no threshold: it names a class for whatever it is shown."
      : "A score of image and logits, with its threshold in the metadata of `model.safetensors`, tells what "
        + "is no character; the logits alone name a class for whatever they are shown."
    return """
      ## What it is not for

      \(threshold) Characters of other alphabets, several in one image, and writing unlike that of its
      training data are beyond what was measured. It should decide nothing of weight about a person.

      """
  }
}
