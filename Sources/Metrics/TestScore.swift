/// A number that a test comes to, between 0 and 1.
public enum TestScore: String, CaseIterable, Sendable {
  case accuracy
  /// The means over the classes.
  case precision, recall, f1

  /// As a person reads it.
  public var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .precision: "macro precision"
    case .recall: "macro recall"
    case .f1: "macro F1"
    }
  }
}

extension ConfusionMatrix {
  public func value(of score: TestScore) -> Double {
    switch score {
    case .accuracy: accuracy
    case .precision: macro.precision
    case .recall: macro.recall
    case .f1: macro.f1
    }
  }

  /// For every pair of a true and a predicted class what an image of that pair adds to a score: the
  /// score is the mean of these numbers over all images, and what it might be on other images is
  /// what such a mean might be.
  ///
  /// Of accuracy that is 1 for a hit and 0 for a mistake. The others are no means of images; of them
  /// it is the score and the image's influence, the derivative by its weight times the number of
  /// images (Louis Jaeckel, "The infinitesimal jackknife", 1972; Bradley Efron, "The Jackknife, the
  /// Bootstrap and Other Resampling Plans", 1982, chapter 6).
  public func contribution(to score: TestScore) -> (_ trueClass: Int, _ predictedClass: Int) ->
    Double
  {
    guard score != .accuracy else { return { $0 == $1 ? 1 : 0 } }
    let (scores, supports, predicted) = (classScores, supports, predictedCounts)
    let occurring = zip(supports, predicted).count { $0 + $1 > 0 }
    let scale = Double(count) / Double(max(1, occurring))
    let value = value(of: score)
    func influence(_ t: Int, _ p: Int) -> Double {
      let hit = t == p ? 1.0 : 0
      switch score {
      case .precision: return (hit - scores[p].precision) / Double(predicted[p])
      case .recall: return (hit - scores[t].recall) / Double(supports[t])
      default:
        // F1 = 2 TP / (P + S): a hit is in all three, a mistake in P of one class and S of another.
        return [t, p].reduce(0) { sum, c in
          sum + (hit - scores[c].f1) / Double(supports[c] + predicted[c])
        }
      }
    }
    return { value + scale * influence($0, $1) }
  }

  /// The interval that holds a score on other images with 95 % probability: Wilson's of accuracy, of
  /// the others by the spread of what the images add, not beyond 0 and 1.
  public func interval95(of score: TestScore) -> (lower: Double, upper: Double) {
    guard score != .accuracy, count > 1 else { return interval95 }
    let (value, add) = (value(of: score), contribution(to: score))
    let squares = pairs.reduce(0) { sum, pair in
      let deviation = add(pair.trueClass, pair.predictedClass) - value
      return sum + deviation * deviation * Double(pair.count)
    }
    let error = (squares / Double(count) / Double(count - 1)).squareRoot()
    let margin = 1.959_963_984_540_054 * error
    return (max(0, value - margin), min(1, value + margin))
  }
}
