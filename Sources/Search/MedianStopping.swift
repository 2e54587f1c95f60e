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
