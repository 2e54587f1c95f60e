import Datasets
import Interchange
import NN
import Platform
import Support
import Tensor
import Training

/// A run's network on its way into other programs.
public struct RunExport {
  public private(set) var network: ExportedNetwork
  /// Where the weights come from.
  public let checkpointPath: String
  public let epoch: Int
  /// The name of the data set that it was trained on.
  public var dataset: String { checkpoint.dataset }
  let model: Model
  private let checkpoint: Checkpoint
  /// What computes the network in whole numbers, if it was made.
  private(set) var plan: QuantizedPlan?

  /// Reads a checkpoint.
  ///
  /// - Parameter version: of the program, for the files.
  /// - Throws: ``RunError/noCheckpoint(path:)``, what ``Checkpoint/read(_:on:)`` throws, and
  ///   ``GraphError``.
  public init(checkpoint path: String, version: String, on device: Device) throws {
    guard FileSystem.exists(path) else { throw RunError.noCheckpoint(path: path) }
    (checkpoint, model) = try Checkpoint.read(path, on: device)
    let file = try SafetensorsFile.read(path: path)
    checkpointPath = path
    epoch = checkpoint.epoch
    let (mean, deviation) = (
      checkpoint.normalization.mean, checkpoint.normalization.standardDeviation
    )
    let threshold = file[metadata: "emnist.threshold"].flatMap { Float($0) }
    network = ExportedNetwork(
      name: model.description.name,
      graph: try InferenceGraph(model, mean: mean, deviation: deviation),
      labels: checkpoint.labels,
      temperature: file[metadata: "emnist.temperature"].flatMap { Float($0) } ?? 1,
      threshold: threshold, facts: Self.facts(of: file, checkpoint, version),
      tensors: model.torchTensors(steps: checkpoint.step))
  }

  /// What a checkpoint says of its network, without what a training needs to go on.
  private static func facts(
    of file: SafetensorsFile, _ checkpoint: Checkpoint, _ version: String
  ) -> [(key: String, value: String)] {
    let labels = JSONValue.array(checkpoint.labels.map(JSONValue.string)).text()
    return [("labels", labels), ("emnist.version", version)]
      + file.metadata.filter { key, _ in key.hasPrefix("emnist.") && !leftOut.contains(key) }
  }

  private static let leftOut: Set = [
    SafetensorsFile.checksumKey, "emnist.version", "emnist.options", "emnist.progress",
    "emnist.images", "emnist.history_crc32", "emnist.steps_crc32",
  ]

  /// Writes the network and shows that the file computes what the program does.
  ///
  /// - Throws: ``ExportError``, ``FileError``, and ``ExportDisagreement`` with the file removed.
  public func write(
    _ format: NetworkFormat, _ options: ExportOptions, to path: String,
    comparedOn images: ProofImages
  ) throws -> ExportResult {
    let bytes = try format.encode(network, options)
    try AtomicFile.write(bytes, to: path)
    // A pipe cannot be read back.
    let isFile = FileSystem.status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    let content = NetworkFormat.FileContent(bytes: isFile ? try readFile(path) : bytes, path: path)
    let function: NetworkFormat.LogitFunction
    do {
      function = try format.decode(content, network)
      if let plan { try check(function, plan, on: images, path) }
    } catch {
      if isFile { FileSystem.removeFile(path) }
      throw error
    }
    let agreement = Agreement(
      of: function, with: logits(of: images.selection),
      on: images, transposed: options.transposes)
    guard agreement.isGood || network.quantized != nil else {
      if isFile { FileSystem.removeFile(path) }
      throw ExportDisagreement(path: path, agreement: agreement)
    }
    return ExportResult(
      format: format.name, path: path, bytes: bytes.count, agreement: agreement,
      origin: images.origin,
      loss: network.quantized.map { QuantizationLoss($0, of: network.graph, on: images.pixels) },
      multiplyAdds: network.graph.multiplyAdds,
      ramBytes: format.ramBytes.flatMap { $0(network, options) })
  }

  /// Checks that a file in whole numbers gives the program's own, bit for bit: the file is computed by
  /// the definition, the program's by its kernels.
  private func check(
    _ function: NetworkFormat.LogitFunction, _ plan: QuantizedPlan, on images: ProofImages,
    _ path: String
  ) throws {
    for index in images.selection.indices.prefix(Self.checkedImages) {
      let image = Array(images.selection.images.image(Int(index)))
      guard function(image.map { Float($0) }) != plan.logits(of: image) else { continue }
      throw ExportError.unreadable(
        path: path, format: "int8", what: "it gives other numbers than the program")
    }
  }

  private static let checkedImages = 32

  /// The same network in whole numbers of eight bits, the ranges of its activations those of images
  /// that it was trained on.
  ///
  /// - Throws: ``ExportError``.
  public func quantized(on images: ProofImages) throws -> RunExport {
    var export = self
    let graph = try QuantizedGraph(
      network.graph, ActivationRanges(of: network.graph, on: images.pixels))
    export.network.quantized = graph
    export.plan = QuantizedPlan(graph, on: model.device)
    return export
  }

  /// What the program itself says, `[N, C]`.
  func logits(of selection: Selection) -> [Float] { outputs(of: model, on: selection) }

  /// What a model with this one's input gives, `[N, C]`.
  func outputs(of model: Model, on selection: Selection) -> [Float] {
    let largest = 32
    let plan = InferencePlan(model, batch: largest)
    let batches = Batches(selection, normalizedBy: checkpoint.normalization)
    var labels = [UInt16](repeating: 0, count: largest)
    var result: [Float] = []
    plan.refresh()
    for first in stride(from: 0, to: selection.count, by: largest) {
      let positions = first..<min(first + largest, selection.count)
      batches.fill(
        positions, input: plan.input(positions.count), labels: &labels, on: model.device)
      result += plan.run(positions.count).values
    }
    return result
  }

  /// Checks that images are such as the run was trained on.
  ///
  /// - Throws: ``RunError``.
  public func check(_ images: ImageSet, of dataset: Dataset, run: String) throws {
    try checkpoint.check(images, of: dataset, run: run)
  }
}

/// What an export came to.
public struct ExportResult: Sendable {
  public let format: String
  public let path: String
  public let bytes: Int
  public let agreement: Agreement
  /// What images it was compared on: `validation part`.
  public let origin: String
  /// What whole numbers cost, if it is written in them.
  public let loss: QuantizationLoss?
  public let multiplyAdds: Int
  /// Of the buffers that the network needs beside its weights, where the format says it.
  public let ramBytes: Int?

  /// The object of `export --json`.
  public func json(run: String) -> JSONObject {
    let accuracy = agreement.accuracy
    return [
      "schema": 1, "run": .string(run), "format": .string(format), "path": .string(path),
      "bytes": .integer(bytes), "quantized": loss == nil ? .null : "int8",
      "agreement": [
        "images": .integer(agreement.count), "of": .string(origin),
        "same_answers": .number(agreement.sameAnswers),
        "largest_difference": .number(Double(agreement.largestDifference)),
        "largest_logit": .number(Double(agreement.largestLogit)),
      ],
      "accuracy": [
        "float": accuracy.map { .number($0.program) } ?? .null,
        "exported": accuracy.map { .number($0.file) } ?? .null,
      ],
      "lost_most": loss?.worst.map { .object($0.json) } ?? .null,
      "layers": loss.map { .array($0.layers.map { .object($0.json) }) } ?? .null,
      "ram_bytes": ramBytes.map { .integer($0) } ?? .null,
      "multiply_adds": .integer(multiplyAdds),
    ]
  }
}

extension QuantizationLoss.Layer {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "layer": .string(name), "scale": .number(Double(scale)),
      "changed_answers": .number(changedAnswers),
    ]
    object.set("signal_to_noise_db", number: signalToNoise)
    return object
  }
}
