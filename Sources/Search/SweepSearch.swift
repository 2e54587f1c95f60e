import Support

/// How a sweep chooses its trials.
public enum SweepMethod: String, CaseIterable, Sendable {
  case grid, random, bayes
}

/// Proposes the point of each trial.
///
/// A proposal depends on the seed, the trial's number and the history handed in, on nothing else.
public struct SweepSearch: Sendable {
  public let space: SearchSpace
  public let method: SweepMethod
  public let seed: UInt64
  private let grid: SearchGrid?
  /// All points of a random search, if there are finitely many: none is tried twice.
  private let finite: SearchGrid?
  private let accepts: ValueCheck

  /// Whether a parameter can have a value. Asked only where the distribution is not bounded.
  public typealias ValueCheck = @Sendable (SearchParameter, JSONValue) -> Bool

  public init(
    _ space: SearchSpace, method: SweepMethod, seed: UInt64,
    accepting accepts: @escaping ValueCheck = { _, _ in true }
  ) {
    self.space = space
    self.accepts = accepts
    self.method = method
    self.seed = seed
    grid = method == .grid ? SearchGrid(space) : nil
    finite = method == .random ? SearchGrid(finite: space) : nil
  }

  /// The number of trials after which there is nothing left to try; `nil` if that never happens.
  public var trialCount: Int? { (grid ?? finite)?.count }

  /// How many of the trials before it a proposal looks at, the latest ones.
  public var lookback: Int {
    switch method {
    case .grid: 1
    case .random: finite == nil ? 0 : .max
    case .bayes: .max
    }
  }

  /// The point of a trial, numbered from 0; `nil` after the end of a grid.
  ///
  /// - Parameters:
  ///   - history: the trials it may know about, see ``SweepRounds``, or the last ``lookback`` of them.
  ///   - isUsable: whether a point can be tried at all. Of a grid others are passed over; else they
  ///     are drawn again and count as bad for the next draw. So is, of finitely many points of a random
  ///     search, what was tried before; when a hundred draws are in vain, one is drawn from the rest.
  /// - Returns: `nil` also if none of a hundred draws is usable, or none of the rest.
  public func point(
    trial: Int, history: [Observation], where isUsable: (SearchPoint) -> Bool = { _ in true }
  ) -> SearchPoint? {
    if let grid { return grid.point(trial: trial, after: history.last?.point, where: isUsable) }
    let tried = finite == nil ? [] : Set(history.map { key(of: $0.point) })
    func isNew(_ point: SearchPoint) -> Bool { finite == nil || !tried.contains(key(of: point)) }
    var history = history
    var point = point(trial: trial, attempt: 0, history)
    for attempt in 1..<Self.attemptLimit {
      if isUsable(point), isNew(point) { return point }
      history.append(Observation(trial: trial, point: point, result: .running))
      point = self.point(trial: trial, attempt: attempt, history)
    }
    if isUsable(point), isNew(point) { return point }
    return rest(trial: trial) { isNew($0) && isUsable($0) }
  }

  private func key(of point: SearchPoint) -> String {
    JSONValue.object(point.parameters(in: space)).text()
  }

  /// One of the points of a finite space that are left; `nil` if there is none, or if there are too
  /// many to look at all.
  private func rest(trial: Int, where isLeft: (SearchPoint) -> Bool) -> SearchPoint? {
    guard let finite, finite.count <= Self.largestRest else { return nil }
    let left = (0..<finite.count).compactMap { finite[$0] }.filter(isLeft)
    guard !left.isEmpty else { return nil }
    var stream = RandomSearch(space: space, seed: seed, attempt: Self.attemptLimit)
      .stream(trial: trial, purpose: space.parameters.count)
    return left[stream.below(left.count)]
  }

  private static let largestRest = 1_000_000

  private static let attemptLimit = 100

  /// The later half of the attempts is random, in case the good trials lie where none is usable.
  private func point(trial: Int, attempt: Int, _ history: [Observation]) -> SearchPoint {
    let random = RandomSearch(space: space, seed: seed, attempt: attempt, accepts: accepts)
    guard method == .bayes, attempt < Self.attemptLimit / 2 else {
      return random.point(trial: trial)
    }
    return TreeSearch(random).point(trial: trial, history: history)
  }
}

/// Which trials' results another trial may know, so that a study with any number of workers is the
/// same study.
///
/// Trials come in rounds of a fixed size. A trial knows the results of all rounds but its own and
/// the one before, and of the trials since only that they exist. So a round can begin before the
/// one before has ended, and up to two rounds of workers are busy.
public struct SweepRounds: Equatable, Sendable {
  /// The number of trials in a round.
  public let size: Int

  public init(size: Int) {
    precondition(size > 0, "a round has at least one trial")
    self.size = size
  }

  /// The number of trials whose results a trial knows: those with a smaller number.
  public func knownCount(for trial: Int) -> Int { max(0, (trial / size - 1) * size) }
}

/// Points drawn from the distributions, each trial independent of the others.
struct RandomSearch {
  let space: SearchSpace
  let seed: UInt64
  /// Other points for another attempt.
  var attempt = 0
  /// Whether a parameter can have a value.
  var accepts: SweepSearch.ValueCheck = { _, _ in true }

  /// The point of a trial. It depends on the seed and the trial's number only.
  func point(trial: Int) -> SearchPoint {
    var coordinates = [Double?](repeating: nil, count: space.parameters.count)
    for group in space.groups {
      fill(&coordinates, group, trial: trial)
    }
    return SearchPoint(coordinates: coordinates, in: space)
  }

  /// Draws the parameters of a group if it is used.
  func fill(_ coordinates: inout [Double?], _ group: [Int], trial: Int) {
    guard space.isUsed(space.parameters[group[0]], at: coordinates) else { return }
    for index in group {
      var stream = stream(trial: trial, purpose: index)
      coordinates[index] = sample(space.parameters[index], using: &stream)
    }
  }

  /// Random numbers of a trial for one purpose: a parameter's index, or what comes after those.
  func stream(trial: Int, purpose: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .search, major: trial, minor: attempt << 16 | purpose)
  }

  /// Draws until the option takes the value, which only unbounded distributions need more than
  /// once; gives up after a hundred draws and lets the trial say what is wrong.
  private func sample(_ parameter: SearchParameter, using stream: inout RandomStream) -> Double {
    let distribution = parameter.distribution
    var coordinate = distribution.sample(using: &stream)
    guard !parameter.isBounded else { return coordinate }
    for _ in 0..<100 where !accepts(parameter, distribution.value(at: coordinate)) {
      coordinate = distribution.sample(using: &stream)
    }
    return coordinate
  }
}

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
