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

extension ValueKind
where Value: RawRepresentable, Value: CaseIterable, Value.RawValue == String {
  /// One of the cases, by name; `subject` says what they are, as in `unknown optimizer`.
  public static func choice(of subject: String) -> Self {
    let names = Value.allCases.map(\.rawValue)
    return word(names.asChoices, choices: names, toText: { $0.rawValue }) {
      text throws(ValueProblem) in
      guard let value = Value(rawValue: text) else {
        throw .unknownChoice(text, of: subject, choices: names)
      }
      return value
    }
  }
}
