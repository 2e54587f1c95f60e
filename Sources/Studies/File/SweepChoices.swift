import Search
import Support

// The values that a parameter lists.
extension SweepReader {
  /// The parameter without the names of choices that are unknown here, where these may be left out;
  /// `nil` if nothing is left.
  func withoutUnknownChoices(of option: String) -> SweepReader? {
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
  var isConstant: Bool { has("value") || self["values"]?.array?.count == 1 }

  /// The value, if there is nothing to choose.
  var constant: JSONValue? {
    isConstant ? self["value"] ?? self["values"]?.array?.first : nil
  }

  /// The distribution over some values, with their probabilities if there are any.
  func distribution(of values: [JSONValue]) throws -> SearchDistribution {
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
}
