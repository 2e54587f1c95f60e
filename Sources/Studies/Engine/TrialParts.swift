import Configuration
import Datasets
import Support
import Training

/// What trials train and validate on. Most of a sweep's trials have the same.
struct TrialParts {
  private let dataset: Dataset
  private let folds: Int?
  private var last: (options: TrainingConfiguration, parts: [TrainingParts])?

  init(_ dataset: Dataset, _ settings: SweepSettings) {
    self.dataset = dataset
    folds = settings.folds
  }

  /// The parts that these options ask for, a pair for each fold.
  ///
  /// - Throws: ``TrainingError/noImages``, ``FoldsError`` and what
  ///   ``TrainingParts/init(of:_:)`` throws.
  mutating func parts(for options: TrainingConfiguration) throws -> [TrainingParts] {
    let asked = options.choosingParts
    if let last, last.options == asked { return last.parts }
    let parts = try make(options)
    last = (asked, parts)
    return parts
  }

  private func make(_ options: TrainingConfiguration) throws -> [TrainingParts] {
    guard let folds = folds ?? options.loop.folds else {
      return [try TrainingParts(of: dataset, options)]
    }
    guard let images = dataset.train else { throw TrainingError.noImages }
    return try TrainingParts.folds(
      folds, of: images, classes: dataset.classes.labels, options)
  }
}

extension TrainingConfiguration {
  /// What of the options decides the parts.
  fileprivate var choosingParts: TrainingConfiguration {
    var options = TrainingConfiguration()
    options.seed = imageSeed
    options.limit = limit
    options.validationSplit = validationSplit
    options.loop.folds = loop.folds
    options.loop.overfitBatches = loop.overfitBatches
    options.batchSize = loop.overfitBatches == nil ? nil : batchSize
    return options
  }
}
