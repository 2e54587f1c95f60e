import Platform
import Support

/// Asynchronous successive halving: at each rung, a number of epochs, only the best `1 / eta` of
/// the trials that got there go on, and always the best one.
///
/// Rungs are at `first · eta^(k + skipped)` epochs. A trial is judged in the epoch in which it
/// reaches a rung, against those that were there before it; nobody waits.
///
/// Li, Jamieson, Rostamizadeh, Gonina, Hardt, Recht and Talwalkar, "A system for massively parallel
/// hyperparameter tuning", 2020, in the form that stops trials instead of promoting them.
public struct SuccessiveHalving: Equatable, Sendable {
  /// The epochs before the first rung, if none are skipped.
  public let first: Int
  public let eta: Double
  /// How many of the lowest rungs are left out.
  public let skipped: Int

  public init(first: Int = 1, eta: Double = 4, skipped: Int = 0) {
    self.first = first
    self.eta = eta
    self.skipped = skipped
  }

  /// The epochs of the rungs up to a number of epochs, smallest first.
  public func rungs(upTo epochs: Int) -> [Int] {
    var rungs: [Int] = []
    var rung = Double(first) * pow(eta, Double(skipped))
    while rung <= Double(epochs) {
      rungs.append(Int(rung))
      rung *= eta
    }
    return rungs
  }

  func stops(_ reports: [Double], peers: [[Double]]) -> Bool {
    guard let rung = rungs(upTo: reports.count).last, rung == reports.count else { return false }
    let losses = (peers + [reports]).filter { $0.count >= rung }.map { $0[rung - 1] }.sorted()
    let survivors = max(1, Int(Double(losses.count) / eta))
    return reports[rung - 1] > losses[survivors - 1]
  }
}
