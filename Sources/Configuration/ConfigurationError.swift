import Support

/// A configuration that cannot be used, wherever its values came from.
public enum ConfigurationError: UserError, Equatable {
  case invalidValue(ValueLocation, got: GivenValue, ValueProblem)
  case unknownKey(String, path: String, nearest: String?)
  case notAnObject(path: String)
  /// `given` makes sense only together with another option's flag.
  case missingPartner(given: ValueLocation, needed: String)
  /// `choice`, such as `optimizer adam`, does not use `given`; `uses` are the names of what it does.
  case unusedOption(given: ValueLocation, choice: String, uses: [String])
  /// `given` needs validation images, and there are none.
  case needsValidation(given: ValueLocation)
  /// `given` and another option's flag exclude each other.
  case contradiction(ValueLocation, other: String, because: String)
  /// `given` is what the learning rate falls to, and above where it begins.
  case aboveRate(ValueLocation, value: Double, rate: Double)

  public var exitCode: ExitCode {
    switch self {
    case .invalidValue(let location, _, _), .missingPartner(let location, _),
      .unusedOption(let location, _, _), .needsValidation(let location),
      .contradiction(let location, _, _), .aboveRate(let location, _, _):
      location.exitCode
    case .unknownKey, .notAnObject: .configuration
    }
  }

  public var description: String {
    switch self {
    case .invalidValue(let location, _, .unknownChoice(let name, let subject, let choices)):
      location.prefix + Self.unknown(subject, name, choices)
    case .invalidValue(let location, let got, .outOfBounds(let bounds)):
      "\(location.subject) must be \(bounds), got \(got.bareText)"
    case .invalidValue(let location, let got, .wrongKind(let expected)):
      "\(location.subject) must be \(expected), got \(got.quotedText)"
    case .unknownKey(let key, let path, let nearest):
      "\(path): unknown key '\(key)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .notAnObject(let path):
      "\(path): must hold one JSON object of options, as in {\"epochs\": 5}"
    case .missingPartner(let given, let needed):
      "\(given.subject) is of use only together with \(needed); give both"
    case .unusedOption(let given, let choice, let uses):
      "\(given.subject) is not used by \(choice); "
        + (uses.isEmpty ? "leave it out" : "it uses \(uses.asEnumeration)")
    case .needsValidation(let given):
      "\(given.subject) needs validation images, but \(ConfigurationOption.known("val_split").flag) is 0; give a share such as 0.1"
    case .contradiction(let given, let other, let reason):
      "\(given.subject) and \(other) exclude each other: \(reason); leave one out"
    case .aboveRate(let given, let value, let rate):
      "\(given.subject) is \(value), above the learning rate \(rate); lower it"
    }
  }

  private static func unknown(_ subject: String, _ name: String, _ choices: [String]) -> String {
    let question = nearestName(to: name, in: choices).map { "did you mean '\($0)'? " } ?? ""
    return "unknown \(subject) '\(name.cutShort)'; \(question)choose \(choices.asChoices)"
  }
}

extension GivenValue {
  fileprivate var bareText: String {
    switch self {
    case .text(let text): text
    case .json(.string(let text)): text
    case .json(let value): value.text()
    }
  }

  fileprivate var quotedText: String {
    switch self {
    case .text(let text): "'\(text)'"
    case .json(let value): value.text()
    }
  }
}
