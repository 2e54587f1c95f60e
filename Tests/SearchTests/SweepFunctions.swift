import Foundation
import Support
import Testing

@testable import Search

/// A function to search for the smallest value of, as in `Scripts/golden/sweep_optuna.py`.
struct SweepFunction: CustomTestStringConvertible, Sendable {
  let name: String
  let space: SearchSpace
  let value: @Sendable (JSONObject) -> Double

  var testDescription: String { name }

  static let all = [branin, hartmann6, rosenbrock, mixed, conditional]

  /// The smallest value of a study of `trials` trials, in rounds if there are any.
  func best(_ method: SweepMethod, seed: Int, trials: Int = 100, rounds: SweepRounds?) -> Double {
    let search = SweepSearch(space, method: method, seed: UInt64(seed))
    var history: [Observation] = []
    var best = Double.infinity
    for trial in 0..<trials {
      let known = rounds?.knownCount(for: trial) ?? trial
      let seen = history.map { observation in
        observation.trial < known
          ? observation
          : Observation(trial: observation.trial, point: observation.point, result: .running)
      }
      guard let point = search.point(trial: trial, history: seen) else { break }
      let value = value(point.parameters(in: space))
      best = min(best, value)
      history.append(Observation(trial: trial, point: point, result: .finished(loss: value)))
    }
    return best
  }

  static let branin = SweepFunction(
    name: "branin",
    space: SearchSpace([
      SearchParameter("x", .continuous(.uniform(-5...10))),
      SearchParameter("y", .continuous(.uniform(0...15))),
    ])
  ) { parameters in
    let (x, y) = (parameters.number("x"), parameters.number("y"))
    let parabola = y - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
    return parabola * parabola + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10
  }

  static let hartmann6 = SweepFunction(
    name: "hartmann6",
    space: SearchSpace((0..<6).map { SearchParameter("x\($0)", .continuous(.uniform(0...1))) })
  ) { parameters in
    let x = (0..<6).map { parameters.number("x\($0)") }
    return -zip(hartmannWeights, zip(hartmannScales, hartmannCentres)).map { weight, row in
      let exponent = zip(x, zip(row.0, row.1)).map { $1.0 * ($0 - $1.1) * ($0 - $1.1) }
      return weight * exp(-exponent.reduce(0, +))
    }.reduce(0, +)
  }

  private static let hartmannWeights = [1.0, 1.2, 3.0, 3.2]
  private static let hartmannScales: [[Double]] = [
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ]
  private static let hartmannCentres: [[Double]] = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
  ]

  static let rosenbrock = SweepFunction(
    name: "rosenbrock",
    space: SearchSpace((0..<4).map { SearchParameter("x\($0)", .continuous(.uniform(-2...2))) })
  ) { parameters in
    let x = (0..<4).map { parameters.number("x\($0)") }
    return zip(x, x.dropFirst()).map { a, b in
      100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a)
    }.reduce(0, +)
  }

  static let mixed = SweepFunction(
    name: "mixed",
    space: SearchSpace([
      SearchParameter("rate", .continuous(.logUniform(1e-5...1))),
      SearchParameter("kind", .choices(["a", "b", "c", "d"])),
      SearchParameter("width", .quantized(.uniform(8.01...519.99), step: 16)),
      SearchParameter("depth", .integers(1...6)),
      SearchParameter("drop", .continuous(.uniform(0...0.5))),
    ])
  ) { parameters in
    let kind = parameters["kind"]?.string ?? ""
    let best = ["a": -2.0, "b": -3, "c": -1, "d": -4][kind] ?? .nan
    let offset = ["a": 0.3, "b": 0, "c": 0.6, "d": 0.2][kind] ?? .nan
    let rate = log10(parameters.number("rate")) - best
    let width = parameters.number("width") / 512 - 0.6
    let drop = parameters.number("drop") - 0.2
    return 1 + offset + rate * rate + width * width + 0.1 * abs(parameters.number("depth") - 3)
      + drop * drop
  }

  static let conditional = SweepFunction(
    name: "conditional",
    space: SearchSpace([
      SearchParameter("kind", .choices(["kernel", "forest", "linear"])),
      SearchParameter(
        "c", .continuous(.logUniform(1e-3...1e3)), if: .init(parameter: 0, choice: 0)),
      SearchParameter(
        "gamma", .continuous(.logUniform(1e-4...1e1)), if: .init(parameter: 0, choice: 0)),
      SearchParameter("depth", .integers(1...32), if: .init(parameter: 0, choice: 1)),
      SearchParameter(
        "share", .continuous(.uniform(0.1...1)), if: .init(parameter: 0, choice: 1)),
      SearchParameter(
        "slope", .continuous(.uniform(-3...3)), if: .init(parameter: 0, choice: 2)),
    ])
  ) { parameters in
    switch parameters["kind"]?.string {
    case "kernel":
      let c = log10(parameters.number("c")) - 1
      let gamma = log10(parameters.number("gamma")) + 2
      return 1 + 0.3 * c * c + 0.5 * gamma * gamma
    case "forest":
      let share = parameters.number("share") - 0.4
      return 1.1 + 0.01 * abs(parameters.number("depth") - 12) + share * share
    default:
      let slope = parameters.number("slope") - 1
      return 1.5 + 0.1 * slope * slope
    }
  }
}

extension JSONObject {
  /// The number under a key, which is there.
  fileprivate func number(_ key: String) -> Double { self[key]?.double ?? .nan }
}
