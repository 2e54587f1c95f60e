import Support
import Training

/// Runs that cannot be compared image by image. Of both values the first belongs to the first run.
public enum ComparisonError: UserError, Equatable {
  /// What its training is at, if it is not over.
  case notTested(run: String, state: RunListing.State? = nil)
  case otherData(runs: [String], datasets: [String])
  case otherClasses(runs: [String])
  case otherCount(runs: [String], counts: [Int])
  case otherImages(runs: [String], indices: [Int])
  case otherLabel(runs: [String], index: Int, labels: [String])
  case otherPixels(runs: [String])
  /// The first run has the options and the seed of the second.
  case sameSeed(runs: [String])
  /// Of all that were named so many are left, and why the others are not.
  case tooFew(left: Int, reasons: [String])

  public var exitCode: ExitCode {
    switch self {
    case .notTested, .tooFew: .noInput
    default: .dataError
    }
  }

  public var description: String {
    switch self {
    case .notTested(let run, let state):
      "\(run): has no test result" + (state.flatMap(Self.reason).map { ", because \($0)" } ?? "")
    case .tooFew(let left, let reasons):
      "\(left == 0 ? "none" : "only \(left)") of \(left + reasons.count) runs can be compared"
    case .otherData(let runs, let datasets):
      "\(runs[0]) was tested on '\(datasets[0])', but \(runs[1]) on '\(datasets[1])'"
    case .otherClasses(let runs):
      "\(runs[0]) and \(runs[1]) were tested on classes of different names"
    case .otherCount(let runs, let counts):
      "\(runs[0]) was tested on \(grouped(counts[0])) images, but \(runs[1]) on "
        + "\(grouped(counts[1]))"
    case .otherImages(let runs, let indices):
      "\(runs[0]) was tested on image \(indices[0]) where \(runs[1]) was on image \(indices[1])"
    case .otherPixels(let runs):
      "\(runs[0]) and \(runs[1]) were tested on images of the same labels with other pixels"
    case .sameSeed(let runs):
      "\(runs[0]) has the same options and the same seed as \(runs[1])"
    case .otherLabel(let runs, let index, let labels):
      "test image \(index) is '\(labels[0])' in \(runs[0]), but '\(labels[1])' in \(runs[1])"
    }
  }

  private static func reason(_ state: RunListing.State) -> String? {
    switch state {
    case .running: "its training is still running"
    case .interrupted, .killed: "its training was interrupted"
    case .diverged: "its training diverged"
    default: nil
    }
  }
}
