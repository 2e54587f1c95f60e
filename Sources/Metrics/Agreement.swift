// Single numbers for a whole matrix that a model of constant guesses does not raise.

extension ConfusionMatrix {
  /// Cohen's kappa: by how much of what was possible the predictions agree better with the true
  /// classes than they would by chance; 1 if always, 0 as often as by chance. NaN without samples,
  /// and where chance would always agree, as in one class.
  ///
  /// Jacob Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
  public var kappa: Double {
    let possible = count * count - agreementsByChance
    return 1 - Double((count - correctCount) * count) / Double(possible)
  }

  /// The Matthews correlation coefficient of true and predicted classes, from -1 to 1; 0 if all
  /// samples are of one class or taken for one.
  ///
  /// For several classes: J. Gorodkin, "Comparing two K-category assignments by a K-category
  /// correlation coefficient", 2004.
  public var matthewsCorrelation: Double {
    func spread(_ counts: [Int]) -> Double {
      Double(count * count - counts.reduce(0) { $0 + $1 * $1 })
    }
    let spreads = spread(supports) * spread(predictedCounts)
    guard spreads > 0 else { return 0 }
    return Double(correctCount * count - agreementsByChance) / spreads.squareRoot()
  }

  /// How often the classes would agree if they were dealt out at random, times ``count``.
  private var agreementsByChance: Int {
    zip(supports, predictedCounts).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
