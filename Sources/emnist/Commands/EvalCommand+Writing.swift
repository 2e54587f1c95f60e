import Analysis
import Configuration
import Metrics
import Platform
import Support
import Training

/// Where the result of a test went.
enum ResultPlace {
  case directory(String)
  /// `reason` is `nil` where nobody expects it to be written.
  case nowhere(reason: String?)

  var directory: String? { if case .directory(let path) = self { path } else { nil } }
  var reason: String? { if case .nowhere(let reason) = self { reason } else { nil } }
}

extension TestResult {
  /// Writes the result into a directory, which is made if it is not there.
  func written(to directory: String) throws -> ResultPlace {
    try makeDirectories(directory)
    try write(to: RunDirectory(path: directory))
    return .directory(directory)
  }
}

extension EvalCommand {
  /// Writes the result to --out, or into the run directory if it is the run's own.
  ///
  /// - Returns: where it went; a run that cannot be written to, as on a read-only disk, keeps what
  ///   it has.
  func write(
    _ result: TestResult, _ run: RunDirectory, trainedOn dataset: String?
  ) throws -> ResultPlace {
    if let out { return try result.written(to: out) }
    guard part == .test, augmentation == .none, quantization == .none else {
      return .nowhere(reason: nil)
    }
    guard isOwn(result, of: run, trainedOn: dataset) else {
      return .nowhere(reason: "these are not the images of the run's own test")
    }
    do {
      try result.write(to: run)
      return .directory(run.path)
    } catch FileError.cannotCreate(let path, let reason)
      where [EROFS, EACCES, EPERM].contains(reason)
    {
      return .nowhere(reason: "\(path) cannot be created there")
    }
  }

  /// Whether a result is of the images that the run was tested on: the same places in the file with
  /// the same labels; or, before any test, of the data set that it was trained on.
  func isOwn(_ result: TestResult, of run: RunDirectory, trainedOn dataset: String?) -> Bool {
    if let tested = (try? RecordedTest(reading: run.evaluation))?.images {
      return tested == result.images
    }
    let found = result.evaluation.predictions
    guard
      let tested = try? [RecordedPrediction](
        csvFile: run.predictions, classCount: result.evaluation.labels.count)
    else { return result.dataset == dataset && overrides.configuration.limit == nil }
    return tested.map(\.index) == result.indices
      && tested.map(\.prediction.trueClass) == found.map(\.trueClass)
  }
}
