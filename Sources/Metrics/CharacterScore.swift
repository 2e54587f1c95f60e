import Support

/// How much an image looks like the characters that a network learned: the logarithm of the odds
/// that it is one, from its evidence and the squares of that.
///
///     z_i   = (evidence_i - mean_i) / deviation_i, within ±6
///     score = bias + Σ (a_i z_i + b_i z_i²)
///
/// A logistic regression, fitted on characters and on pictures that are none. That a network is told
/// apart from what it does not know by showing it some is Dan Hendrycks et al., "Deep Anomaly
/// Detection with Outlier Exposure", 2019.
public struct CharacterScore: Equatable, Sendable {
  /// Of the evidence, over characters.
  public let means: [Double]
  public let deviations: [Double]
  /// The bias, then all `a`, then all `b`.
  public let weights: [Double]

  /// What is further from the mean than this many deviations is as far as this.
  public static let reach = 6.0

  /// - Returns: `nil` if they are not as many as they must be, or deviations not above 0.
  public init?(means: [Double], deviations: [Double], weights: [Double]) {
    let count = means.count
    guard (CharacterEvidence.fewest...CharacterEvidence.names.count).contains(count),
      deviations.count == count, weights.count == 2 * count + 1,
      deviations.allSatisfy({ $0 > 0 }), (means + deviations + weights).allSatisfy(\.isFinite)
    else { return nil }
    (self.means, self.deviations, self.weights) = (means, deviations, weights)
  }

  /// The score of an image; NaN if a logit is.
  public func callAsFunction(_ evidence: CharacterEvidence) -> Double {
    zip(Self.terms(evidence, means, deviations), weights).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// What the weights are multiplied with.
  private static func terms(
    _ evidence: CharacterEvidence, _ means: [Double], _ deviations: [Double]
  ) -> [Double] {
    let z = means.indices.map {
      let distance = (evidence.values[$0] - means[$0]) / deviations[$0]
      return distance.isNaN ? distance : min(max(distance, -reach), reach)
    }
    return [1] + z + z.map { $0 * $0 }
  }
}

extension CharacterScore {
  /// A deviation below this is that of numbers which are all the same.
  private static let leastDeviation = 1e-3
  /// The penalty of the squared weights, without which characters that are told apart without an
  /// error would have infinite ones.
  private static let penalty = 0.1
  private static let mostSteps = 30

  /// Fits a score by Newton's method; the penalized likelihood has one maximum.
  ///
  /// - Parameters:
  ///   - characters: evidence of characters, of at least one.
  ///   - others: evidence of what is none.
  public init(characters: [CharacterEvidence], others: [CharacterEvidence]) {
    let values = characters.map(\.values)
    let means = CharacterEvidence.names.indices.map { number in
      values.reduce(0) { $0 + $1[number] } / Double(values.count)
    }
    let deviations = CharacterEvidence.names.indices.map { number in
      let squares = values.reduce(0) { sum, row in
        sum + (row[number] - means[number]) * (row[number] - means[number])
      }
      return max((squares / Double(values.count)).squareRoot(), Self.leastDeviation)
    }
    let rows = (characters + others).map { Self.terms($0, means, deviations) }
    let isCharacter = characters.map { _ in true } + others.map { _ in false }
    (self.means, self.deviations) = (means, deviations)
    weights = Self.weights(rows, isCharacter)
  }

  private static func weights(_ rows: [[Double]], _ isCharacter: [Bool]) -> [Double] {
    var weights = [Double](repeating: 0, count: rows[0].count)
    var loss = loss(weights, rows, isCharacter)
    for _ in 0..<mostSteps {
      var step = newtonStep(weights, rows, isCharacter)
      var next = zip(weights, step).map { $0 - $1 }
      var nextLoss = Self.loss(next, rows, isCharacter)
      // Far from the maximum a whole step may lead too far.
      for _ in 0..<20 where !(nextLoss <= loss) {
        step = step.map { $0 / 2 }
        next = zip(weights, step).map { $0 - $1 }
        nextLoss = Self.loss(next, rows, isCharacter)
      }
      guard nextLoss < loss else { break }
      let gain = loss - nextLoss
      (weights, loss) = (next, nextLoss)
      if gain < 1e-9 * loss { break }
    }
    return weights
  }

  /// The negative logarithm of the likelihood, and the penalty.
  private static func loss(
    _ weights: [Double], _ rows: [[Double]], _ isCharacter: [Bool]
  ) -> Double {
    let penalties = weights.dropFirst().reduce(0) { $0 + penalty / 2 * $1 * $1 }
    return zip(rows, isCharacter).reduce(penalties) { sum, sample in
      let score = zip(sample.0, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let wrong = sample.1 ? -score : score
      return sum + max(wrong, 0) + logarithm(1 + exponential(-abs(wrong)))
    }
  }

  /// The gradient divided by the matrix of second derivatives.
  private static func newtonStep(
    _ weights: [Double], _ rows: [[Double]], _ isCharacter: [Bool]
  ) -> [Double] {
    let count = weights.count
    var gradient = weights.enumerated().map { $0 == 0 ? 0 : penalty * $1 }
    var curvature = (0..<count * count).map { place in
      let (row, column) = (place / count, place % count)
      return row == column ? (row == 0 ? 1e-9 : penalty) : 0
    }
    for (row, isCharacter) in zip(rows, isCharacter) {
      let score = zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 }
      let odds = exponential(-abs(score))
      let probability = score >= 0 ? 1 / (1 + odds) : odds / (1 + odds)
      let (error, weight) = (probability - (isCharacter ? 1 : 0), odds / (1 + odds) / (1 + odds))
      for i in 0..<count {
        gradient[i] += error * row[i]
        let scaled = weight * row[i]
        for j in 0...i { curvature[i * count + j] += scaled * row[j] }
      }
    }
    return solution(of: curvature, gradient)
  }

  /// Solves `A x = b` for a positive definite matrix, of which the lower triangle is given
  /// (Cholesky's decomposition).
  private static func solution(of matrix: [Double], _ right: [Double]) -> [Double] {
    let count = right.count
    var (l, x) = (matrix, right)
    for i in 0..<count {
      for j in 0...i {
        var sum = l[i * count + j]
        for k in 0..<j { sum -= l[i * count + k] * l[j * count + k] }
        l[i * count + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / l[j * count + j]
      }
      for k in 0..<i { x[i] -= l[i * count + k] * x[k] }
      x[i] /= l[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<count { x[i] -= l[k * count + i] * x[k] }
      x[i] /= l[i * count + i]
    }
    return x
  }
}
