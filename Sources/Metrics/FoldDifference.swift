/// By how much one of two models is above the other in a cross-validation, from the difference in each
/// fold.
///
/// Folds share most of their training images, so that their differences are not independent and the
/// plain paired t-test finds too much. Its variance is raised by the share of tested to trained images:
/// `(1/k + n_tested/n_trained) · s²`, with `k − 1` degrees of freedom (C. Nadeau and Y. Bengio,
/// "Inference for the Generalization Error", 2003; for cross-validation: R. R. Bouckaert and E. Frank,
/// "Evaluating the Replicability of Significance Tests for Comparing Learning Algorithms", 2004).
public struct FoldDifference: Sendable {
  /// In each fold, the second model's score less the first one's.
  public let values: [Double]
  /// Their mean.
  public let mean: Double
  public let standardError: Double
  public var degreesOfFreedom: Int { values.count - 1 }

  /// Of fewer folds nothing is said: two leave one degree of freedom.
  public static let leastFolds = 3

  /// - Parameters:
  ///   - values: of at least two folds.
  ///   - tested: the images that a fold is judged by, in the mean.
  ///   - trained: those that it learns from; more than 0.
  public init(_ values: [Double], tested: Double, trained: Double) {
    precondition(values.count > 1 && trained > 0, "FoldDifference: \(values.count), \(trained)")
    self.values = values
    let estimate = MeanEstimate(values)
    mean = estimate.mean
    standardError =
      (1 / Double(values.count) + tested / trained).squareRoot() * estimate.standardDeviation
  }

  /// Of the difference in other folds; of no width where it is the same in each.
  public var interval95: (lower: Double, upper: Double) {
    let student = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
    let margin = standardError > 0 ? student.bound(of: 0.95) * standardError : 0
    return (mean - margin, mean + margin)
  }

  /// The probability of a mean at least so far from 0 if there were no difference.
  public var probability: Double {
    guard standardError > 0 else { return mean == 0 ? 1 : 0 }
    return StudentDistribution(degreesOfFreedom: degreesOfFreedom)
      .probability(beyond: abs(mean) / standardError)
  }
}
