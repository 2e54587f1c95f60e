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
  }

  /// The number of trials after which there is nothing left to try; `nil` if that never happens.
  public var trialCount: Int? { grid?.count }

  /// The point of a trial, numbered from 0; `nil` after the end of a grid.
  ///
  /// - Parameters:
  ///   - history: the trials it may know about, see ``SweepRounds``.
  ///   - isUsable: whether a point can be tried at all. Others are drawn again, except those of a
  ///     grid, and count as bad for the next draw; after a hundred the last one is taken all the
  ///     same.
  public func point(
    trial: Int, history: [Observation], where isUsable: (SearchPoint) -> Bool = { _ in true }
  ) -> SearchPoint? {
    if let grid { return grid[trial] }
    var history = history
    var point = point(trial: trial, attempt: 0, history)
    for attempt in 1..<Self.attemptLimit where !isUsable(point) {
      history.append(Observation(trial: trial, point: point, result: .running))
      point = self.point(trial: trial, attempt: attempt, history)
    }
    return point
  }

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
