import Tensor

/// How a process works on a study.
public struct SweepPlan: Equatable, Sendable {
  /// Trials side by side.
  public var workers: Int
  /// Threads of each.
  public var threads: Int
  public var level: SIMDLevel
  /// Seconds after which no trial begins; `nil`: no limit.
  public var maxTime: Double?
  /// See ``Study/isFreeRunning``.
  public var isFreeRunning: Bool

  /// One trial a processor, with one thread each, unless the file says otherwise: that is faster
  /// than one trial with all threads.
  public init(_ settings: SweepSettings, level: SIMDLevel = .widest, isFreeRunning: Bool = false) {
    let processors = Device.processorCount
    threads = settings.threads ?? max(1, processors / (settings.workers ?? processors))
    workers = settings.workers ?? max(1, processors / threads)
    self.level = level
    maxTime = settings.maxTime
    self.isFreeRunning = isFreeRunning
  }
}
