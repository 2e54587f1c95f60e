import Analysis
import Configuration
import Datasets
import Interchange
import Reports
import Support
import Training

extension ExportCommand {
  /// Writes the network's outputs on a part.
  func write(_ kind: OutputKind, _ export: RunExport, _ run: RunDirectory) throws -> ExitCode {
    let dataset = try dataset(for: export, of: run, parts: part == .test ? .test : .train)
    let selection = try selection(of: dataset, run)
    let path = out ?? "\(run.path)/\(kind.rawValue)-\(part.rawValue).npz"
    let bytes = try export.write(kind, of: selection, to: path)
    if output.json {
      let json: JSONValue = [
        "schema": 1, "run": .string(run.path), "format": .string(format.name),
        "what": .string(kind.rawValue), "part": .string(part.rawValue),
        "images": .integer(selection.count), "path": .string(path), "bytes": .integer(bytes),
      ]
      try StandardStream.output.put(json.text() + "\n")
    } else {
      let story =
        "written: \(path.shown), \(kind.rawValue) of \(counted(selection.count, "image")), "
        + "\(byteCount(bytes))\n"
      try StandardStream.output.put(output.quiet ? path + "\n" : story)
    }
    return .success
  }

  /// Writes a folder for a model hub.
  func writeHub(_ export: RunExport, _ run: RunDirectory) throws -> ExitCode {
    let path = out ?? "\(run.path)/hub"
    let files = try export.writeHub(
      to: path, of: run, comparedOn: images(for: export, of: run), license: license)
    if output.json {
      let json: JSONValue = [
        "schema": 1, "run": .string(run.path), "format": "hub", "path": .string(path),
        "bytes": .integer(files.reduce(0) { $0 + $1.bytes }),
        "files": .array(files.map { .object($0.json(run: run.path)) }),
      ]
      try StandardStream.output.put(json.text() + "\n")
      return .success
    }
    let story = "written: \(path.shown)/README.md, example.py and the network\n"
    let texts = files.map {
      ExportText($0, usage: NetworkFormat.named($0.format)?.usage ?? "").text
    }
    try StandardStream.output.put(output.quiet ? path + "\n" : story + texts.joined())
    return .success
  }

  private func selection(of dataset: Dataset, _ run: RunDirectory) throws -> Selection {
    if part == .test, let test = dataset.test { return Selection(test) }
    let parts = try TrainingParts(of: run, dataset: dataset)
    guard let images = part == .train ? parts.training : parts.validation, images.count > 0 else {
      throw RunError.noValidation(path: run.path)
    }
    return images
  }

  /// The run's data, with the images of the size and the classes that it was trained on.
  private func dataset(
    for export: RunExport, of run: RunDirectory, parts: DatasetParts
  ) throws -> Dataset {
    let request = Checkpoint.judging(
      try overrides.configuration(over: run).dataRequest, by: export.checkpointPath)
    let data = try loadData(
      request, parts: parts, optionalParts: .test, environment: environment)
    if let notice = data.notice { try StandardStream.error.put(notice.shown + "\n") }
    if let images = data.dataset.test ?? data.dataset.train {
      try export.check(images, of: data.dataset, run: run.path)
    }
    return data.dataset
  }

  /// The images that a file is compared on, or that it is calibrated on: the run's own, if they are
  /// still there.
  func images(
    for export: RunExport, of run: RunDirectory, isCalibration: Bool = false
  ) throws -> ProofImages {
    let graph = export.network.graph
    let most = quantization == .int8 && !isCalibration ? 2000 : 300
    do {
      let dataset = try dataset(for: export, of: run, parts: [])
      let parts = try? TrainingParts(of: run, dataset: dataset)
      if let part = isCalibration ? parts?.training : parts?.validation {
        return ProofImages(
          part, origin: isCalibration ? "training part" : "validation part",
          multiplyAdds: graph.multiplyAdds, most: most)
      }
      if let test = dataset.test {
        return ProofImages(
          Selection(test), origin: "test part", multiplyAdds: graph.multiplyAdds, most: most)
      }
    } catch let error as any UserError {
      try StandardStream.error.put("the run's images are not used: \(error.sentence.shown)\n")
    }
    return .drawn(height: graph.height, width: graph.width, multiplyAdds: graph.multiplyAdds)
  }
}
