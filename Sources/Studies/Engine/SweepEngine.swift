import Datasets
import Platform
import Support
import Synchronization
import Tensor
import Training

/// Works on a study with several workers, each a thread with a device of its own.
public struct SweepEngine: Sendable {
  public let directory: String
  public let sweep: SweepFile
  public let plan: SweepPlan
  /// Who searches, for the manifests.
  private let origin: RunOrigin
  private let dataset: Dataset
  /// What tells the images and labels from others.
  private let data: String?
  private let observer: any SweepObserver

  public init(
    directory: String, sweep: SweepFile, plan: SweepPlan, dataset: Dataset,
    origin: RunOrigin = RunOrigin(), observer: any SweepObserver
  ) {
    self.directory = directory
    self.sweep = sweep
    self.plan = plan
    // Trials never see the test part.
    self.dataset = Dataset(
      name: dataset.name, classes: dataset.classes, train: dataset.train, test: nil,
      files: dataset.files)
    data = dataset.train.map { Selection($0).digest }
    self.origin = origin
    self.observer = observer
  }

  /// Keeps the file in the study's directory, for whoever looks at it later.
  ///
  /// - Parameter isFirst: whether this process may change it, as to a larger number of trials.
  /// - Throws: ``FileError`` and, if the directory is another sweep's, ``JournalError``.
  public func prepare(isFirst: Bool) throws {
    let path = SweepFile.path(in: directory)
    // Opening it checks that it is this sweep's study.
    let study = try Study(
      directory: directory, sweep: sweep, data: data, worker: StudyWorker(number: 0))
    // Whoever ended a trial may have been killed before it removed what is of no more use.
    for trial in study.trials where trial.isSettled {
      StudyPlace(directory).removeCheckpoints(ofTrial: trial.number)
    }
    if isFirst || !FileSystem.exists(StudyPlace(directory).manifest) {
      try Manifest.beginStudy(
        at: StudyPlace(directory).manifest, sweep: sweep.json, dataset: dataset, origin: origin,
        level: plan.level, threads: plan.threads)
    }
    guard isFirst || !FileSystem.exists(path) else { return }
    try AtomicFile.write(text: JSONValue.object(sweep.json).text(pretty: true), to: path)
  }

  /// Runs trials until the study is over, the time is up or a signal came.
  ///
  /// - Returns: why no more trials begin; `nil` if a signal or the time ended it before.
  /// - Throws: ``FileError`` and ``JournalError``; the other workers end with their trials.
  public func run() throws -> Study.Ending? {
    let outcome = Mutex<Result<Study.Ending?, any Error>>(.success(nil))
    let isOver = Atomic(false)
    let start = monotonicSeconds()
    concurrently(plan.workers) { number in
      do {
        let ending = try work(as: number) {
          isOver.load(ordering: .relaxed) || Interruption.signal != nil
            || monotonicSeconds() - start >= plan.maxTime ?? .infinity
        }
        outcome.withLock { if case .success = $0, let ending { $0 = .success(ending) } }
      } catch {
        isOver.store(true, ordering: .relaxed)
        outcome.withLock { if case .success = $0 { $0 = .failure(error) } }
      }
    }
    return try outcome.withLock { $0 }.get()
  }

  /// What one worker does.
  private func work(as number: Int, isOver: () -> Bool) throws -> Study.Ending? {
    let study = try Study(
      directory: directory, sweep: sweep, data: data, worker: StudyWorker(number: number),
      isFreeRunning: plan.isFreeRunning)
    study.isUsable = SizeLimit(sweep, dataset)?.allows ?? { _ in true }
    study.isInUse = StudyPlace(directory).isInUse(trial:)
    let device = try Device(starting: plan.threads, level: plan.level, caches: plan.caches)
    let runner = TrialRunner(
      study: study, worker: number, dataset: dataset, origin: origin, device: device,
      observer: observer)
    var pause = Self.shortestPause
    while !isOver() {
      switch try study.next() {
      case .run(let trial):
        try runner.run(trial)
        pause = Self.shortestPause
      case .wait:
        usleep(pause)
        pause = min(2 * pause, Self.longestPause)
      case .done(let ending): return ending
      }
    }
    return nil
  }

  /// Microseconds between two looks at the journal while others are at work.
  private static let shortestPause: UInt32 = 1_000
  private static let longestPause: UInt32 = 250_000
}

/// How a process works on a study.
public struct SweepPlan: Equatable, Sendable {
  /// Trials side by side.
  public var workers: Int
  /// Threads of each.
  public var threads: Int
  public var level: SIMDLevel
  public var caches: CacheSizes
  /// Seconds after which no trial begins; `nil`: no limit.
  public var maxTime: Double?
  /// See ``Study/isFreeRunning``.
  public var isFreeRunning: Bool

  /// One trial a processor, with one thread each, unless the file says otherwise: that is faster
  /// than one trial with all threads.
  public init(
    _ settings: SweepSettings, level: SIMDLevel = .widest, caches: CacheSizes = .current,
    isFreeRunning: Bool = false
  ) {
    let processors = Device.processorCount
    threads = settings.threads ?? max(1, processors / (settings.workers ?? processors))
    workers = settings.workers ?? max(1, processors / threads)
    self.level = level
    self.caches = caches
    maxTime = settings.maxTime
    self.isFreeRunning = isFreeRunning
  }

  /// - Throws: ``SweepError/tooManyThreads(workers:threads:most:)``.
  public func checkThreads() throws {
    guard workers * threads <= Self.mostThreads else {
      throw SweepError.tooManyThreads(workers: workers, threads: threads, most: Self.mostThreads)
    }
  }

  private static let mostThreads = 1_024
}

/// A sweep that cannot find what it searches.
public enum SweepError: UserError, Equatable {
  case noValidation(metric: String)
  /// The sweep is over and no trial finished.
  case noWinner(path: String)
  /// Trials failed one after the other.
  case failures(path: String)
  /// No network that was looked at is within the limits.
  case nothingFits(path: String)
  /// Of all workers together.
  case tooManyThreads(workers: Int, threads: Int, most: Int)

  public var exitCode: ExitCode {
    switch self {
    case .noValidation, .nothingFits, .tooManyThreads: .configuration
    case .noWinner, .failures: .failure
    }
  }

  public var description: String {
    switch self {
    case .noValidation(let metric):
      "\(metric) needs validation images; give a val_split above 0, or folds"
    case .noWinner(let path):
      "\(path): no trial finished"
    case .failures(let path):
      "\(path): \(Study.failureLimit) trials failed in a row, so no more begin"
    case .nothingFits(let path):
      "\(path): no network of the parameters' values is within max_parameters and max_macs"
    case .tooManyThreads(let workers, let threads, let most):
      "\(workers) workers of \(threads) threads are \(grouped(workers * threads)) threads; "
        + "at most \(grouped(most)) are possible, choose fewer"
    }
  }
}

/// A sweep that a signal ended, with everything so far in the journal.
public struct SweepInterrupted: UserError, Equatable {
  public let signal: Int32
  /// Trials that have ended.
  public let ended: Int
  public let study: String

  public init(signal: Int32, ended: Int, study: String) {
    self.signal = signal
    self.ended = ended
    self.study = study
  }

  public var exitCode: ExitCode { Interruption.exitCode(for: signal) }

  public var description: String {
    "interrupted after \(ended == 1 ? "one trial" : "\(ended) trials"); the study is kept in "
      + "\(study), and the same command goes on with it"
  }
}
