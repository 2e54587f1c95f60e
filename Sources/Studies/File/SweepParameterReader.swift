import Configuration
import Search
import Support

/// Collects the parameters of a sweep file, nested ones behind their parents.
///
/// A parameter sets the training option of its name, or of its last word behind a dot. One that sets
/// none is ignored if it is constant, as other programs' settings are; if it is searched, that is an
/// obstacle, or ignored if somebody wants that.
struct SweepParameterReader {
  private let method: SweepMethod
  private let names: SweepParameterNames
  private(set) var parameters: [SearchParameter] = []
  /// The key path of each parameter in the file.
  private var places: [String] = []
  private var ignored: [String] = []

  /// - Parameter base: the options that all trials have in common.
  /// - Throws: ``SweepFileError`` if nothing is left; what else is wrong is in the reader's log.
  init(_ reader: SweepReader, method: SweepMethod, base: JSONObject) throws {
    self.method = method
    names = SweepParameterNames(reader.members, base: base)
    guard !reader.members.isEmpty else {
      throw reader.error(nil, .needs("at least one parameter"))
    }
    try readAll(reader, prefix: "", condition: nil)
    checkOptionsAreSetOnce(reader)
    guard !ignored.isEmpty else { return }
    let list = ignored.map { "'\($0)'" }.asEnumeration
    reader.log.note(
      "nothing here knows \(list), which \(ignored.count == 1 ? "is" : "are") ignored")
    if parameters.isEmpty, reader.log.obstacles.isEmpty {
      throw reader.error(nil, .needs("at least one training option"))
    }
  }

  private mutating func readAll(
    _ reader: SweepReader, prefix: String, condition: SearchCondition?
  ) throws {
    for name in reader.members.keys {
      try reader.log.attempt {
        guard Self.isName(name) else { throw reader.error(name, .badName) }
        guard let given = try reader.object(name) else { return }
        try read(given, named: prefix + name, condition: condition)
      }
    }
  }

  private mutating func read(
    _ given: SweepReader, named name: String, condition: SearchCondition?
  ) throws {
    if given.has("parameters"), let nested = try given.object("parameters") {
      given.checkKeys(["parameters"])
      return try readAll(nested, prefix: name + ".", condition: condition)
    }
    guard let option = names.option(of: name) else { return try leaveOut(given, named: name) }
    let known = ConfigurationOption.named(option)
    if known?.isSearched == false, given.isConstant { return ignored.append(given.key) }
    if known?.isSearched == false { throw given.error(nil, .notSearched) }
    if known?.choosesData == true, !given.isConstant {
      throw given.error(nil, .sameForAllTrials)
    }
    if let known, known.name != SweepParameterNames.word(of: name) {
      given.log.note("'\(given.key)' is taken for \(known.name)")
    }
    if known == nil {
      given.log.note("'\(given.key)' is taken for the number of widths in hidden")
    }
    guard let usable = given.withoutUnknownChoices(of: option) else {
      return ignored.append(given.key)
    }
    try read(usable, named: name, option: option, condition: condition)
  }

  /// Ignores a parameter that sets no option, if that may be.
  private mutating func leaveOut(_ given: SweepReader, named name: String) throws {
    let nearest = ConfigurationOption.nearest(to: SweepParameterNames.word(of: name))
    guard given.log.ignoresUnknown || Self.isForeign(given, nearest: nearest) else {
      throw given.error(nil, .noSuchOption(nearest: nearest))
    }
    ignored.append(given.key)
  }

  /// Whether a parameter is a setting of another program, and no slip of the pen: a constant that
  /// does not fit the option whose name is nearly its own.
  private static func isForeign(_ given: SweepReader, nearest: String?) -> Bool {
    guard let constant = given.constant else { return false }
    return nearest.map { problem(with: constant, for: $0) != nil } ?? true
  }

  private mutating func read(
    _ given: SweepReader, named name: String, option: String, condition: SearchCondition?
  ) throws {
    if let value = given["value"] {
      given.checkKeys(DistributionName.constant.keys + ["distribution"])
      try given.checkDistribution(listing: "value")
      try given.check(value, for: option, at: "value")
      append(
        SearchParameter(name, .choices([value]), option: option, if: condition), given)
    } else if given.has("values") {
      try readChoices(given, named: name, option: option, condition: condition)
    } else {
      let (kind, drawn) = try given.numericDistribution()
      let distribution = try checked(drawn, of: given, for: option)
      noteExponents(kind, distribution, given)
      append(SearchParameter(name, distribution, option: option, if: condition), given)
    }
  }

  /// Choices, and the parameters that stand inside some of them.
  private mutating func readChoices(
    _ given: SweepReader, named name: String, option: String, condition: SearchCondition?
  ) throws {
    given.checkKeys(["values", "probabilities", "distribution"])
    try given.log.attempt { try given.checkDistribution(listing: "values") }
    guard let entries = given["values"]?.array, !entries.isEmpty else {
      throw given.wrong("values", "an array of at least one value")
    }
    let values = try entries.enumerated().map { index, entry in
      try given.log.attempt { try choice(entry, given, index, option) } ?? .null
    }
    let distribution = try given.distribution(of: values)
    append(SearchParameter(name, distribution, option: option, if: condition), given)
    let parent = parameters.count - 1
    for (index, entry) in entries.enumerated() {
      guard let members = entry.object else { continue }
      let reader = given.inner("values[\(index)]", members)
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
    let reader = given.inner("values[\(index)]", members)
    guard let value = reader["value"] else { return SearchChoice.placeholder(index) }
    reader.checkKeys(["value", "parameters"])
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
    given.log.note(
      "'\(given.key)': min and max of \(kind.rawValue) are exponents of e, so values go from"
        + " \(range); \(kind.rawValue)_values takes the values themselves")
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
  /// The distribution, without an end that the option does not take.
  ///
  /// - Throws: ``SweepFileError`` if it has other values that the option does not take.
  private func checked(
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
  private func checkOptionsAreSetOnce(_ reader: SweepReader) {
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
    return switch law {
    case .uniform: .continuous(.uniform(low...high))
    case .logUniform: .continuous(.logUniform(low...high))
    case .normal, .logNormal, .beta: self
    }
  }
}

extension SweepReader {
  /// The parameter without the names of choices that are unknown here, where these may be left out;
  /// `nil` if nothing is left.
  fileprivate func withoutUnknownChoices(of option: String) -> SweepReader? {
    guard log.ignoresUnknown, let values = self["values"]?.array ?? self["value"].map({ [$0] })
    else { return self }
    let isKept = values.map { value in
      if case .unknownChoice = problem(with: value["value"] ?? value, for: option) { return false }
      return true
    }
    guard isKept.contains(false) else { return self }
    guard isKept.contains(true) else { return nil }
    let left = values.indices.filter { !isKept[$0] }.map { values[$0].text() }.asEnumeration
    log.note(
      "'\(key)': \(left) \(left.contains(" and ") ? "are" : "is") unknown here, and left out")
    var members = members
    members["values"] = .array(values.indices.filter { isKept[$0] }.map { values[$0] })
    if let shares = self["probabilities"]?.array?.compactMap(\.double), shares.count == values.count
    {
      let kept = shares.indices.filter { isKept[$0] }.map { shares[$0] }
      members["probabilities"] = .array(kept.map { .number($0 / kept.reduce(0, +)) })
    }
    return SweepReader(path: path, key: key, members: members, log: log)
  }

  /// Whether there is nothing to choose.
  fileprivate var isConstant: Bool { has("value") || self["values"]?.array?.count == 1 }

  /// The value, if there is nothing to choose.
  fileprivate var constant: JSONValue? {
    isConstant ? self["value"] ?? self["values"]?.array?.first : nil
  }

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
