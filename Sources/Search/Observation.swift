/// What a search knows about a trial.
public struct Observation: Equatable, Sendable {
  /// The smaller a loss, the better.
  public enum Result: Equatable, Sendable {
    case running
    case finished(loss: Double)
    /// Stopped early, after `epoch` reports, the last of which was `loss`.
    case pruned(epoch: Int, loss: Double)
  }

  public let trial: Int
  public let point: SearchPoint
  public let result: Result

  public init(trial: Int, point: SearchPoint, result: Result) {
    self.trial = trial
    self.point = point
    self.result = result
  }

  /// Whether the trial has come to an end.
  var isSettled: Bool { result != .running }

  /// Where the trial stands among all: finished ones by their loss, then pruned ones, those that
  /// got further first, then running ones; of equals the older first.
  var rank: (Int, Int, Double, Int) {
    switch result {
    case .finished(let loss): (0, 0, loss, trial)
    case .pruned(let epoch, let loss): (1, -epoch, loss, trial)
    case .running: (2, 0, 0, trial)
    }
  }
}
