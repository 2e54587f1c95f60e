import Datasets
import Interchange
import Metrics
import NN
import Support
import Tensor

/// A trained model in a file: weights as PyTorch names and lays them out, and in the metadata all
/// that is needed to use them.
public struct Checkpoint: Sendable {
  /// The layers.
  public let description: ModelDescription
  /// The shape of one input, `[H, W, C]`.
  public let inputShape: [Int]
  /// What people call the classes, and the numbers that files store for them.
  public let classes: ClassTable
  /// How the training images' numbers became pixels.
  public let scale: PixelScale
  public let normalization: Normalization
  /// How the characters sit in the images that the model was trained on.
  public let form: CharacterForm
  /// How far its answers are to be believed; `nil` if nobody found out.
  public let confidence: Confidence?
  /// How its convolutions are computed: directly where the file does not say, as before there was
  /// another way.
  public let convolution: ConvolutionAlgorithm
  /// The name of the data set that the model was trained on.
  public let dataset: String
  /// Epochs and steps so far.
  public let epoch: Int
  public let step: Int

  /// What people call the classes.
  public var labels: [String] { classes.labels }

  public init(
    model: Model, classes: ClassTable, scale: PixelScale = .bytes, normalization: Normalization,
    form: CharacterForm? = nil, dataset: String, epoch: Int, step: Int
  ) {
    description = model.description
    inputShape = model.inputShape.array
    convolution = model.convolution
    self.classes = classes
    self.scale = scale
    self.normalization = normalization
    confidence = nil
    self.form = form ?? .known(ofDataset: dataset, height: inputShape[0])
    self.dataset = dataset
    self.epoch = epoch
    self.step = step
  }

  /// Writes the model's weights and the checks of all that is written, whole or not at all.
  ///
  /// - Parameter state: what a training needs beside them to go on.
  public func write(_ model: Model, with state: TrainingState? = nil, to path: String) throws {
    try SafetensorsFile(
      metadata: metadata + (state?.metadata ?? []),
      tensors: model.torchTensors(steps: step) + (state?.tensors ?? [])
    ).checksummed.write(to: path)
  }

  private var metadata: [(key: String, value: String)] {
    [
      ("format", "pt"),
      ("emnist.schema", "1"),
      ("emnist.model", JSONValue.object(description.json).text()),
      ("emnist.input", JSONValue.array(inputShape.map(JSONValue.integer)).text()),
      ("emnist.labels", JSONValue.array(labels.map(JSONValue.string)).text()),
      ("emnist.mean", "\(normalization.mean)"),
      ("emnist.std", "\(normalization.standardDeviation)"),
      ("emnist.orientation", "upright"),
      ("emnist.form", JSONValue.object(form.json).text()),
      ("emnist.convolution", convolution.rawValue),
      ("emnist.dataset", dataset),
      ("emnist.epoch", "\(epoch)"),
      ("emnist.step", "\(step)"),
    ] + dataMetadata
  }

  /// What is not as in most data sets: labels that begin with 0, bytes for pixels.
  private var dataMetadata: [(key: String, value: String)] {
    var metadata: [(key: String, value: String)] = []
    if let stored = classes.storedLabels {
      let numbers = JSONValue.array(stored.map(JSONValue.integer))
      metadata.append(("emnist.stored_labels", numbers.text()))
    } else if classes.firstLabel != 0 {
      metadata.append(("emnist.first_label", "\(classes.firstLabel)"))
    }
    if scale != .bytes {
      let range = JSONValue.array([.number(scale.lowest), .number(scale.highest)])
      metadata.append(("emnist.scale", range.text()))
    }
    return metadata
  }

  /// `request` with the classes and the scale that a run's checkpoint judges by, so that images
  /// without names of their own get the run's; as it is if there is no such checkpoint.
  public static func judging(_ request: DataRequest, by path: String) -> DataRequest {
    guard let file = try? SafetensorsFile.read(path: path),
      let checkpoint = try? Checkpoint(file, path: path)
    else { return request }
    var request = request
    request.classes = checkpoint.classes
    request.scale = checkpoint.scale
    request.preferredName = checkpoint.dataset
    return request
  }

  /// Reads a checkpoint and builds its model.
  ///
  /// - Throws: ``CheckpointError`` where the metadata is not one of ours, ``SafetensorsError`` and
  ///   ``WeightsError`` where the file or its tensors are wrong, ``MemoryError``.
  public static func read(_ path: String, on device: Device) throws -> (Checkpoint, Model) {
    let file = try SafetensorsFile.read(path: path)
    do {
      let checkpoint = try Checkpoint(file, path: path)
      let outline = try ModelOutline(
        checkpoint.description, inputShape: Shape(checkpoint.inputShape),
        classes: checkpoint.labels.count)
      // A description that promises more than the file holds is not worth allocating.
      guard outline.parameters <= 2 * file.elementCount + 1_000_000 else {
        throw CheckpointError.badKey(
          path: path, key: "emnist.model", expected: "that of the tensors beside it")
      }
      try MemoryNeed(evaluating: outline, threads: device.threadCount).check()
      let model = try Model(outline, convolution: checkpoint.convolution, on: device)
      try model.load(file)
      return (checkpoint, model)
    } catch let error as ModelError {
      throw CheckpointError.badModel(path: path, error)
    }
  }

  /// - Throws: ``CheckpointError``, ``FormatVersion``, ``JSONError`` and ``ModelError``.
  init(_ file: SafetensorsFile, path: String) throws {
    func text(_ key: String) throws -> String {
      guard let value = file[metadata: key] else {
        throw CheckpointError.noKey(path: path, key: key)
      }
      return value
    }
    try FormatVersion.check(file[metadata: "emnist.schema"].flatMap { Int($0) }, of: path)
    func json(_ key: String) throws -> JSONValue {
      try JSONValue(
        parsing: Array(text(key).utf8), path: "\(path): \(key)", exitCode: .dataError)
    }
    func number(_ key: String) throws -> Double {
      guard let value = Double(try text(key)), value.isFinite else {
        throw CheckpointError.badKey(path: path, key: key, expected: "a number")
      }
      return value
    }
    func count(_ key: String) throws -> Int {
      guard let count = Int(exactly: try number(key)), RecordBounds.count.contains(count) else {
        throw CheckpointError.badKey(path: path, key: key, expected: "a count")
      }
      return count
    }
    description = try ModelDescription(json: json("emnist.model"), path: "emnist.model")
    // What is no number or no text must not be left out silently.
    let extents = try json("emnist.input").array?.map { $0.int ?? 0 }
    guard let input = extents, input.count == 3, input.allSatisfy((1...4096).contains) else {
      throw CheckpointError.badKey(path: path, key: "emnist.input", expected: "three extents")
    }
    inputShape = input
    let texts = try json("emnist.labels").array
    guard let names = texts?.compactMap(\.string), names.count == texts?.count,
      (1...ClassTable.mostClasses).contains(names.count)
    else { throw CheckpointError.badKey(path: path, key: "emnist.labels", expected: "class names") }
    func numbers(_ key: String) throws -> [Double]? {
      guard file[metadata: key] != nil else { return nil }
      guard let numbers = try json(key).array?.compactMap(\.double) else {
        throw CheckpointError.badKey(path: path, key: key, expected: "a list of numbers")
      }
      return numbers
    }
    let stored = try numbers("emnist.stored_labels")?.compactMap(Int.init(exactly:))
    let first = file[metadata: "emnist.first_label"].flatMap { Int($0) } ?? 0
    classes = ClassTable(
      labels: names, firstLabel: first,
      storedLabels: stored.flatMap { $0.count == names.count ? $0 : nil })
    let range = try numbers("emnist.scale") ?? []
    scale =
      range.count == 2 && range[0] < range[1]
      ? PixelScale(lowest: range[0], highest: range[1]) : .bytes
    let (mean, deviation) = (try number("emnist.mean"), try number("emnist.std"))
    guard deviation > 0 else {
      throw CheckpointError.badKey(path: path, key: "emnist.std", expected: "a number above 0")
    }
    normalization = Normalization(mean: mean, standardDeviation: deviation)
    guard
      let convolution = ConvolutionAlgorithm(
        rawValue: file[metadata: "emnist.convolution"] ?? "direct")
    else {
      throw CheckpointError.badKey(
        path: path, key: "emnist.convolution",
        expected: ConvolutionAlgorithm.allCases.map(\.rawValue).asChoices)
    }
    self.convolution = convolution
    dataset = try text("emnist.dataset")
    if file[metadata: "emnist.form"] == nil {
      form = .known(ofDataset: dataset, height: input[0])
    } else {
      guard let form = try json("emnist.form").object.flatMap({ CharacterForm($0) }) else {
        throw CheckpointError.badKey(
          path: path, key: "emnist.form", expected: "what was measured of the training images")
      }
      self.form = form
    }
    epoch = try count("emnist.epoch")
    step = try count("emnist.step")
    guard let temperature = file[metadata: Confidence.temperatureKey] else {
      confidence = nil
      return
    }
    let score = try json(Confidence.scoreKey)
    confidence = try Confidence(
      temperature: temperature, threshold: text(Confidence.thresholdKey), score: score)
    guard confidence != nil else {
      throw CheckpointError.badKey(
        path: path, key: Confidence.scoreKey,
        expected: "what was fitted on the validation part")
    }
  }
}

/// A safetensors file that is no checkpoint of ours.
public enum CheckpointError: UserError, Equatable {
  case noKey(path: String, key: String)
  case badKey(path: String, key: String, expected: String)
  case badModel(path: String, ModelError)

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    switch self {
    case .noKey(let path, let key):
      "\(path): has no metadata '\(key)', so it is not a checkpoint that emnist wrote"
    case .badKey(let path, let key, let expected):
      "\(path): metadata '\(key)' is not \(expected); the file is damaged or was edited"
    case .badModel(let path, let error): "\(path): \(error)"
    }
  }
}
