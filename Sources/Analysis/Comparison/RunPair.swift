import Metrics
import Support

/// Two runs on the same images.
public struct RunPair: Sendable {
  /// The places of the two among the runs compared.
  public let first: Int
  public let second: Int
  public let outcomes: PairedOutcomes
  /// The same for the images of each class.
  public let classes: [PairedOutcomes]
  public let bootstrap: PairedBootstrap
  /// The images that only one of the two got right, in their order.
  public let images: [ContestedImage]

  init(_ first: Int, _ second: Int, of runs: [ComparedRun], draws: Int, seed: UInt64) {
    (self.first, self.second) = (first, second)
    var all = PairedOutcomes()
    var classes = [PairedOutcomes](
      repeating: PairedOutcomes(), count: runs[first].test.confusion.classCount)
    var images: [ContestedImage] = []
    for (a, b) in zip(runs[first].predictions, runs[second].predictions) {
      let (said, answered) = (a.prediction, b.prediction)
      all.add(first: said.isCorrect, second: answered.isCorrect)
      classes[Int(said.trueClass)].add(first: said.isCorrect, second: answered.isCorrect)
      if said.isCorrect != answered.isCorrect {
        images.append(
          ContestedImage(
            index: a.index, trueClass: said.trueClass,
            predictedClasses: [said.predictedClass, answered.predictedClass]))
      }
    }
    outcomes = all
    self.classes = classes
    self.images = images
    bootstrap = PairedBootstrap(all, draws: draws, seed: seed)
  }

  /// The classes in which the runs differ, the most uneven first; equal ones in their order.
  public var decisiveClasses: [Int] {
    func margin(_ outcomes: PairedOutcomes) -> Int {
      abs(outcomes.onlyFirstRight - outcomes.onlySecondRight)
    }
    return classes.indices.filter { classes[$0].discordantCount > 0 }.sorted {
      (-margin(classes[$0]), $0) < (-margin(classes[$1]), $1)
    }
  }
}

/// Runs that cannot be compared image by image. Of both values the first belongs to the first run.
public enum ComparisonError: UserError, Equatable {
  case notTested(run: String)
  case otherData(runs: [String], datasets: [String])
  case otherClasses(runs: [String])
  case otherCount(runs: [String], counts: [Int])
  case otherImages(runs: [String], indices: [Int])
  case otherLabel(runs: [String], index: Int, labels: [String])
  case otherPixels(runs: [String])

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
    case .otherPixels(let runs):
      "\(runs[0]) and \(runs[1]) were tested on images of the same labels with other pixels"
    case .otherLabel(let runs, let index, let labels):
      "test image \(index) is '\(labels[0])' in \(runs[0]), but '\(labels[1])' in \(runs[1])"
    }
  }
}
