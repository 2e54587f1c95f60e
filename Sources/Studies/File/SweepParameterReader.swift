import Configuration
import Search
import Support

/// Collects the parameters of a sweep file, nested ones behind their parents.
///
/// A parameter sets the training option of its name, or of its last word behind a dot. One that sets
/// none is ignored if it is constant, as other programs' settings are; if it is searched, that is an
/// obstacle, or ignored if somebody wants that.
struct SweepParameterReader {
  let method: SweepMethod
  private let names: SweepParameterNames
  private(set) var parameters: [SearchParameter] = []
  /// The key path of each parameter in the file.
  private(set) var places: [String] = []
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
      let model = names.hasModel ? "" : "; the model is \(TrainingConfiguration().model)"
      given.log.note("'\(given.key)' is taken for the number of widths in hidden\(model)")
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
        try given.log.attempt {
          try read(reader, named: "\(name).\(index)", option: option, condition: own)
        }
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
