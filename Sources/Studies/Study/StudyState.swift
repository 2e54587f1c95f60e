import Search
import Support

/// All that a journal says, event by event.
struct StudyState: Equatable, Sendable {
  let space: SearchSpace
  private(set) var identity: JSONObject?
  private(set) var trials: [StudyTrial] = []
  /// When each worker was last heard of.
  private(set) var lastSeen: [String: Double] = [:]
  /// The trial that each worker of a running one is at.
  private(set) var running: Set<Int> = []

  init(space: SearchSpace) { self.space = space }

  /// Takes an event in.
  ///
  /// - Parameter seen: when it was read, if it is news; then its worker is alive, whatever its
  ///   clock says.
  /// - Returns: why the event cannot be; `nil` if it can.
  mutating func apply(_ event: StudyEvent, seen: Double?) -> String? {
    switch event {
    case .study(let identity):
      guard self.identity == nil else { return "a study begins twice" }
      self.identity = identity
    case .trial(let number, let parameters, let worker, let time):
      guard number == trials.count else { return "trial \(number) is out of order" }
      guard let point = SearchPoint(parameters, in: space) else {
        return "the parameters of trial \(number) are not of this sweep"
      }
      trials.append(StudyTrial(number: number, point: point, began: time, worker: worker))
      running.insert(number)
      lastSeen[worker] = seen ?? time
    case .claim(let number, let worker, let time):
      guard running.contains(number) else { return "trial \(number) is not running" }
      trials[number].worker = worker
      trials[number].takeovers += 1
      lastSeen[worker] = seen ?? time
    case .heartbeat(let worker, let time): lastSeen[worker] = seen ?? time
    case .report(let number, let epoch, let value): return report(number, epoch, value, seen)
    case .end(let number, let state, let value, let reason, let seconds):
      guard running.contains(number), state != .running else {
        return "trial \(number) is not running"
      }
      trials[number].state = state
      trials[number].value = value
      trials[number].reason = reason
      trials[number].seconds = seconds
      running.remove(number)
    }
    return nil
  }

  /// A trial that goes on from a checkpoint may report an epoch again.
  private mutating func report(
    _ number: Int, _ epoch: Int, _ value: Double, _ seen: Double?
  ) -> String? {
    guard running.contains(number) else { return "trial \(number) is not running" }
    guard epoch >= 1, epoch <= trials[number].reports.count + 1 else {
      return "epoch \(epoch) of trial \(number) is out of order"
    }
    if epoch > trials[number].reports.count {
      trials[number].reports.append(value)
    } else {
      trials[number].reports[epoch - 1] = value
    }
    if let seen { lastSeen[trials[number].worker] = seen }
    return nil
  }
}

extension StudyTrial {
  fileprivate init(number: Int, point: SearchPoint, began: Double, worker: String) {
    self.number = number
    self.point = point
    self.began = began
    self.worker = worker
  }
}
