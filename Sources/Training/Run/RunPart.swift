import Configuration
import Datasets
import Interchange
import Platform
import Support

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
    if let folds = options.loop.folds, let number = run.foldNumber {
      guard let images = dataset.train else { throw TrainingError.noImages }
      self = try Self.folds(folds, of: images, classes: dataset.classes.labels, options)[number - 1]
    } else {
      try self.init(of: dataset, options)
    }
    try check(against: run, dataset)
  }

  /// The folds of a cross-validation.
  static func folds(
    _ count: Int, of images: ImageSet, classes: [String], _ options: TrainingConfiguration
  ) throws -> [TrainingParts] {
    let all = Selection(images)
    return try (options.limit.map { all.limited(to: $0, seed: options.seed) } ?? all)
      .folds(count, seed: options.seed, classes: classes)
      .map { TrainingParts(training: $0.training, validation: $0.validation) }
  }

  /// Compares with what the run noted about its parts.
  private func check(against run: RunDirectory, _ dataset: Dataset) throws {
    guard access(run.last, F_OK) == 0,
      let text = try SafetensorsFile.read(path: run.last)[metadata: PartsDigest.key],
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
    guard let name = path.split(separator: "/").last, name.hasPrefix("fold-"),
      let number = Int(name.dropFirst(5)), number > 0
    else { return nil }
    return number
  }
}
