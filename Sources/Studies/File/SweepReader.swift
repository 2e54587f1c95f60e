import Support

/// An object of a sweep file, with its place.
struct SweepReader {
  let path: String
  /// The object's own key path; empty at the top.
  let key: String
  let members: JSONObject
  let log: SweepLog

  /// The value under a name.
  subscript(name: String) -> JSONValue? { members[name] }

  func has(_ name: String) -> Bool { members[name] != nil }

  /// The key path of a member.
  func place(_ name: String) -> String { key.isEmpty ? name : "\(key).\(name)" }

  /// What is wrong with a member, or with the object itself.
  func error(_ name: String?, _ problem: SweepFileError.Problem) -> SweepFileError {
    SweepFileError(path: path, key: name.map(place) ?? key, problem: problem)
  }

  func wrong(_ name: String, _ expected: String) -> SweepFileError {
    error(name, .wrongValue(members[name] ?? .null, expected: expected))
  }

  /// Reports keys that are not known.
  func checkKeys(_ known: [String]) {
    for name in members.keys where !known.contains(name) {
      log.report(error(name, .unknownKey(nearest: nearestName(to: name, in: known), known: known)))
    }
  }

  /// The object under a name.
  func object(_ name: String) throws -> SweepReader? {
    guard let value = members[name] else { return nil }
    guard let object = value.object else { throw wrong(name, "an object") }
    return inner(name, object)
  }

  /// An object that stands in this one.
  func inner(_ name: String, _ members: JSONObject) -> SweepReader {
    SweepReader(path: path, key: place(name), members: members, log: log)
  }

  /// A whole number between bounds; as for training options, a million is the most unless more
  /// makes sense.
  func wholeNumber(
    _ name: String, atLeast least: Int, atMost most: Int = 1_000_000
  ) throws -> Int? {
    guard let value = members[name] else { return nil }
    guard let number = value.int, number >= least else {
      throw wrong(name, "a whole number of at least \(least)")
    }
    guard number <= most else { throw wrong(name, "a whole number of at most \(most)") }
    return number
  }

  /// A number that is finite in single precision, as those of training options are.
  func number(_ name: String) throws -> Double? {
    guard let value = members[name] else { return nil }
    guard let number = value.double else { throw wrong(name, "a number") }
    guard abs(number) <= 1e30 else { throw wrong(name, "a number from -1e+30 to 1e+30") }
    return number
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let number = try number(name) else { return nil }
    guard range.contains(number) else {
      let bounds = [range.lowerBound, range.upperBound].map { JSONValue.number($0).text() }
      throw wrong(name, "a number from \(bounds[0]) to \(bounds[1])")
    }
    return number
  }

  func truth(_ name: String) throws -> Bool? {
    guard let value = members[name] else { return nil }
    guard let truth = value.bool else { throw wrong(name, "true or false") }
    return truth
  }

  func text(_ name: String) throws -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value.string else { throw wrong(name, "a string") }
    return text
  }

  /// One of several names, in capitals or not; `meant` are names of other programs, and what they
  /// mean here.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _: Choice.Type, meant: [String: String] = [:]
  ) throws -> Choice? where Choice.RawValue == String {
    guard let text = try text(name) else { return nil }
    if let choice = Choice(rawValue: text.lowercased()) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let nearest = meant[text.lowercased()] ?? nearestName(to: text, in: names)
    throw error(name, .unknownChoice(text, nearest: nearest, choices: names))
  }
}
