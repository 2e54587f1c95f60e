import Datasets
import Formats
import Interchange
import NN
import Support
import Tensor
import Training

/// What of a network's outputs on images is written as arrays.
public enum OutputKind: String, CaseIterable, Sendable {
  /// What the last layer gives.
  case logits
  /// What the last dense layer is given.
  case features
  case probabilities
}

extension RunExport {
  /// The network's outputs on a selection, `[N, F]` floats, with the images' classes and their places
  /// in the part's file, each `[N]`, as `numpy.savez` would write them.
  ///
  /// - Throws: ``ExportError`` if the network does not end with a dense layer and features are asked
  ///   for; ``FileError``.
  public func write(_ kind: OutputKind, of selection: Selection, to path: String) throws -> Int {
    let outputs = try values(kind, of: selection)
    let count = selection.count
    let labels = (0..<count).map { Int64(selection.label(at: $0)) }
    let bytes = NPZ.encode([
      (
        kind.rawValue,
        NumberArray(.float32, [count, outputs.count / max(1, count)], bytes: outputs.bytes)
      ),
      ("labels", NumberArray(.int64, [count], bytes: labels.bytes)),
      (
        "indices",
        NumberArray(.int64, [count], bytes: selection.indices.map { Int64($0) }.bytes)
      ),
    ])
    try AtomicFile.write(bytes, to: path)
    return bytes.count
  }

  private func values(_ kind: OutputKind, of selection: Selection) throws -> [Float] {
    switch kind {
    case .logits: return answers(on: selection)
    case .features: return outputs(of: try headless(), on: selection)
    case .probabilities:
      let logits = answers(on: selection)
      let classes = network.labels.count
      return stride(from: 0, to: logits.count, by: classes).flatMap {
        network.probabilities(of: Array(logits[$0..<$0 + classes]))
      }
    }
  }

  /// The network without its last dense layer.
  private func headless() throws -> Model {
    let elements = model.outline.chain.elements
    guard let last = elements.last, last.description is Dense, last.outline.inputShape.rank == 1
    else {
      throw ExportError.cannot(
        format: "npz", layer: elements.last?.name ?? network.name,
        what: "the last and not a dense one behind features")
    }
    let outline = try ModelOutline(
      ModelDescription(
        name: network.name, layers: elements.dropLast().map(\.description)),
      inputShape: model.inputShape, classes: last.outline.inputShape[0])
    let body = try Model(outline, convolution: model.convolution, on: model.device)
    try body.load(SafetensorsFile(tensors: network.tensors))
    return body
  }
}

extension [Float] {
  fileprivate var bytes: [UInt8] {
    flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word.bitPattern >> (8 * $0)) } }
  }
}

extension [Int64] {
  fileprivate var bytes: [UInt8] {
    flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
