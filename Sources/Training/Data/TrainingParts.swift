import Configuration
import CZlib
import Datasets
import Interchange
import Platform
import Support

/// The images that a training learns from, and those that it is watched on.
public struct TrainingParts: Sendable {
  public let training: Selection
  public let validation: Selection?
  /// By the images to learn from.
  public let normalization: Normalization
  let digest: PartsDigest

  public init(training: Selection, validation: Selection?) {
    self.training = training
    self.validation = validation
    normalization = Normalization(of: training)
    digest = PartsDigest(training: training, validation: validation)
  }

  /// The parts of a data set that a configuration asks for. A set's own validation part is used
  /// instead of a share of the training images.
  ///
  /// - Throws: ``TrainingError/noImages`` and what ``Dataset/reservedSplit()`` throws.
  public init(of dataset: Dataset, _ options: TrainingConfiguration) throws {
    guard let images = dataset.train else { throw TrainingError.noImages }
    if let batches = options.loop.overfitBatches {
      self = Self.learnedByHeart(Selection(images), batches: batches, options)
      return
    }
    let parts: (training: Selection, validation: Selection?)
    switch options.validationSplit {
    case .share(0): parts = (Selection(images), nil)
    case .share where dataset.validation != nil:
      parts = (Selection(images), dataset.validation.map { Selection($0) })
    case .reserved: parts = try dataset.reservedSplit()
    case .share(let share):
      parts = Selection(images).split(validationShare: share, seed: options.imageSeed)
    }
    self = Self.limited(parts, to: options.limit, seed: options.imageSeed)
  }

  /// The first batches, as both parts.
  private static func learnedByHeart(
    _ all: Selection, batches: Int, _ options: TrainingConfiguration
  ) -> TrainingParts {
    let images = options.limit.map { all.limited(to: $0, seed: options.imageSeed) } ?? all
    let (count, isTooMany) = batches.multipliedReportingOverflow(
      by: TrainingSettings(options).batchSize)
    let kept = images.indices.prefix(isTooMany ? images.count : count)
    let selection = Selection(images.images, indices: Array(kept))
    return TrainingParts(training: selection, validation: selection)
  }

  /// At most `limit` images of both parts together, in their proportion.
  private static func limited(
    _ parts: (training: Selection, validation: Selection?), to limit: Int?, seed: UInt64
  ) -> TrainingParts {
    let (training, validation) = parts
    let all = training.count + (validation?.count ?? 0)
    guard let limit, limit < all else {
      return TrainingParts(training: training, validation: validation)
    }
    let kept = max(1, Int((Double(limit) * Double(training.count) / Double(all)).rounded()))
    return TrainingParts(
      training: training.limited(to: kept, seed: seed),
      validation: validation?.limited(to: limit - kept, seed: seed))
  }
}

/// A part of a run's data: the images that it learned from, those that its best epoch was chosen
/// by, and those that it never saw.
public enum RunPart: String, CaseIterable, Sendable {
  case train, val, test
}

extension TrainingParts {
  /// The parts of `dataset` that a run was trained and validated on, divided as it was then.
  ///
  /// - Throws: ``ResumeError/imageCountDiffers(run:trained:dataset:found:)`` and
  ///   ``ResumeError/imagesDiffer(run:dataset:)`` if the data is other than then; what
  ///   ``init(of:_:)`` and ``Datasets/Selection/folds(_:seed:classes:)`` throw.
  public init(of run: RunDirectory, dataset: Dataset) throws {
    var layers = LayeredConfiguration()
    try layers.layFile(run.config)
    let options = layers.configuration
    if let folds = options.loop.folds, let number = run.foldNumber, number <= folds {
      guard let images = dataset.train else { throw TrainingError.noImages }
      self = try Self.folds(folds, of: images, classes: dataset.classes.labels, options)[number - 1]
    } else {
      try self.init(of: dataset, options)
    }
    try check(against: run, dataset)
  }

  /// The folds of a cross-validation.
  public static func folds(
    _ count: Int, of images: ImageSet, classes: [String], _ options: TrainingConfiguration
  ) throws -> [TrainingParts] {
    let all = Selection(images)
    return try (options.limit.map { all.limited(to: $0, seed: options.imageSeed) } ?? all)
      .folds(count, seed: options.imageSeed, classes: classes)
      .map { TrainingParts(training: $0.training, validation: $0.validation) }
  }

  /// Compares with what the run noted about its parts: in its last checkpoint, or where a sweep removed
  /// that, in its manifest.
  private func check(against run: RunDirectory, _ dataset: Dataset) throws {
    guard FileSystem.exists(run.last) else {
      let parts = (try? Manifest(reading: run.manifest))?["parts"]
      func differs(_ part: String, _ selection: Selection?) -> Bool {
        parts?[part]?["sha256"]?.string.map { $0 != selection?.digest } ?? false
      }
      guard !differs("training", training), !differs("validation", validation) else {
        throw ResumeError.imagesDiffer(run: run.path, dataset: dataset.name)
      }
      return
    }
    guard let text = try SafetensorsFile.read(path: run.last)[metadata: PartsDigest.key],
      let noted = try PartsDigest(JSONValue(parsing: Array(text.utf8), path: run.last))
    else { return }
    let found = PartsDigest(training: training, validation: validation)
    guard noted.training + noted.validation == found.training + found.validation else {
      throw ResumeError.imageCountDiffers(
        run: run.path, trained: noted.training + noted.validation, dataset: dataset.name,
        found: found.training + found.validation)
    }
    guard noted == found else {
      throw ResumeError.imagesDiffer(run: run.path, dataset: dataset.name)
    }
  }
}

extension RunDirectory {
  /// Which fold of a cross-validation the run is, by its directory's name.
  fileprivate var foldNumber: Int? {
    path.split(separator: "/").last.flatMap { SeriesKind.folds.number(in: $0) }
  }
}

/// What tells whether a training goes on with the images that it began with.
struct PartsDigest: Equatable {
  let training: Int
  let validation: Int
  /// The CRC-32 of the classes of all images, by which checkpoints without digests know them: of a
  /// byte for each; or of the first half of the bytes of two for each, as some wrote it. A checkpoint
  /// has one of them, images have both.
  let labels: [Int]
  /// ``Datasets/Selection/digest`` of both parts; `nil` in checkpoints that do not say, whose images
  /// are told by their mean and deviation alone.
  let trainingImages: String?
  let validationImages: String?

  static func == (a: PartsDigest, b: PartsDigest) -> Bool {
    func agree(_ a: String?, _ b: String?) -> Bool { a == nil || b == nil || a == b }
    return a.training == b.training && a.validation == b.validation
      && !Set(a.labels).isDisjoint(with: b.labels)
      && agree(a.trainingImages, b.trainingImages) && agree(a.validationImages, b.validationImages)
  }

  init(training: Selection, validation: Selection?) {
    self.training = training.count
    self.validation = validation?.count ?? 0
    let parts = [training] + [validation].compactMap(\.self)
    let labels = parts.flatMap { part in (0..<part.count).map { part.label(at: $0) } }
    let bytes = labels.map { UInt8(truncatingIfNeeded: $0) }
    // zlib takes an address and a count, and keeps neither.
    self.labels = unsafe [
      Int(crc32(0, bytes, uInt(bytes.count))), Int(crc32(0, labels, uInt(labels.count))),
    ]
    trainingImages = training.digest
    validationImages = validation?.digest
  }

  /// The key of a checkpoint's metadata.
  static let key = "emnist.parts"

  /// The value of ``key``.
  var json: JSONValue {
    var object: JSONObject = [
      "training": .integer(training), "validation": .integer(validation),
      "labels_crc32": .integer(labels[0]),
    ]
    object["training_sha256"] = trainingImages.map(JSONValue.string)
    object["validation_sha256"] = validationImages.map(JSONValue.string)
    return .object(object)
  }

  /// - Returns: `nil` for what ``json`` never is.
  init?(_ json: JSONValue) {
    guard let training = json["training"]?.int, let validation = json["validation"]?.int,
      let labels = json["labels_crc32"]?.int, RecordBounds.images.contains(training),
      RecordBounds.images.contains(validation)
    else { return nil }
    (self.training, self.validation, self.labels) = (training, validation, [labels])
    trainingImages = json["training_sha256"]?.string
    validationImages = json["validation_sha256"]?.string
  }
}
