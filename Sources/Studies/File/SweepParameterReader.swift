import Configuration
import Search
import Support

/// Collects the parameters of a sweep file, nested ones behind their parents.
struct SweepParameterReader {
  let method: SweepMethod
  private(set) var parameters: [SearchParameter] = []
  /// The key path of each parameter in the file.
  private(set) var places: [String] = []
  private(set) var notes: [String] = []

  init(_ reader: SweepReader, method: SweepMethod) throws {
    self.method = method
    guard !reader.members.isEmpty else {
      throw reader.error(nil, .needs("at least one parameter"))
    }
    try readAll(reader, prefix: "", condition: nil)
    try checkOptionsAreSetOnce(reader)
  }

  private mutating func readAll(
    _ reader: SweepReader, prefix: String, condition: SearchCondition?
  ) throws {
    for name in reader.members.keys {
      guard Self.isName(name) else { throw reader.error(name, .badName) }
      guard let given = try reader.object(name) else { continue }
      try read(given, named: prefix + name, condition: condition)
    }
  }

  private mutating func read(
    _ given: SweepReader, named name: String, condition: SearchCondition?
  ) throws {
    if given.has("parameters"), let nested = try given.object("parameters") {
      try given.checkKeys(["parameters"])
      return try readAll(nested, prefix: name + ".", condition: condition)
    }
    let written = String(name.split(separator: ".").last ?? "")
    guard
      let known = ConfigurationOption.named(written) ?? ConfigurationOption.called(written)
    else {
      throw given.error(nil, .noSuchOption(nearest: ConfigurationOption.nearest(to: written)))
    }
    guard known.isSearched, !known.choosesData || given.has("value") else {
      throw given.error(nil, .notSearched)
    }
    if known.name != written {
      notes.append("\(given.path): '\(given.key)' is taken for \(known.name)")
    }
    try read(given, named: name, option: known.name, condition: condition)
  }

  private mutating func read(
    _ given: SweepReader, named name: String, option: String, condition: SearchCondition?
  ) throws {
    if given.has("value") {
      try given.checkKeys(DistributionName.constant.keys + ["distribution"])
      try given.check(given["value"] ?? .null, for: option, at: "value")
      let constant = SearchDistribution.choices([given["value"] ?? .null])
      append(SearchParameter(name, constant, option: option, if: condition), given)
    } else if given.has("values") {
      try readChoices(given, named: name, option: option, condition: condition)
    } else {
      let (kind, distribution) = try given.numericDistribution()
      try check(distribution, of: given, for: option)
      noteExponents(kind, distribution, given)
      append(SearchParameter(name, distribution, option: option, if: condition), given)
    }
  }

  /// Choices, and the parameters that stand inside some of them.
  private mutating func readChoices(
    _ given: SweepReader, named name: String, option: String, condition: SearchCondition?
  ) throws {
    try given.checkKeys(["values", "probabilities", "distribution"])
    guard let entries = given["values"]?.array, !entries.isEmpty else {
      throw given.wrong("values", "an array of at least one value")
    }
    let values = try entries.enumerated().map { index, entry in
      try choice(entry, given, index, option)
    }
    let distribution = try given.distribution(of: values)
    append(SearchParameter(name, distribution, option: option, if: condition), given)
    let parent = parameters.count - 1
    for (index, entry) in entries.enumerated() {
      guard let members = entry.object else { continue }
      let place = "\(given.key).values[\(index)]"
      let reader = SweepReader(path: given.path, key: place, members: members)
      let own = SearchCondition(parameter: parent, choice: index)
      guard let value = reader["value"] else {
        try read(reader, named: "\(name).\(index)", option: option, condition: own)
        continue
      }
      guard let nested = try reader.object("parameters") else { continue }
      try readAll(nested, prefix: "\(name).\(value.string ?? value.text()).", condition: own)
    }
  }

  /// The value that stands for an entry of `values`.
  private func choice(
    _ entry: JSONValue, _ given: SweepReader, _ index: Int, _ option: String
  ) throws -> JSONValue {
    guard let members = entry.object else {
      try given.check(entry, for: option, at: "values[\(index)]")
      return entry
    }
    let reader = SweepReader(
      path: given.path, key: "\(given.key).values[\(index)]", members: members)
    guard let value = reader["value"] else { return SearchChoice.placeholder(index) }
    try reader.checkKeys(["value", "parameters"])
    try reader.check(value, for: option, at: "value")
    return value
  }

  private mutating func append(_ parameter: SearchParameter, _ given: SweepReader) {
    parameters.append(parameter)
    places.append(given.key)
  }

  private mutating func noteExponents(
    _ kind: DistributionName, _ distribution: SearchDistribution, _ given: SweepReader
  ) {
    guard kind.hasExponents else { return }
    let range = "\(distribution.value(at: 0).text()) to \(distribution.value(at: 1).text())"
    notes.append(
      "\(given.path): '\(given.key)': min and max of \(kind.rawValue) are exponents of e, so values"
        + " go from \(range); \(kind.rawValue)_values takes the values themselves")
  }

  /// `[A-Za-z_][A-Za-z0-9_.-]*`, as the dialect has it.
  private static func isName(_ name: String) -> Bool {
    let letters = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
          || "_.-".unicodeScalars.contains($0))
    }
    guard letters, let first = name.unicodeScalars.first else { return false }
    return first.properties.isAlphabetic || first == "_"
  }
}

// What must hold of a parameter beside its form.
extension SweepParameterReader {
  /// Refuses a distribution that has values which the option does not take.
  private func check(
    _ distribution: SearchDistribution, of given: SweepReader, for option: String
  ) throws {
    if method == .grid { try given.checkGrid(distribution) }
    let bounds: [(String, Double)] = [("min", 0), ("max", 1)]
    for (name, coordinate) in bounds where given.has(name) {
      let value = distribution.value(at: coordinate)
      if let problem = ConfigurationOption.known(option).problem(with: value) {
        let isAsWritten = value.double == given[name]?.double
        throw isAsWritten
          ? given.error(name, .option(option, value, problem))
          : given.error(nil, .drawn(option, value, problem))
      }
    }
    // Somewhere inside, where a fraction shows.
    let inside = distribution.value(at: 0.3819660112501051)
    if let problem = ConfigurationOption.known(option).problem(with: inside) {
      throw given.error(nil, .drawn(option, inside, problem))
    }
  }

  /// Two parameters may set one option only if they are never used together, or if one says in
  /// detail what the other leaves open.
  private func checkOptionsAreSetOnce(_ reader: SweepReader) throws {
    for (index, parameter) in parameters.enumerated() {
      for earlier in 0..<index where parameters[earlier].option == parameter.option {
        guard !excludeEachOther(index, earlier) else { continue }
        throw SweepFileError(
          path: reader.path, key: places[index],
          problem: .setTwice(option: parameter.option, other: places[earlier]))
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

extension SweepReader {
  /// The distribution over some values, with their probabilities if there are any.
  fileprivate func distribution(of values: [JSONValue]) throws -> SearchDistribution {
    guard let given = self["probabilities"] else { return .choices(values) }
    let numbers = given.array?.compactMap(\.double).filter { $0 >= 0 } ?? []
    guard numbers.count == given.array?.count else {
      throw wrong("probabilities", "an array of numbers of at least 0")
    }
    guard numbers.count == values.count else {
      throw error("probabilities", .lengths(values: values.count, probabilities: numbers.count))
    }
    let sum = numbers.reduce(0, +)
    guard abs(sum - 1) < 1e-6 else { throw error("probabilities", .probabilitySum(sum)) }
    return .choices(values, probabilities: numbers.map { $0 / sum })
  }

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
