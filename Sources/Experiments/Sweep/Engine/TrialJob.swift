import Datasets
import Support

/// One of the trainings that make up a trial: a fold, or a seed of several, or both.
struct TrialJob: Sendable {
  /// The directory within the trial's; `nil` if there is only one.
  let name: String?
  /// What is added to the trial's seed.
  let seedOffset: UInt64
  let parts: TrainingParts

  /// The trainings of a trial, in the order in which they are done.
  ///
  /// - Throws: ``TrainingError/noImages``, ``FoldsError`` and what
  ///   ``TrainingParts/init(of:_:)`` throws.
  static func all(
    _ settings: SweepSettings, _ options: TrainingConfiguration, dataset: Dataset
  ) throws -> [TrialJob] {
    let folds = try parts(settings, options, dataset: dataset)
    let isAlone = folds.count == 1 && settings.repeats == 1
    return folds.enumerated().flatMap { fold, parts in
      (0..<settings.repeats).map { turn in
        let names =
          (folds.count > 1 ? ["fold-\(fold + 1)"] : [])
          + (settings.repeats > 1 ? ["repeat-\(turn + 1)"] : [])
        return TrialJob(
          name: isAlone ? nil : names.joined(separator: "-"), seedOffset: UInt64(turn),
          parts: parts)
      }
    }
  }

  private static func parts(
    _ settings: SweepSettings, _ options: TrainingConfiguration, dataset: Dataset
  ) throws -> [TrainingParts] {
    guard let folds = settings.folds ?? options.loop.folds else {
      return [try TrainingParts(of: dataset, options)]
    }
    guard let images = dataset.train else { throw TrainingError.noImages }
    let all = Selection(images)
    return try (options.limit.map { all.limited(to: $0, seed: options.seed) } ?? all)
      .folds(folds, seed: options.seed, classes: dataset.classes.labels)
      .map { TrainingParts(training: $0.training, validation: $0.validation) }
  }
}
