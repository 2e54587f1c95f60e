/// W&B's `hyperband`: at certain numbers of reports, the bands, a trial must be among the best.
///
/// The threshold of a band is the loss at position `n / eta`, counted from 0, of the sorted losses
/// of all `n` trials that got that far, the judged one included. A trial is judged at the last
/// band it has reached and stops if its loss is larger than the threshold.
///
/// After Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar, "Hyperband: a novel bandit-based
/// approach to hyperparameter optimization", 2018, as W&B's sweep server does it.
public struct HyperbandStopping: Equatable, Sendable {
  /// How the bands are given.
  public enum Bands: Equatable, Sendable {
    /// `first · eta^k` without end.
    case from(Int)
    /// `last / eta^k` for `k` from 1 to `count`, rounded down, without those below 1.
    case below(Int, count: Int)
  }

  public let bands: Bands
  public let eta: Double
  /// Whether the loss at the band counts, or else the smallest so far.
  public let isStrict: Bool

  public init(_ bands: Bands, eta: Double = 3, isStrict: Bool = true) {
    self.bands = bands
    self.eta = eta
    self.isStrict = isStrict
  }

  /// The bands up to a number of reports, smallest first.
  public func bands(upTo count: Int) -> [Int] {
    var result: [Int] = []
    switch bands {
    case .from(let first):
      var band = Double(first)
      while band <= Double(count) {
        result.append(Int(band))
        band *= eta
      }
    case .below(let last, let bandCount):
      var band = Double(last)
      for _ in 0..<bandCount {
        band /= eta
        // A product such as 27 / 3 / 3 / 3 may end a hair below 1.
        guard band >= 1 - 1e-9 else { break }
        result.insert(Int(band + 1e-9), at: 0)
      }
      result.removeAll { $0 > count }
    }
    return result
  }

  func stops(_ reports: [Double], peers: [[Double]]) -> Bool {
    guard let band = bands(upTo: reports.count).last else { return false }
    let own = isStrict ? reports[band - 1] : reports.min()!
    let losses = (peers + [reports]).filter { $0.count >= band }.map { loss(of: $0, at: band) }
    let position = min(Int(Double(losses.count) / eta), losses.count - 1)
    return own > losses.sorted()[position]
  }

  private func loss(of reports: [Double], at band: Int) -> Double {
    isStrict ? reports[band - 1] : reports.prefix(band).min()!
  }
}
