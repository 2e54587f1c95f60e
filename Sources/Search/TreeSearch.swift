import Support

/// Multivariate tree-structured Parzen estimation: what good trials have in common and bad ones do
/// not is tried next.
///
/// The best tenth of the trials, at most 25, and the others each make a ``ParzenEstimator``; of 24
/// points drawn from the first the one with the largest ratio of the densities is taken. Parameters
/// that are used together are drawn together. The first ten trials are random. A trial that is
/// still running counts as bad, so that those beside it look elsewhere.
///
/// Bergstra et al., "Algorithms for hyper-parameter optimization", 2011, with the defaults of
/// Optuna 5.
struct TreeSearch {
  /// Draws the first trials.
  private let random: RandomSearch
  private let space: SearchSpace

  init(_ random: RandomSearch) {
    self.random = random
    space = random.space
  }

  static let startupCount = 10
  static let candidateCount = 24

  /// The point of a trial, from the trials that the search may know.
  func point(trial: Int, history: [Observation]) -> SearchPoint {
    let settledCount = history.count(where: \.isSettled)
    guard settledCount >= Self.startupCount else { return random.point(trial: trial) }
    let (good, bad) = split(history, goodCount: min((settledCount + 9) / 10, 25))
    var coordinates = [Double?](repeating: nil, count: space.parameters.count)
    for (number, group) in space.groups.enumerated()
    where space.isUsed(space.parameters[group[0]], at: coordinates) {
      let stream = random.stream(trial: trial, purpose: space.parameters.count + number)
      let best = best(of: group, good, bad, stream)
      guard let best else {
        random.fill(&coordinates, group, trial: trial)
        continue
      }
      for (index, coordinate) in zip(group, best) { coordinates[index] = coordinate }
    }
    return SearchPoint(coordinates: coordinates, in: space)
  }

  /// The better and the other trials, both from the oldest to the newest.
  private func split(
    _ history: [Observation], goodCount: Int
  ) -> (good: [Observation], bad: [Observation]) {
    let ranked = history.sorted { $0.rank < $1.rank }
    return (
      ranked.prefix(goodCount).sorted { $0.trial < $1.trial },
      ranked.dropFirst(goodCount).sorted { $0.trial < $1.trial }
    )
  }

  /// The best candidate for the parameters of a group; `nil` if no option takes any.
  private func best(
    of group: [Int], _ good: [Observation], _ bad: [Observation], _ stream: RandomStream
  ) -> [Double]? {
    var stream = stream
    let goodDensity = density(of: group, good)
    let badDensity = density(of: group, bad)
    let candidates = (0..<Self.candidateCount)
      .map { _ in goodDensity.sample(using: &stream) }
      .filter { isAccepted($0, for: group) }
    let ratios = zip(goodDensity.logDensities(candidates), badDensity.logDensities(candidates))
      .map { $0 - $1 }
    return zip(candidates, ratios).enumerated()
      // The first of equals.
      .max { ($0.element.1, -$0.offset) < ($1.element.1, -$1.offset) }?.element.0
  }

  private func density(of group: [Int], _ observations: [Observation]) -> ParzenEstimator {
    let used = observations.filter { $0.point.coordinates[group[0]] != nil }
    return ParzenEstimator(
      group.map { space.parameters[$0].distribution },
      columns: group.map { index in used.map { $0.point.coordinates[index]! } })
  }

  private func isAccepted(_ candidate: [Double], for group: [Int]) -> Bool {
    zip(group, candidate).allSatisfy { index, coordinate in
      let parameter = space.parameters[index]
      return parameter.isBounded
        || random.accepts(parameter, parameter.distribution.value(at: coordinate))
    }
  }
}
