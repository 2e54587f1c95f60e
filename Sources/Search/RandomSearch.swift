import Support

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
