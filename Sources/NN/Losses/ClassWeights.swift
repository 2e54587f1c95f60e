/// How much each class counts in a loss.
public enum ClassWeights: Equatable, Sendable {
  /// So that every class counts alike, however many images it has: `n / (C · n_c)`, where `n` is
  /// the number of images, `C` that of the classes that have any, and `n_c` the class's (King and
  /// Zeng, "Logistic regression in rare events data", 2001; scikit-learn's `balanced`). A class
  /// without images counts nothing.
  case balanced
  /// A number for each class.
  case numbers([Double])

  /// The weight of each class.
  ///
  /// - Parameter counts: the number of training images of each class.
  public func values(counts: [Int]) -> [Double] {
    switch self {
    case .numbers(let numbers): return numbers
    case .balanced:
      let total = Double(counts.reduce(0, +))
      let classes = Double(counts.count { $0 > 0 })
      return counts.map { $0 == 0 ? 0 : total / (classes * Double($0)) }
    }
  }
}
