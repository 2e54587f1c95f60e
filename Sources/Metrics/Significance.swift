import Support

/// When a difference is called more than chance.
public enum Significance {
  /// A probability below it is.
  public static let level = 0.05

  /// The probabilities of several tests, so corrected that the chance of calling any difference real
  /// that is none stays below the level, whatever the number of tests: the smallest times their
  /// number, the next times one less, and so on, none smaller than one before it (Sture Holm, "A
  /// simple sequentially rejective multiple test procedure", 1979).
  public static func corrected(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    var (corrected, largest) = (probabilities, 0.0)
    for (rank, index) in order.enumerated() {
      largest = min(1, max(largest, probabilities[index] * Double(order.count - rank)))
      corrected[index] = largest
    }
    return corrected
  }

  /// `p < 0.0001`, `p = 0.0312`.
  public static func text(_ probability: Double) -> String {
    probability < 0.0001 ? "p < 0.0001" : "p = \(fixed(probability, 4))"
  }
}
