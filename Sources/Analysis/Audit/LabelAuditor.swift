import Configuration
import Datasets
import Support
import Tensor
import Training

/// Judges labels by models that did not learn from them: the training part by the folds of a
/// cross-validation, each for the images that it was validated on, or the test part by any run.
///
/// Each fold's best epoch was chosen on the images that it judges, so it may be a little too sure of
/// them.
public struct LabelAuditor {
  /// The run, or the folds of the cross-validation in its directory.
  private let runs: [RunDirectory]
  private let directory: RunDirectory
  private let isCrossValidation: Bool
  private let device: Device

  /// - Throws: what ``RunDirectory/find(_:root:)`` throws.
  public init(_ directory: RunDirectory, device: Device) throws {
    let folds = directory.foldRuns
    isCrossValidation = !folds.isEmpty
    runs = try isCrossValidation ? folds : [.find(directory.path)]
    self.directory = directory
    self.device = device
  }

  /// A run whose `config.json` says what all were trained with.
  public var anyRun: RunDirectory { runs[0] }
  /// The part that the models have not seen: of a cross-validation the training part.
  public var unseenPart: RunPart { isCrossValidation ? .train : .test }

  /// Makes sure that the models have not learned the labels of a part.
  ///
  /// - Throws: ``AuditError``.
  public func check(_ part: RunPart) throws {
    guard part != .test else { return }
    guard isCrossValidation else { throw AuditError.seen(run: directory.path) }
    var layers = LayeredConfiguration()
    try layers.layFile(anyRun.config)
    let wanted = layers.configuration.loop.folds ?? runs.count
    guard runs.count == wanted else {
      throw AuditError.foldsMissing(run: directory.path, found: runs.count, wanted: wanted)
    }
  }

  /// Judges all images of a part.
  ///
  /// - Parameter dataset: with that part.
  /// - Throws: ``AuditError``, and what ``RunTester`` and ``TrainingParts/init(of:dataset:)`` throw.
  public func audit(_ part: RunPart, of dataset: Dataset) throws -> LabelAudit {
    if part == .test, let test = dataset.test {
      return audit(part, dataset, Selection(test), try meanProbabilities(of: test, dataset))
    }
    try check(part)
    guard let images = dataset.validation ?? dataset.train else { throw TrainingError.noImages }
    let classCount = dataset.classes.count
    var rows = [(index: Int32, probabilities: ArraySlice<Float>)]()
    for run in runs {
      guard let own = try TrainingParts(of: run, dataset: dataset).validation else { continue }
      let found = try probabilities(by: run, of: own, dataset)
      for (position, index) in own.indices.enumerated() {
        rows.append((index, found[position * classCount..<(position + 1) * classCount]))
      }
    }
    rows.sort { $0.index < $1.index }
    return audit(
      part, dataset, Selection(images, indices: rows.map(\.index)),
      rows.flatMap(\.probabilities))
  }

  private func audit(
    _ part: RunPart, _ dataset: Dataset, _ selection: Selection, _ probabilities: [Float]
  ) -> LabelAudit {
    LabelAudit(
      run: directory.path, dataset: dataset, part: part, selection, probabilities: probabilities)
  }

  private func probabilities(
    by run: RunDirectory, of selection: Selection, _ dataset: Dataset
  ) throws -> [Float] {
    try RunTester(run: run, checkpointPath: run.best, device: device)
      .probabilities(of: selection, dataset: dataset)
  }

  /// Of several models the mean of what they say.
  private func meanProbabilities(of images: ImageSet, _ dataset: Dataset) throws -> [Float] {
    var sums = try probabilities(by: runs[0], of: Selection(images), dataset)
    for run in runs.dropFirst() {
      let more = try probabilities(by: run, of: Selection(images), dataset)
      for index in sums.indices { sums[index] += more[index] }
    }
    return runs.count == 1 ? sums : sums.map { $0 / Float(runs.count) }
  }
}

/// Labels that cannot be judged.
public enum AuditError: UserError, Equatable {
  case seen(run: String)
  case foldsMissing(run: String, found: Int, wanted: Int)

  public var exitCode: ExitCode {
    switch self {
    case .seen: .usage
    case .foldsMissing: .dataError
    }
  }

  public var description: String {
    switch self {
    case .seen(let run):
      "\(run): has learned the labels of its training part and cannot judge them"
    case .foldsMissing(let run, let found, let wanted):
      "\(run): has \(found) of \(wanted) folds"
    }
  }
}
