extension ValueKind<Bool> {
  /// `true` or `false`; an environment variable may also say `1 0 yes no on off`.
  public static var truth: Self {
    Self(
      isTruth: true,
      fromText: { text throws(ValueProblem) in
        switch text.lowercased() {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw .wrongKind(expected: "true or false")
        }
      },
      fromJSON: { value throws(ValueProblem) in
        guard let value = value.bool else { throw .wrongKind(expected: "true or false") }
        return value
      },
      toJSON: { .bool($0) })
  }
}

extension ValueKind<String> {
  /// A text that is not empty; `noun` says what it is, as in `a directory`.
  public static func text(_ noun: String) -> Self {
    word(noun, toText: { $0 }) { text throws(ValueProblem) in
      guard !text.isEmpty else { throw .wrongKind(expected: noun) }
      return text
    }
  }
}

extension ValueKind<String> {
  /// One of these names; `subject` says what they are, as in `unknown activation`.
  public static func name(of subject: String, in names: [String]) -> Self {
    choice(of: subject, names, name: { $0 }, named: { $0 })
  }
}

extension ValueKind {
  /// One of the choices, by name; `subject` says what they are, as in `unknown optimizer`.
  static func choice(
    of subject: String, _ names: [String], name: @escaping @Sendable (Value) -> String,
    named: @escaping @Sendable (String) -> Value?
  ) -> Self {
    word(names.asChoices, choices: names, toText: name) { text throws(ValueProblem) in
      guard names.contains(text), let value = named(text) else {
        throw .unknownChoice(text, of: subject, choices: names)
      }
      return value
    }
  }
}

extension ValueKind
where Value: RawRepresentable, Value: CaseIterable, Value.RawValue == String {
  /// One of the cases, by name.
  public static func choice(of subject: String) -> Self {
    choice(
      of: subject, Value.allCases.map(\.rawValue), name: { $0.rawValue },
      named: { Value(rawValue: $0) })
  }
}

extension ValueKind where Value: Choice {
  /// One of the choices, by name.
  public static func choice(of subject: String) -> Self {
    choice(of: subject, Value.all.map(\.name), name: { $0.name }, named: { Value.named($0) })
  }
}
