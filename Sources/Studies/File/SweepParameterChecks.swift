import Configuration
import Search
import Support

// What must hold of a parameter beside its form.
extension SweepParameterReader {
  /// The distribution, without an end that the option does not take.
  ///
  /// - Throws: ``SweepFileError`` if it has other values that the option does not take.
  func checked(
    _ drawn: SearchDistribution, of given: SweepReader, for option: String
  ) throws -> SearchDistribution {
    if method == .grid { try given.checkGrid(drawn) }
    let distribution = drawn.insideOpenEnds { problem(with: .number($0), for: option) == nil }
    let bounds: [(String, Double)] = [("min", 0), ("max", 1)]
    for (name, coordinate) in bounds where given.has(name) {
      let value = distribution.value(at: coordinate)
      if let problem = problem(with: value, for: option) {
        let isAsWritten = value.double == given[name]?.double
        throw isAsWritten
          ? given.error(name, .option(option, value, problem))
          : given.error(nil, .drawn(option, value, problem))
      }
      if value != drawn.value(at: coordinate) {
        given.log.note("'\(given.place(name))': \(given[name]?.text() ?? "") itself is not drawn")
      }
    }
    // Somewhere inside, where a fraction shows.
    let inside = distribution.value(at: 0.3819660112501051)
    if let problem = problem(with: inside, for: option) {
      throw given.error(nil, .drawn(option, inside, problem))
    }
    return distribution
  }

  /// Two parameters may set one option only if they are never used together, or if one says in
  /// detail what the other leaves open.
  func checkOptionsAreSetOnce(_ reader: SweepReader) {
    for (index, parameter) in parameters.enumerated() {
      for earlier in 0..<index where parameters[earlier].option == parameter.option {
        guard !excludeEachOther(index, earlier) else { continue }
        reader.log.report(
          SweepFileError(
            path: reader.path, key: places[index],
            problem: .setTwice(option: parameter.option, other: places[earlier])))
      }
    }
  }

  private func excludeEachOther(_ one: Int, _ other: Int) -> Bool {
    let conditions = conditions(of: one)
    if let own = conditions[other], case .choices(let values, _) = parameters[other].distribution {
      return SearchChoice.isPlaceholder(values[own])
    }
    return self.conditions(of: other).contains { parent, choice in
      conditions[parent].map { $0 != choice } ?? false
    }
  }

  /// The choices, by parameter, without which a parameter is not used.
  private func conditions(of index: Int) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var next = parameters[index].condition
    while let condition = next {
      result[condition.parameter] = condition.choice
      next = parameters[condition.parameter].condition
    }
    return result
  }
}

extension SearchDistribution {
  /// The distribution with an end moved inwards by a millionth of the range where the end itself is
  /// not taken: a rate above 0, a share below 1.
  fileprivate func insideOpenEnds(_ takes: (Double) -> Bool) -> SearchDistribution {
    guard case .continuous(let law) = self, let bounds = law.bounds else { return self }
    let margin = (bounds.upperBound - bounds.lowerBound) * 1e-6
    var (low, high) = (bounds.lowerBound, bounds.upperBound)
    if !takes(low), takes(low + margin) { low += margin }
    if !takes(high), takes(high - margin) { high -= margin }
    return .continuous(law.between(low, high))
  }
}

extension SweepReader {
  /// Refuses what a grid cannot enumerate.
  fileprivate func checkGrid(_ distribution: SearchDistribution) throws {
    let limit = 1_000_000
    switch distribution {
    case .choices: return
    case .integers(let range):
      guard range.count <= limit else { throw error(nil, .tooManyValues(limit: limit)) }
    case .quantized(.uniform(let range), let step):
      guard (range.upperBound - range.lowerBound) / step <= Double(limit) else {
        throw error(nil, .tooManyValues(limit: limit))
      }
    case .continuous, .quantized: throw error(nil, .notInGrid)
    }
  }
}
