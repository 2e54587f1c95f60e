import Support

/// Runs that cannot be compared image by image. Of both values the first belongs to the first run.
public enum ComparisonError: UserError, Equatable {
  case notTested(run: String)
  case otherData(runs: [String], datasets: [String])
  case otherClasses(runs: [String])
  case otherCount(runs: [String], counts: [Int])
  case otherImages(runs: [String], indices: [Int])
  case otherLabel(runs: [String], index: Int, labels: [String])

  public var exitCode: ExitCode {
    if case .notTested = self { .noInput } else { .dataError }
  }

  public var description: String {
    switch self {
    case .notTested(let run):
      "\(run): has no test result"
    case .otherData(let runs, let datasets):
      "\(runs[0]) was tested on '\(datasets[0])', but \(runs[1]) on '\(datasets[1])'"
    case .otherClasses(let runs):
      "\(runs[0]) and \(runs[1]) were tested on classes of different names"
    case .otherCount(let runs, let counts):
      "\(runs[0]) was tested on \(grouped(counts[0])) images, but \(runs[1]) on "
        + "\(grouped(counts[1]))"
    case .otherImages(let runs, let indices):
      "\(runs[0]) was tested on image \(indices[0]) where \(runs[1]) was on image \(indices[1])"
    case .otherLabel(let runs, let index, let labels):
      "test image \(index) is '\(labels[0])' in \(runs[0]), but '\(labels[1])' in \(runs[1])"
    }
  }
}
