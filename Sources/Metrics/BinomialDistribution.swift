import Platform
import Support

/// The distribution of the number of successes among `count` trials.
public struct BinomialDistribution: Sendable {
  public let count: Int
  public let probability: Double
  /// The most probable number, from which draws begin, and its probability.
  private let mode: Int
  private let modeProbability: Double

  /// - Parameters:
  ///   - count: at least 0.
  ///   - probability: of success, from 0 to 1.
  public init(count: Int, probability: Double) {
    precondition(count >= 0 && (0...1).contains(probability), "binomial(\(count), \(probability))")
    self.count = count
    self.probability = probability
    mode = min(count, Int(Double(count + 1) * probability))
    modeProbability = Self.probability(of: mode, count, probability)
  }

  /// The probability of exactly `k` successes.
  public func probability(of k: Int) -> Double { Self.probability(of: k, count, probability) }

  private static func probability(of k: Int, _ count: Int, _ probability: Double) -> Double {
    func term(_ k: Int, _ p: Double) -> Double { k == 0 ? 0 : Double(k) * log(p) }
    let ways = lgamma(Double(count + 1)) - lgamma(Double(k + 1)) - lgamma(Double(count - k + 1))
    return exp(ways + term(k, probability) + term(count - k, 1 - probability))
  }

  /// The probability of at most `k` successes, summed from the largest term down to where terms no
  /// longer matter.
  public func probability(upTo k: Int) -> Double {
    guard k < count else { return 1 }
    guard k <= mode else { return 1 - upperTail(from: k + 1) }
    var (term, sum, k) = (probability(of: k), 0.0, k)
    while k >= 0, sum + term > sum {
      sum += term
      term *= Double(k) * (1 - probability) / (Double(count - k + 1) * probability)
      k -= 1
    }
    return sum
  }

  private func upperTail(from k: Int) -> Double {
    var (term, sum, k) = (probability(of: k), 0.0, k)
    while k <= count, sum + term > sum {
      sum += term
      term *= Double(count - k) * probability / (Double(k + 1) * (1 - probability))
      k += 1
    }
    return sum
  }

  /// A random number of successes: the terms are taken away from a uniform number in turns from
  /// both sides of the mode, about as many as two standard deviations hold (C. D. Kemp, "A modal
  /// method for generating binomial variables", 1986).
  public func draw(using random: inout RandomStream) -> Int {
    guard probability > 0 else { return 0 }
    guard probability < 1 else { return count }
    var rest = Double(random.next() >> 11) * 0x1p-53 - modeProbability
    guard rest >= 0 else { return mode }
    let odds = probability / (1 - probability)
    var (low, high) = (mode, mode)
    var (lowTerm, highTerm) = (modeProbability, modeProbability)
    while low > 0 || high < count {
      if high < count {
        highTerm *= Double(count - high) / Double(high + 1) * odds
        high += 1
        rest -= highTerm
        if rest < 0 { return high }
      }
      if low > 0 {
        lowTerm *= Double(low) / Double(count - low + 1) / odds
        low -= 1
        rest -= lowTerm
        if rest < 0 { return low }
      }
      // What rounding left over belongs to no term.
      if lowTerm + highTerm == 0 { return mode }
    }
    return mode
  }
}
