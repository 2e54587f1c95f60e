import Platform
import Search
import Support
import Training

/// A sweep's trials, shared by any number of processes through a journal in the study's directory.
///
/// Everybody who opens it sees the same trials in the same order, and works out the same point for
/// the next one; who starts it first runs it.
public final class Study {
  public let directory: String
  public let sweep: SweepFile
  public let worker: StudyWorker
  /// Whether a trial may know everything that is settled when it begins, which is quicker and not
  /// reproducible.
  public let isFreeRunning: Bool
  /// Whether a point can be trained at all, such as within a limit on parameters. Others are drawn
  /// again.
  public var isUsable: (SearchPoint) -> Bool = { _ in true }
  /// Whether somebody trains in a trial's directory. Then its worker lives, however long it has been
  /// silent, as one that is suspended or waits for a slow disk; the trial stays with it.
  public var isInUse: (Int) -> Bool = { _ in false }

  /// Seconds without a sign of life after which a worker's trial is taken over. They are counted by
  /// the clock of whoever waits, from when it saw the last sign: no two clocks are compared.
  public static let patience = 120.0
  /// Failed trials in a row after which no more begin.
  public static let failureLimit = 3

  private let data: String?
  private let journal: Journal
  private let search: SweepSearch
  /// Seconds since 1970, for the records.
  private let now: () -> Double
  /// Seconds of a clock that nobody sets, for how long others have been silent.
  private let elapsed: () -> Double
  private var state: StudyState
  /// How far it has come.
  public private(set) var counts: StudyCounts
  /// Trials of ours that somebody else's training keeps us from.
  private var putOff: Set<Int> = []

  /// Opens the study in `directory`, which is made if need be.
  ///
  /// - Parameter data: what tells the data that it searches with from others; `nil`: not checked.
  /// - Throws: ``FileError``, ``JournalError``, also if the directory is another sweep's.
  public convenience init(
    directory: String, sweep: SweepFile, data: String? = nil, worker: StudyWorker,
    isFreeRunning: Bool = false
  ) throws {
    try self.init(
      directory: directory, sweep: sweep, data: data, worker: worker,
      isFreeRunning: isFreeRunning, now: wallClockSeconds, elapsed: monotonicSeconds)
  }

  init(
    directory: String, sweep: SweepFile, data: String? = nil, worker: StudyWorker,
    isFreeRunning: Bool = false, now: @escaping () -> Double, elapsed: @escaping () -> Double
  ) throws {
    self.directory = directory
    self.sweep = sweep
    self.data = data
    self.worker = worker
    self.isFreeRunning = isFreeRunning
    self.now = now
    self.elapsed = elapsed
    search = SweepSearch(sweep)
    state = StudyState(space: sweep.space)
    counts = StudyCounts([], by: sweep.metric)
    guard FileSystem.makeDirectory(directory) || errno == EEXIST else {
      throw FileError.cannotCreate(path: directory, reason: errno)
    }
    journal = try Journal(path: Self.journalPath(directory), start: StudyEvent.start)
    try journal.append { lines in
      try self.take(lines)
      return self.state.identity == nil
        ? [StudyEvent.study(identity: sweep.identity, data: data).json] : []
    }
    try refresh()
  }

  /// `journal.jsonl` in a study's directory.
  public static func journalPath(_ directory: String) -> String {
    directory + "/" + RunDirectory.studyJournal
  }

  public var trials: [StudyTrial] { state.trials }

  /// What a reader should know about the journal, a sentence each.
  public var notes: [String] { journal.notes }

  /// Learns what others did.
  public func refresh() throws { try take(try journal.readNew()) }

  private func take(_ lines: [JSONObject]) throws {
    for (index, line) in lines.enumerated() {
      let reason =
        try StudyEvent.read(line, of: journal.path).map(apply)
        ?? "no known event"
      if let reason { throw journal.damage(reason, linesBack: lines.count - index) }
      // What another sweep's trials are is no damage.
      if index == 0 { try checkIdentity() }
    }
  }

  /// - Returns: why the event cannot be; `nil` if it can.
  private func apply(_ event: StudyEvent) -> String? {
    if let reason = state.apply(event, seen: elapsed()) { return reason }
    switch event {
    case .trial: counts.begin()
    case .end(let number, _, _, _, _): counts.end(trials[number], by: sweep.metric)
    case .study, .claim, .heartbeat, .report: break
    }
    return nil
  }

  private func checkIdentity() throws {
    if let identity = state.identity, let key = identity.firstDifference(from: sweep.identity) {
      throw JournalError.otherSweep(path: journal.path, key: key)
    }
    if let before = state.data, let data, before != data {
      throw JournalError.otherData(path: journal.path)
    }
  }
}

// Working on it.
extension Study {
  /// What a worker does next.
  public enum Task: Equatable, Sendable {
    /// Train this trial, from its checkpoint if there is one.
    case run(StudyTrial)
    /// Nothing now; others are at trials on which the next one depends.
    case wait
    case done(Ending)
  }

  /// Why no more trials begin.
  public enum Ending: Equatable, Sendable {
    case allTrials
    case exhausted
    /// No further point can be tried at all.
    case nothingFits
    case target
    case failures
  }

  /// Claims the next trial: one that was left, or a new one.
  public func next() throws -> Task {
    var task = Task.wait
    try journal.append { lines in
      try take(lines)
      let (decision, event) = decide()
      task = decision
      return try append(event)
    }
    if case .run(let trial) = task { return .run(trials[trial.number]) }
    return task
  }

  /// Records the metric after an epoch, counted from 1, of a trial that this worker has claimed.
  ///
  /// - Returns: whether to stop the trial, because it is unlikely to win or no longer ours.
  public func report(_ trial: Int, epoch: Int, value: Double) throws -> Verdict {
    try change(trial, .report(trial, epoch: epoch, value: value)) ? verdict(on: trial) : .lost
  }

  /// Records the end of a trial that this worker has claimed.
  ///
  /// - Returns: whether it was still ours.
  @discardableResult
  public func end(
    _ trial: Int, _ state: StudyTrial.State, value: Double? = nil, reason: String? = nil,
    seconds: Double? = nil
  ) throws -> Bool {
    let finite = value.flatMap { $0.isFinite ? $0 : nil }
    return try change(
      trial, .end(trial, state, value: finite, reason: reason, seconds: seconds))
  }

  /// Keeps a trial that this worker has claimed for later: somebody is still at it. It comes back
  /// from ``next()`` when it is no longer in use.
  public func putOff(_ trial: Int) { putOff.insert(trial) }

  /// Says that this worker is alive.
  public func heartbeat() throws {
    try journal.append { lines in
      try take(lines)
      return try append(.heartbeat(worker: worker.name, time: now()))
    }
  }

  /// What to do with a trial after a report.
  public enum Verdict: Equatable, Sendable {
    case goOn
    case stop
    /// Another worker has taken the trial over.
    case lost
  }

  private func change(_ trial: Int, _ event: StudyEvent) throws -> Bool {
    var isOurs = false
    try journal.append { lines in
      try take(lines)
      isOurs = state.running.contains(trial) && trials[trial].worker == worker.name
      return isOurs ? try append(event) : []
    }
    return isOurs
  }

  /// Takes an event in before it is written, so that none is written that could not be read.
  private func append(_ event: StudyEvent?) throws -> [JSONObject] {
    guard let event else { return [] }
    if let reason = apply(event) { throw journal.damage(reason) }
    return [event.json]
  }
}

// Deciding.
extension Study {
  private func decide() -> (Task, StudyEvent?) {
    if let left = state.running.sorted().first(where: isLeft) {
      let isOurs = putOff.remove(left) != nil && trials[left].worker == worker.name
      let claim = StudyEvent.claim(left, worker: worker.name, time: now())
      return (.run(trials[left]), isOurs ? nil : claim)
    }
    let number = trials.count
    if let ending = ending(before: number) {
      return (state.running.isEmpty ? .done(ending) : .wait, nil)
    }
    let known = knownCount(for: number)
    guard isFreeRunning || !state.running.contains(where: { $0 < known }) else {
      return (.wait, nil)
    }
    guard let point = search.point(trial: number, history: history(for: number), where: isUsable)
    else {
      let isLimited = trials.isEmpty || search.trialCount == nil
      return (state.running.isEmpty ? .done(isLimited ? .nothingFits : .exhausted) : .wait, nil)
    }
    let event = StudyEvent.trial(
      number, parameters: point.parameters(in: sweep.space), worker: worker.name, time: now())
    return (.run(StudyTrial(number: number, point: point, worker: worker.name)), event)
  }

  /// Whether nobody is at a running trial: it was put off, or its worker is gone or has not been
  /// heard of for long.
  private func isLeft(_ trial: Int) -> Bool {
    let name = trials[trial].worker
    let isSilent =
      name == worker.name
      ? putOff.contains(trial)
      : StudyWorker.isGone(name) || elapsed() - (state.lastSeen[name] ?? 0) > Self.patience
    return isSilent && !isInUse(trial)
  }

  private func ending(before number: Int) -> Ending? {
    if let total = sweep.trials, number >= total { return .allTrials }
    if let count = search.trialCount, number >= count { return .exhausted }
    // Of thousands of trials the last few alone are looked at, unless there is a target.
    let known = trials.prefix(knownCount(for: number)).lazy.filter(\.isSettled)
    if sweep.metric.target != nil,
      known.contains(where: {
        $0.bestValue(by: sweep.metric).map(sweep.metric.reachesTarget) ?? false
      })
    {
      return .target
    }
    let last = known.reversed().prefix(Self.failureLimit)
    return last.count == Self.failureLimit && last.allSatisfy { $0.state == .failed }
      ? .failures : nil
  }

  /// The number of trials whose results a trial may know.
  private func knownCount(for number: Int) -> Int {
    isFreeRunning
      ? trials.count : SweepRounds(size: sweep.settings.round).knownCount(for: number)
  }

  /// What the search may know before a trial.
  private func history(for number: Int) -> [Observation] {
    let known = knownCount(for: number)
    lazy var losses = trials.prefix(known).compactMap(\.value).map(sweep.metric.loss)
    return trials.prefix(number).suffix(search.lookback).map { trial in
      let result = trial.number < known ? result(of: trial, among: losses) : .running
      return Observation(trial: trial.number, point: trial.point, result: result)
    }
  }

  private func result(
    of trial: StudyTrial, among losses: @autoclosure () -> [Double]
  ) -> Observation.Result {
    let reports = trial.losses(by: sweep.metric)
    switch trial.state {
    case .running: return .running
    case .finished: return .finished(loss: trial.value.map(sweep.metric.loss) ?? .infinity)
    case .pruned: return .pruned(epoch: reports.count, loss: reports.last ?? .infinity)
    case .failed:
      let imputed: Double? =
        switch sweep.metric.impute {
        case .worst: losses().max()
        case .best: losses().min()
        case .latest: reports.last
        }
      return .finished(loss: imputed ?? .infinity)
    }
  }

  /// Whether early termination stops a trial now. It knows the trials that the search knew.
  public func verdict(on trial: Int) -> Verdict {
    guard let rule = sweep.termination else { return .goOn }
    let known = knownCount(for: trial)
    let peers = trials.prefix(known).filter { $0.number != trial }.map {
      PeerTrial(reports: $0.losses(by: sweep.metric), isFinished: $0.state == .finished)
    }
    return rule.stops(trials[trial].losses(by: sweep.metric), peers: peers) ? .stop : .goOn
  }
}

extension StudyTrial {
  /// The reports as losses; infinite where they are no numbers.
  func losses(by metric: SweepMetric) -> [Double] {
    reports.map { $0.isFinite ? metric.loss($0) : .infinity }
  }
}

extension JSONObject {
  /// The path of the first key in which another object differs; `nil` if they are equal.
  fileprivate func firstDifference(from other: JSONObject) -> String? {
    for key in keys + other.keys where self[key] != other[key] {
      guard let own = self[key]?.object, let others = other[key]?.object,
        let inner = own.firstDifference(from: others)
      else { return key }
      return "\(key).\(inner)"
    }
    return nil
  }
}
