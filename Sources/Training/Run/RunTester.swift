import Datasets
import Interchange
import Metrics
import NN
import Platform
import Support
import Tensor

/// Tests a run's checkpoint on images it has not seen.
public struct RunTester {
  public let run: RunDirectory
  public let checkpointPath: String
  public let device: Device

  public init(run: RunDirectory, checkpointPath: String, device: Device) {
    self.run = run
    self.checkpointPath = checkpointPath
    self.device = device
  }

  /// The result on a selection of a part of the data set.
  ///
  /// - Throws: ``RunError`` if the data does not suit the run, what ``Checkpoint/read(_:on:)``
  ///   throws, and ``WorkInterrupted`` if a signal came.
  public func test(
    _ selection: Selection, of part: RunPart = .test, dataset: Dataset, batch: Int = 256,
    shifts: [PixelShift] = [], isRehearsal: Bool = false
  ) throws -> TestResult {
    if part == .test { Manifest.countTestRead(at: run.manifest) }
    return try evaluator(for: selection.images, of: dataset, batch: batch).test(
      selection, of: part, run: run.path, checkpoint: checkpointPath, dataset: dataset.name,
      shifts: shifts, isRehearsal: isRehearsal)
  }

  /// The probabilities of every class, `[N, C]`, for the images of a selection.
  ///
  /// - Throws: as ``test(_:of:dataset:batch:shifts:isRehearsal:)``.
  public func probabilities(of selection: Selection, dataset: Dataset) throws -> [Float] {
    let probabilities = try evaluator(for: selection.images, of: dataset, batch: 256)
      .probabilities(of: selection, shouldStop: { Interruption.signal != nil })
    try Interruption.check()
    return probabilities
  }

  private func evaluator(
    for images: ImageSet, of dataset: Dataset, batch: Int
  ) throws -> Evaluator {
    guard FileSystem.exists(checkpointPath) else {
      throw RunError.noCheckpoint(path: checkpointPath)
    }
    let (checkpoint, model) = try Checkpoint.read(checkpointPath, on: device)
    try checkpoint.check(images, of: dataset, run: run.path)
    return Evaluator(model, of: checkpoint, batch: batch)
  }
}

extension Evaluator {
  /// Runs a checkpoint's model, with all that the checkpoint says of it.
  public convenience init(_ model: Model, of checkpoint: Checkpoint, batch: Int = 128) {
    self.init(
      model, labels: checkpoint.labels, normalization: checkpoint.normalization, batch: batch,
      confidence: checkpoint.confidence, isInkDark: checkpoint.form.isInkDark, isFixed: true)
  }

  /// The result on a selection, with what it is to be called.
  ///
  /// - Throws: ``WorkInterrupted`` if a signal came.
  func test(
    _ selection: Selection, of part: RunPart = .test, run: String?, checkpoint: String,
    dataset: String, shifts: [PixelShift], isRehearsal: Bool = false
  ) throws -> TestResult {
    let start = monotonicSeconds()
    let evaluation = evaluate(
      selection, shouldStop: { isRehearsal || Interruption.signal != nil })
    let end = monotonicSeconds()
    let shifted =
      shifts.isEmpty
      ? nil
      : evaluate(selection, shiftedBy: shifts, shouldStop: { Interruption.signal != nil })
    try Interruption.check()
    let tested = Array(selection.indices.prefix(evaluation.count))
    return TestResult(
      evaluation: evaluation, run: run, checkpoint: checkpoint, dataset: dataset, part: part,
      indices: tested.map(Int.init),
      images: Selection(selection.images, indices: tested).digest, seconds: end - start,
      shifted: shifted.map {
        ShiftedResult(evaluation: $0, views: shifts.count, seconds: monotonicSeconds() - end)
      })
  }
}

extension Checkpoint {
  /// Checks that images are of the classes and the size that the model was trained on.
  ///
  /// - Throws: ``RunError``.
  public func check(_ images: ImageSet, of dataset: Dataset, run: String) throws {
    let found = dataset.classes.labels
    guard labels.count == found.count else {
      throw RunError.classesDiffer(
        run: run, trained: labels.count, dataset: dataset.name, found: found.count)
    }
    for (index, labels) in zip(labels, found).enumerated() where labels.0 != labels.1 {
      throw RunError.labelsDiffer(
        run: run, dataset: dataset.name, index: index, trained: labels.0, found: labels.1)
    }
    guard inputShape == [images.height, images.width, 1] else {
      throw RunError.imageSizeDiffers(
        run: run, trained: "\(inputShape[0]) x \(inputShape[1])",
        dataset: dataset.name, found: "\(images.height) x \(images.width)")
    }
  }
}

/// What a test came to.
public struct TestResult: Sendable {
  public let evaluation: Evaluation
  /// The run directory; `nil` for weights that are no run's.
  public let run: String?
  public let checkpoint: String
  public let dataset: String
  public var part = RunPart.test
  /// Where in the part's files the samples stand.
  public let indices: [Int]
  /// ``Datasets/Selection/digest`` of the samples; `nil` where nobody compares them.
  public var images: String?
  public let seconds: Double
  /// What the model says on the same samples if it also looks at them shifted.
  public var shifted: ShiftedResult?
  /// What numbers the network was run in, if not floats: `int8`.
  public var quantization: String?

  public init(
    evaluation: Evaluation, run: String?, checkpoint: String, dataset: String,
    part: RunPart = .test, indices: [Int], images: String? = nil, seconds: Double,
    shifted: ShiftedResult? = nil, quantization: String? = nil
  ) {
    (self.evaluation, self.run, self.checkpoint) = (evaluation, run, checkpoint)
    (self.dataset, self.part, self.indices) = (dataset, part, indices)
    (self.images, self.seconds, self.shifted) = (images, seconds, shifted)
    self.quantization = quantization
  }

  /// The object of `eval --json`.
  public func json(includingMatrix: Bool = true) -> JSONObject {
    var object = evaluation.json(
      run: run, checkpoint: checkpoint, dataset: dataset, part: part.rawValue, indices: indices,
      seconds: seconds, includingMatrix: includingMatrix)
    object["quantized"] = quantization.map { .string($0) }
    object["images_sha256"] = images.map { .string($0) }
    if let shifted { object["tta"] = .object(shifted.json) }
    return object
  }

  /// Writes `confusion.csv`, `predictions.csv` and `evaluation.json`, which holds the checks of itself
  /// and of the predictions; with shifts also `tta-confusion.csv` and `tta-predictions.csv`. Where
  /// `evaluation.json` is, the others are too.
  public func write(to run: RunDirectory) throws {
    Leftovers.remove(from: run.path)
    FileSystem.removeFile(run.evaluation)
    let predictions = evaluation.predictions.csvText(indices: indices)
    try AtomicFile.write(text: evaluation.confusion.csvText, to: run.confusion)
    try AtomicFile.write(text: predictions, to: run.predictions)
    try writeShifted(to: run)
    var object = json()
    object["predictions_crc32"] = .string(CRC32.digits(predictions))
    try AtomicFile.write(
      text: JSONValue.object(object.checksummed).text(pretty: true), to: run.evaluation)
  }

  private func writeShifted(to run: RunDirectory) throws {
    guard let shifted = shifted?.evaluation else { return }
    try AtomicFile.write(text: shifted.confusion.csvText, to: run.path + "/tta-confusion.csv")
    try AtomicFile.write(
      text: shifted.predictions.csvText(indices: indices), to: run.path + "/tta-predictions.csv")
  }
}

/// What a model says that judges an image by the mean of its probabilities for the image and for
/// shifted ones: test-time augmentation.
public struct ShiftedResult: Sendable {
  public let evaluation: Evaluation
  /// The images that each probability is the mean over, with the one as it is.
  public let views: Int
  public let seconds: Double

  /// The member `tta` of `eval --json`.
  var json: JSONObject {
    let confusion = evaluation.confusion
    var object: JSONObject = ["kind": "shifts", "views": .integer(views)]
    object.set("loss", number: evaluation.loss)
    object.set("accuracy", number: evaluation.accuracy)
    let interval = confusion.interval95
    object["interval95"] = [.number(interval.lower), .number(interval.upper)]
    object.set("macro_f1", number: confusion.macro.f1)
    object.set("kappa", number: confusion.kappa)
    object.set("mcc", number: confusion.matthewsCorrelation)
    object.set("top_3", number: evaluation.top3)
    object.set("top_5", number: evaluation.top5)
    object.set("ece", number: evaluation.calibration.expectedError)
    object.set("seconds", number: seconds)
    return object
  }
}
