import Foundation
import Support
import Testing
import TestSupport

@testable import Search

/// What Optuna found, see `Scripts/golden/sweep_optuna.py`.
let optunaResults: JSONValue = {
  let path =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    + "/Golden/sweep_optuna.json"
  do {
    return try JSONValue(parsing: readFile(path), path: path)
  } catch {
    preconditionFailure("\(error)")
  }
}()

@Suite struct SweepSearchTests {
  /// The mean best value of 50 studies of 100 trials is at most 5 % worse than Optuna's.
  @Test(
    .enabled(if: isOptimized, "takes a minute without optimization"),
    arguments: SweepFunction.all)
  func treeSearchIsAsGoodAsOptuna(_ function: SweepFunction) throws {
    let optuna = try #require(optunaResults["bayes"]?[function.name]?["mean"]?.double)
    let own = (0..<50).map { function.best(.bayes, seed: $0, rounds: nil) }.reduce(0, +) / 50
    #expect(own <= optuna + 0.05 * abs(optuna), "\(own), Optuna \(optuna)")
  }

  @Test(
    .enabled(if: isOptimized, "takes a minute without optimization"),
    arguments: SweepFunction.all)
  func randomSearchIsAsGoodAsOptuna(_ function: SweepFunction) throws {
    let optuna = try #require(optunaResults["random"]?[function.name]?["mean"]?.double)
    let own = (0..<400).map { function.best(.random, seed: $0, rounds: nil) }.reduce(0, +) / 400
    #expect(own <= optuna + 0.05 * abs(optuna), "\(own), Optuna \(optuna)")
  }

  @Test func treeSearchLearns() {
    let best = (0..<3).map { SweepFunction.branin.best(.bayes, seed: $0, trials: 60, rounds: nil) }
    // Random search needs about 500 trials for a mean of 0.6.
    #expect(best.reduce(0, +) / 3 < 0.6)
  }

  @Test(.enabled(if: isOptimized, "a limit in milliseconds holds for optimized code"))
  func aProposalAfterAThousandTrialsTakesLessThan20Milliseconds() {
    let space = SearchSpace(
      (0..<12).map { index in
        switch index % 4 {
        case 0: SearchParameter("p\(index)", .integers(0...200))
        case 1: SearchParameter("p\(index)", .continuous(.logUniform(1e-5...1)))
        case 2: SearchParameter("p\(index)", .choices(["a", "b", "c"]))
        default: SearchParameter("p\(index)", .quantized(.uniform(0...100), step: 5))
        }
      })
    let random = RandomSearch(space: space, seed: 1)
    let history = (0..<1_000).map {
      Observation(
        trial: $0, point: random.point(trial: $0), result: .finished(loss: Double($0 * 7919 % 1000))
      )
    }
    let search = TreeSearch(random)
    let times = (0..<9).map { _ in
      let start = monotonicSeconds()
      _ = search.point(trial: 1_000, history: history)
      return monotonicSeconds() - start
    }
    // The quickest, because tests run side by side.
    #expect(times.min()! < 0.020)
  }

  @Test(arguments: SweepFunction.all)
  func theSameSeedGivesTheSameStudy(_ function: SweepFunction) {
    let rounds = SweepRounds(size: 4)
    let first = function.best(.bayes, seed: 7, trials: 20, rounds: rounds)
    #expect(first == function.best(.bayes, seed: 7, trials: 20, rounds: rounds))
    #expect(first != function.best(.bayes, seed: 8, trials: 20, rounds: rounds))
  }

  @Test func aTrialKnowsTheRoundsBeforeTheLast() {
    let rounds = SweepRounds(size: 4)
    #expect([0, 3, 4, 7, 8, 11, 12, 103].map(rounds.knownCount) == [0, 0, 0, 0, 4, 4, 8, 96])
  }

  /// Weights of Optuna's `default_weights(28)`: 1/28, 29/56, 1, and 25 ones.
  @Test func oldObservationsWeighLess() {
    let weights = ParzenEstimator.recencyWeights(28)
    #expect(abs(weights[0] - 1.0 / 28) < 1e-15 && abs(weights[1] - 29.0 / 56) < 1e-15)
    #expect(weights.dropFirst(2).allSatisfy { $0 == 1 })
    #expect(ParzenEstimator.recencyWeights(26)[0] == 1.0 / 26)
    #expect(ParzenEstimator.recencyWeights(25) == [Double](repeating: 1, count: 25))
  }

  @Test func finishedTrialsRankBeforePrunedAndThoseThatGotFurtherFirst() {
    let space = SweepFunction.branin.space
    let results: [Observation.Result] = [
      .running, .pruned(epoch: 2, loss: 0.1), .finished(loss: 3), .pruned(epoch: 5, loss: 9),
      .finished(loss: 2), .pruned(epoch: 5, loss: 8),
    ]
    let observations = results.enumerated().map { trial, result in
      let point = RandomSearch(space: space, seed: 0).point(trial: trial)
      return Observation(trial: trial, point: point, result: result)
    }
    let order = observations.sorted { $0.rank < $1.rank }.map(\.trial)
    #expect(order == [4, 2, 5, 3, 1, 0])
  }

  /// A normal distribution reaches below 0, a dropout rate does not.
  @Test(arguments: [SweepMethod.random, .bayes])
  func valuesThatAreNotAcceptedAreDrawnAgain(_ method: SweepMethod) throws {
    let space = SearchSpace([
      SearchParameter("dropout", .continuous(.normal(mean: 0.05, deviation: 0.2)))
    ])
    let search = SweepSearch(space, method: method, seed: 5) { _, value in
      value.double.map((0..<1).contains) ?? false
    }
    var history: [Observation] = []
    for trial in 0..<40 {
      let point = try #require(search.point(trial: trial, history: history))
      let value = point.values[0]?.double ?? -1
      #expect((0..<1).contains(value))
      history.append(Observation(trial: trial, point: point, result: .finished(loss: value)))
    }
  }
}

@Suite struct SweepImportanceTests {
  @Test(arguments: [SweepFunction.mixed, .conditional])
  func importanceIsThatOfOptuna(_ function: SweepFunction) throws {
    let golden = try #require(optunaResults["importance"]?[function.name])
    let trials = try #require(golden["trials"]?.array).map { trial in
      let parameters = try #require(trial["parameters"]?.object)
      let point = try #require(SearchPoint(parameters, in: function.space))
      return (point, try #require(trial["value"]?.double))
    }
    let own = ParameterImportance.of(trials, in: function.space)
    #expect(trials.count > 100 && own.count == function.space.parameters.count)
    for (parameter, importance) in zip(function.space.parameters, own) {
      let optuna = try #require(golden["importance"]?[parameter.name]?.double)
      #expect(abs(importance - optuna) < 1e-12, "\(parameter.name)")
    }
  }

  @Test func nothingToCompareIsEquallyImportant() {
    let space = SearchSpace([
      SearchParameter("a", .integers(1...9)), SearchParameter("b", .choices(["one"])),
      SearchParameter("c", .continuous(.uniform(0...1))),
    ])
    #expect(ParameterImportance.of([], in: space) == [0.5, 0, 0.5])
  }
}
