import Search
import Support

/// The names of the dialect's distributions that have numbers for bounds or parameters.
enum DistributionName: String, CaseIterable {
  case constant, categorical, weighted = "categorical_w_probabilities"
  case intUniform = "int_uniform"
  case uniform, qUniform = "q_uniform"
  case logUniformValues = "log_uniform_values", qLogUniformValues = "q_log_uniform_values"
  case invLogUniformValues = "inv_log_uniform_values"
  case logUniform = "log_uniform", qLogUniform = "q_log_uniform"
  case invLogUniform = "inv_log_uniform"
  case normal, qNormal = "q_normal", logNormal = "log_normal", qLogNormal = "q_log_normal"
  case beta, qBeta = "q_beta"

  /// Whether values are rounded to multiples of `q`.
  var isQuantized: Bool { rawValue.hasPrefix("q_") }

  /// Whether `min` and `max` are exponents of e.
  var hasExponents: Bool {
    self == .logUniform || self == .qLogUniform || self == .invLogUniform
  }

  /// What Ray Tune, Optuna and others call some of them. Their bounds are values.
  static let otherNames = [
    "loguniform": "log_uniform_values", "log-uniform": "log_uniform_values",
    "loguniform_values": "log_uniform_values", "log": "log_uniform_values",
    "qloguniform": "q_log_uniform_values", "q_loguniform": "q_log_uniform_values",
    "quniform": "q_uniform", "qnormal": "q_normal", "lognormal": "log_normal",
    "randint": "int_uniform", "int": "int_uniform", "integer": "int_uniform",
    "uniform_int": "int_uniform", "float": "uniform", "real": "uniform", "choice": "categorical",
    "gaussian": "normal",
  ]

  /// The keys beside `distribution`.
  var keys: [String] {
    let own =
      switch self {
      case .constant: ["value"]
      case .categorical: ["values"]
      case .weighted: ["values", "probabilities"]
      case .normal, .qNormal, .logNormal, .qLogNormal: ["mu", "sigma"]
      case .beta, .qBeta: ["a", "b"]
      default: ["min", "max"]
      }
    return isQuantized ? own + ["q"] : own
  }
}

/// Where a number above 0 is asked for.
private let positive = 1e-30...1e30
/// Of a beta distribution: beyond them it is as good as two points, or one.
private let shapes = 0.001...1_000_000

extension SweepReader {
  /// The distribution of a parameter that is given by numbers, and the name it goes by.
  func numericDistribution() throws -> (DistributionName, SearchDistribution) {
    let name = try namedDistribution() ?? unnamedDistribution()
    checkKeys(name.keys + ["distribution"])
    if name == .intUniform { return (name, .integers(try integerRange())) }
    let law = try law(name)
    guard name.isQuantized else { return (name, .continuous(law)) }
    return (name, .quantized(law, step: try number("q", in: positive) ?? 1))
  }

  /// The distribution that the file names, in the dialect's words.
  func namedDistribution() throws -> DistributionName? {
    try choice("distribution", DistributionName.self, meant: DistributionName.otherNames)
  }

  /// Refuses a distribution that draws numbers beside values that are listed.
  func checkDistribution(listing given: String) throws {
    guard let name = try namedDistribution(), !name.keys.contains(given) else { return }
    throw error(
      "distribution", .takesNoValues(distribution: name.rawValue, given: "'\(given)'"))
  }

  /// Two whole numbers mean whole numbers; one that is written with a point means all between.
  private func unnamedDistribution() throws -> DistributionName {
    guard has("min") || has("max") else {
      throw error(nil, .needs("value, values, min and max, or parameters"))
    }
    return self["min"]?.int != nil && self["max"]?.int != nil ? .intUniform : .uniform
  }

  private func law(_ name: DistributionName) throws -> ContinuousLaw {
    switch name {
    case .normal, .qNormal:
      return .normal(mean: try number("mu") ?? 0, deviation: try number("sigma", in: positive) ?? 1)
    case .logNormal, .qLogNormal:
      return .logNormal(
        mean: try number("mu") ?? 0, deviation: try number("sigma", in: positive) ?? 1)
    case .beta, .qBeta:
      return .beta(a: try number("a", in: shapes) ?? 1, b: try number("b", in: shapes) ?? 1)
    case .uniform, .qUniform: return .uniform(try range())
    case .logUniform, .qLogUniform:
      let range = try exponents()
      return .logUniform(exponential(range.lowerBound)...exponential(range.upperBound))
    case .invLogUniform:
      // The logarithm of 1/x is uniform between min and max.
      let range = try exponents()
      return .logUniform(exponential(-range.upperBound)...exponential(-range.lowerBound))
    default:
      // The logarithm of 1/x is uniform exactly if that of x is.
      let range = try range()
      guard range.lowerBound > 0 else { throw wrong("min", "above 0 for a logarithm") }
      return .logUniform(range)
    }
  }

  private func range() throws -> ClosedRange<Double> {
    let (min, max) = (try required("min"), try required("max"))
    guard min < max else { throw emptyRange() }
    return min...max
  }

  private func exponents() throws -> ClosedRange<Double> {
    let range = try range()
    for (name, bound) in [("min", range.lowerBound), ("max", range.upperBound)]
    where abs(bound) > 700 {
      throw wrong(name, "an exponent of e from -700 to 700")
    }
    return range
  }

  private func required(_ name: String) throws -> Double {
    guard let number = try number(name) else {
      throw error(name, .missing(needed: "both min and max"))
    }
    return number
  }

  private func integerRange() throws -> ClosedRange<Int> {
    for name in ["min", "max"] {
      _ = try required(name)
      guard let number = self[name]?.int else {
        throw wrong(name, "a whole number, written without a point")
      }
      guard number.magnitude < 1 << 53 else { throw wrong(name, "a whole number below 2^53") }
    }
    guard let min = self["min"]?.int, let max = self["max"]?.int, min < max else {
      throw emptyRange()
    }
    return min...max
  }

  private func emptyRange() -> SweepFileError {
    error("min", .emptyRange(min: self["min"] ?? .null, max: self["max"] ?? .null))
  }
}
