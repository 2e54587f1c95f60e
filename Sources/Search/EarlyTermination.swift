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
