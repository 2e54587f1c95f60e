import Configuration
import Datasets

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

  /// The parts of a data set that a configuration asks for.
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
    case .reserved: parts = try dataset.reservedSplit()
    case .share(0): parts = (Selection(images), nil)
    case .share(let share):
      parts = Selection(images).split(validationShare: share, seed: options.seed)
    }
    self = Self.limited(parts, to: options.limit, seed: options.seed)
  }

  /// The first batches, as both parts.
  private static func learnedByHeart(
    _ all: Selection, batches: Int, _ options: TrainingConfiguration
  ) -> TrainingParts {
    let images = options.limit.map { all.limited(to: $0, seed: options.seed) } ?? all
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
