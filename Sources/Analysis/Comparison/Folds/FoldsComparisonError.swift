import Support

/// Cross-validations that cannot be compared fold by fold. Of both values the first belongs to the
/// first.
public enum FoldsComparisonError: UserError, Equatable {
  /// Its folds are not tested, so that it is not compared with runs that were.
  case amongRuns(path: String)
  /// What the others are this is not.
  case noFolds(path: String)
  case unfinished(path: String, finished: Int, count: Int)
  /// Of folds of before there were manifests.
  case unknownImages(path: String)
  case otherData(paths: [String], datasets: [String])
  case otherCount(paths: [String], counts: [Int])
  case otherImages(paths: [String])
  /// Of all that were named so many are left, and why the others are not.
  case tooFew(left: Int, reasons: [String])
  /// `--images` asks for what no fold has.
  case noTestImages

  public var exitCode: ExitCode {
    switch self {
    case .unfinished, .tooFew: .noInput
    case .noTestImages: .usage
    default: .dataError
    }
  }

  public var description: String {
    switch self {
    case .amongRuns(let path):
      "\(path) is a cross-validation, whose folds leave the test images alone"
    case .noFolds(let path): "\(path) is no cross-validation as the others are"
    case .unfinished(let path, let finished, let count):
      "\(path): \(finished) of \(count) folds \(finished == 1 ? "is" : "are") finished"
    case .unknownImages(let path):
      "\(path) does not say which images its folds were validated on"
    case .otherData(let paths, let datasets):
      "\(paths[0]) divides '\(datasets[0])' into folds, but \(paths[1]) '\(datasets[1])'"
    case .otherCount(let paths, let counts):
      "\(paths[0]) has \(counts[0]) folds, but \(paths[1]) has \(counts[1])"
    case .otherImages(let paths):
      "the folds of \(paths[0]) are of other images than those of \(paths[1])"
    case .tooFew(let left, let reasons):
      "\(left == 0 ? "none" : "only \(left)") of \(left + reasons.count) cross-validations can be "
        + "compared"
    case .noTestImages: "folds are not tested, so that there are no images to write"
    }
  }
}
