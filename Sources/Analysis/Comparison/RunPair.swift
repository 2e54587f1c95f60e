import Metrics

/// Two runs on the same images.
public struct RunPair: Sendable {
  /// The places of the two among the runs compared.
  public let first: Int
  public let second: Int
  public let outcomes: PairedOutcomes
  /// The same for the images of each class.
  public let classes: [PairedOutcomes]
  public let bootstrap: PairedBootstrap
  /// Of McNemar's test, corrected for the number of pairs.
  public internal(set) var correctedProbability: Double
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
    correctedProbability = all.mcNemarProbability
  }

  /// Every two of `runs`, in their order.
  static func all(of runs: [ComparedRun], draws: Int, seed: UInt64) -> [RunPair] {
    var pairs = runs.indices.flatMap { first in
      runs.indices.dropFirst(first + 1).map { second in
        RunPair(first, second, of: runs, draws: draws, seed: seed)
      }
    }
    let corrected = Significance.corrected(pairs.map(\.outcomes.mcNemarProbability))
    for (index, probability) in corrected.enumerated() {
      pairs[index].correctedProbability = probability
    }
    return pairs
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
