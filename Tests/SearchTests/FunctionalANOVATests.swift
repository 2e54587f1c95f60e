import Support
import Testing
import TestSupport

@testable import Search

@Suite struct FunctionalANOVATests {
  private func tree(_ columns: [[Double]], _ targets: [Double]) -> RegressionTree {
    var random = RandomStream(seed: 1, purpose: .testing)
    return RegressionTree(
      RegressionTable(columns, targets), weights: targets.map { _ in 1 }, using: &random)
  }

  /// A step at 0.5 of height 1 along the first of two columns: variance 1/4, all of it the first's.
  @Test func aStepBelongsToItsColumn() {
    let tree = tree([[0.2, 0.2, 0.8, 0.8], [0.1, 0.9, 0.1, 0.9]], [0, 0, 1, 1])
    #expect(tree.leaves.count == 2)
    #expect(abs(tree.variance - 0.25) < 1e-15)
    #expect(abs(tree.variance(along: [0]) - 0.25) < 1e-15)
    #expect(abs(tree.variance(along: [1])) < 1e-15)
  }

  /// What is 1 where both columns are high: mean 1/4, variance 3/16; each alone is 0 or 1/2, of
  /// variance 1/16; 1/16 is left for both together.
  @Test func aProductIsSharedOut() {
    let tree = tree([[0.2, 0.2, 0.8, 0.8], [0.2, 0.8, 0.2, 0.8]], [0, 0, 0, 1])
    #expect(abs(tree.variance - 3.0 / 16) < 1e-15)
    #expect(abs(tree.variance(along: [0]) - 1.0 / 16) < 1e-15)
    #expect(abs(tree.variance(along: [1]) - 1.0 / 16) < 1e-15)
    #expect(abs(tree.variance(along: [0, 1]) - 3.0 / 16) < 1e-15)
  }

  @Test func equalTargetsAreOneLeaf() {
    #expect(tree([[0.1, 0.9]], [2, 2]).leaves.map(\.value) == [2])
    #expect(tree([[0.4, 0.4]], [1, 3]).leaves.map(\.value) == [2])
  }

  /// The studies and the means of 20 seeds of Optuna's, see `Scripts/golden/sweep_optuna.py`.
  @Test(arguments: [SweepFunction.mixed, .conditional])
  func sharesAreThoseOfOptuna(_ function: SweepFunction) throws {
    let golden = try #require(optunaResults["importance"]?[function.name])
    let trials = try #require(golden["trials"]?.array).map { trial in
      let parameters = try #require(trial["parameters"]?.object)
      let point = try #require(SearchPoint(parameters, in: function.space))
      return (point, try #require(trial["value"]?.double))
    }
    let seeds = 0..<(isOptimized ? 20 : 3)
    let estimates = seeds.map {
      FunctionalANOVA.of(trials, in: function.space, seed: UInt64($0))
    }
    for (index, parameter) in function.space.parameters.enumerated() {
      let own = estimates.compactMap { $0[index]?.share }
      let optuna = golden["fanova"]?[parameter.name]?.double
      #expect(own.isEmpty == (optuna == nil), "\(parameter.name)")
      guard let optuna else { continue }
      let mean = own.reduce(0, +) / Double(own.count)
      #expect(abs(mean - optuna) < 0.05, "\(parameter.name): \(mean), Optuna \(optuna)")
    }
  }

  /// A grid of two choices: what an optimizer decides is not shared with what an activation does not.
  @Test func aGridOfNineTrialsIsNotShownAsIfItWereKnown() throws {
    let space = SearchSpace([
      SearchParameter("activation", .choices(["relu", "tanh", "elu"])),
      SearchParameter("optimizer", .choices(["sgd", "rmsprop", "adam"])),
    ])
    let grid = SearchGrid(space)
    let accuracies = [0.02, 0.51, 0.44, 0.03, 0.47, 0.45, 0.03, 0.50, 0.41]
    let trials = (0..<9).compactMap { index in grid[index].map { ($0, -accuracies[index]) } }
    let shares = FunctionalANOVA.of(trials, in: space)
    let optimizer = try #require(shares[1])
    #expect(optimizer.share > 0.9)
    let best = ParameterImportance.estimates(of: trials, in: space)
    #expect(best.allSatisfy { !$0.isKnown && $0.lower <= $0.share && $0.share <= $0.upper })
  }

  @Test func nothingToCompareHasNoShare() {
    let space = SearchSpace([
      SearchParameter("a", .integers(1...9)), SearchParameter("b", .choices(["one"])),
    ])
    #expect(FunctionalANOVA.of([], in: space) == [nil, nil])
    let point = SearchPoint(coordinates: [0.5, 0], in: space)
    #expect(FunctionalANOVA.of([(point, 1), (point, 1)], in: space) == [nil, nil])
    #expect(FunctionalANOVA.of([(point, .infinity)], in: space) == [nil, nil])
  }
}

@Suite struct FiniteSpaceTests {
  private let space = SearchSpace([
    SearchParameter("kind", .choices(["a", "b"])),
    SearchParameter("depth", .integers(1...3), if: SearchCondition(parameter: 0, choice: 0)),
    SearchParameter("rate", .quantized(.uniform(0.1...0.5), step: 0.2)),
  ])

  private func points(
    _ space: SearchSpace, trials: Int, where isUsable: (SearchPoint) -> Bool = { _ in true }
  ) -> [SearchPoint] {
    let search = SweepSearch(space, method: .random, seed: 3)
    var history: [Observation] = []
    for trial in 0..<trials {
      guard let point = search.point(trial: trial, history: history, where: isUsable) else { break }
      history.append(Observation(trial: trial, point: point, result: .running))
    }
    return history.map(\.point)
  }

  /// Three depths of one kind and the other kind, each with three rates.
  @Test func randomSearchTriesEachPointOnceAndThenEnds() {
    #expect(SweepSearch(space, method: .random, seed: 3).trialCount == 12)
    let points = points(space, trials: 20)
    #expect(points.count == 12)
    let texts = points.map { JSONValue.object($0.parameters(in: space)).text() }
    #expect(Set(texts).count == 12)
  }

  @Test func whatDoesNotRepeatIsDrawnAsEver() {
    let wide = SearchSpace([
      SearchParameter("width", .integers(1...5_000)),
      SearchParameter("kind", .choices(["a", "b"])),
    ])
    let random = RandomSearch(space: wide, seed: 3)
    #expect(points(wide, trials: 20) == (0..<20).map { random.point(trial: $0) })
  }

  @Test func pointsThatCannotBeTriedArePassedOver() {
    let points = points(space, trials: 20) { $0.values[0] == "b" }
    #expect(points.count == 3 && points.allSatisfy { $0.values[0] == "b" })
  }

  @Test(arguments: [
    SearchParameter("x", .continuous(.uniform(0...1))),
    SearchParameter("x", .integers(0...1_000_000)),
    SearchParameter("x", .choices(["a", "b"], probabilities: [0, 1])),
  ])
  func otherSpacesHaveNoEnd(parameter: SearchParameter) {
    let search = SweepSearch(SearchSpace([parameter]), method: .random, seed: 3)
    #expect(search.trialCount == nil && search.lookback == 0)
  }
}
