import Platform
import Search
import Support

/// All that a journal says, event by event.
struct StudyState: Equatable, Sendable {
  let space: SearchSpace
  private(set) var identity: JSONObject?
  /// What tells the data from others; `nil` in studies that do not say.
  private(set) var data: String?
  private(set) var trials: [StudyTrial] = []
  /// When each worker was last heard of, by the reader's clock.
  private(set) var lastSeen: [String: Double] = [:]
  /// The trial that each worker of a running one is at.
  private(set) var running: Set<Int> = []

  init(space: SearchSpace) { self.space = space }

  /// Takes an event in.
  ///
  /// - Parameter seen: when it was read; then its worker is alive, whatever its clock says.
  /// - Returns: why the event cannot be; `nil` if it can.
  mutating func apply(_ event: StudyEvent, seen: Double) -> String? {
    switch event {
    case .study(let identity, let data):
      guard self.identity == nil else { return "a study begins twice" }
      (self.identity, self.data) = (identity, data)
    case .trial(let number, let parameters, let worker, let time):
      guard number == trials.count else { return "trial \(number) is out of order" }
      guard let point = SearchPoint(parameters, in: space) else {
        return "the parameters of trial \(number) are not of this sweep"
      }
      trials.append(StudyTrial(number: number, point: point, began: time, worker: worker))
      running.insert(number)
      lastSeen[worker] = seen
    case .claim(let number, let worker, _):
      guard running.contains(number) else { return "trial \(number) is not running" }
      trials[number].worker = worker
      trials[number].takeovers += 1
      lastSeen[worker] = seen
    case .heartbeat(let worker, _): lastSeen[worker] = seen
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
    _ number: Int, _ epoch: Int, _ value: Double, _ seen: Double
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
    lastSeen[trials[number].worker] = seen
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

/// A trial of a study, as its journal has it.
public struct StudyTrial: Equatable, Sendable {
  public enum State: String, CaseIterable, Sendable { case running, finished, pruned, failed }

  /// Counted from 0.
  public let number: Int
  public let point: SearchPoint
  /// Seconds since 1970, by the clock of the worker that began it.
  public internal(set) var began = 0.0
  public internal(set) var state = State.running
  /// The metric after each epoch; not a number where a trial diverged.
  public internal(set) var reports: [Double] = []
  /// The metric by which the trial is compared; `nil` unless finished.
  public internal(set) var value: Double?
  /// Why it was stopped or failed.
  public internal(set) var reason: String?
  /// Seconds of training.
  public internal(set) var seconds: Double?
  /// Who runs it or ran it last.
  public internal(set) var worker: String
  /// How often somebody else had to go on with it.
  public internal(set) var takeovers = 0

  public var isSettled: Bool { state != .running }

  /// The best report by a metric's goal, or the value of a finished trial.
  public func bestValue(by metric: SweepMetric) -> Double? {
    value ?? reports.filter(\.isFinite).min { metric.loss($0) < metric.loss($1) }
  }
}

/// Who runs trials of a study: one worker of one process on one machine.
public struct StudyWorker: Equatable, Sendable {
  /// `host/process/start/number`, as it stands in the journal.
  public let name: String

  /// - Parameter number: which of the process's workers.
  public init(number: Int) { self.init(host: Self.hostName, process: getpid(), number: number) }

  init(host: String, process: Int32, start: String = Self.start, number: Int) {
    name = "\(host)/\(process)/\(start)/\(number)"
  }

  /// Whether a worker certainly runs no more: its process was on this machine, and is gone.
  static func isGone(_ name: String) -> Bool {
    let parts = name.split(separator: "/")
    guard parts.count == 4, parts[0] == hostName, let process = Int32(parts[1]) else {
      return false
    }
    // Containers give every program they start the same number.
    if process == getpid() { return parts[2] != start }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// Tells this process from an earlier one with the same number.
  private static let start = String(Int(wallClockSeconds() * 1_000), radix: 36)

  private static let hostName: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    // The C library writes within the count that it is given.
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).replacing("/", with: "_")
  }()
}
