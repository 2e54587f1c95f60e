import Support

/// When a trial that is unlikely to win is stopped.
///
/// A decision depends on the trial's own reports and on the trials handed in, on nothing else.
/// Reports are losses, the smaller the better, one an epoch.
public enum EarlyTermination: Equatable, Sendable {
  case hyperband(HyperbandStopping)
  case successiveHalving(SuccessiveHalving)
  case median(MedianStopping)

  /// Whether to stop a trial after its last report.
  ///
  /// - Parameter peers: the other trials it may know about, see ``SweepRounds``.
  public func stops(_ reports: [Double], peers: [PeerTrial]) -> Bool {
    switch self {
    case .hyperband(let rule): rule.stops(reports, peers: peers.map(\.reports))
    case .successiveHalving(let rule): rule.stops(reports, peers: peers.map(\.reports))
    case .median(let rule): rule.stops(reports, peers: peers)
    }
  }
}

/// What early termination knows about another trial.
public struct PeerTrial: Equatable, Sendable {
  /// The losses reported so far, one an epoch.
  public let reports: [Double]
  /// Whether it ran to its end, neither stopped early nor failed.
  public let isFinished: Bool

  public init(reports: [Double], isFinished: Bool) {
    self.reports = reports
    self.isFinished = isFinished
  }
}

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
    var rung = Double(first) * power(eta, Double(skipped))
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

/// Stops a trial whose smallest loss so far is larger than the median of what the finished trials
/// had in the same epoch.
///
/// Golovin, Solnik, Moitra, Kochanski, Karro and Sculley, "Google Vizier: a service for black-box
/// optimization", 2017; with Optuna's defaults.
public struct MedianStopping: Equatable, Sendable {
  /// The number of finished trials before any is stopped.
  public let startupCount: Int
  /// The first epoch in which a trial may be stopped.
  public let firstEpoch: Int

  public init(startupCount: Int = 5, firstEpoch: Int = 1) {
    self.startupCount = startupCount
    self.firstEpoch = firstEpoch
  }

  func stops(_ reports: [Double], peers: [PeerTrial]) -> Bool {
    let epoch = reports.count
    let finished = peers.filter(\.isFinished)
    guard epoch >= firstEpoch, finished.count >= startupCount, let own = reports.min() else {
      return false
    }
    let losses = finished.filter { $0.reports.count >= epoch }.map { $0.reports[epoch - 1] }
    return median(losses).map { own > $0 } ?? false
  }

  private func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
