/// A value as it was given: the word of a command line or environment variable, or JSON.
public enum GivenValue: Equatable, Sendable {
  case text(String)
  case json(JSONValue)
}

/// Why a given value cannot be used.
public enum ValueProblem: Error, Equatable, Sendable {
  /// It is not the kind of thing that was expected, such as `a whole number`.
  case wrongKind(expected: String)
  /// It is outside its bounds, such as `at least 1`.
  case outOfBounds(String)
  /// The name is none of the choices for a subject such as `optimizer`.
  case unknownChoice(String, of: String, choices: [String])
}

/// How one kind of value is read from a command line's words and from JSON, and written back.
public struct ValueKind<Value: Equatable & Sendable>: Sendable {
  /// The names to choose from, if there is a fixed list.
  public let choices: [String]
  /// A truth value is given by `--x` and `--no-x`, not by a word after the flag.
  public let isTruth: Bool
  private let fromText: @Sendable (String) throws(ValueProblem) -> Value
  private let fromJSON: @Sendable (JSONValue) throws(ValueProblem) -> Value
  private let toJSON: @Sendable (Value) -> JSONValue
  private let toText: @Sendable (Value) -> String

  public init(
    choices: [String] = [], isTruth: Bool = false,
    fromText: @escaping @Sendable (String) throws(ValueProblem) -> Value,
    fromJSON: @escaping @Sendable (JSONValue) throws(ValueProblem) -> Value,
    toJSON: @escaping @Sendable (Value) -> JSONValue,
    toText: @escaping @Sendable (Value) -> String = { "\($0)" }
  ) {
    self.choices = choices
    self.isTruth = isTruth
    self.fromText = fromText
    self.fromJSON = fromJSON
    self.toJSON = toJSON
    self.toText = toText
  }

  /// A kind that is written as a word on a command line and as that word in JSON; `expected` is
  /// what JSON of another type should have been.
  public static func word(
    _ expected: String, choices: [String] = [], toText: @escaping @Sendable (Value) -> String,
    fromText: @escaping @Sendable (String) throws(ValueProblem) -> Value
  ) -> Self {
    Self(
      choices: choices,
      fromText: fromText,
      fromJSON: { value throws(ValueProblem) in
        guard let text = value.string else { throw .wrongKind(expected: expected) }
        return try fromText(text)
      },
      toJSON: { .string(toText($0)) },
      toText: toText)
  }

  /// The value of what was given.
  public func value(_ given: GivenValue) throws(ValueProblem) -> Value {
    switch given {
    case .text(let text): try fromText(text)
    case .json(let value): try fromJSON(value)
    }
  }

  /// The value in a file.
  public func json(_ value: Value) -> JSONValue { toJSON(value) }

  /// The value as one would type it after its flag.
  public func text(_ value: Value) -> String { toText(value) }
}

/// What a number must be, as tests and as ends of a sentence that begins with `must be`.
struct Bounds<Number: Comparable & Sendable>: Sendable {
  /// One limit and what to say if it is not kept.
  private struct Limit: Sendable {
    let text: String
    let contains: @Sendable (Number) -> Bool

    static func atMost(_ most: Number) -> Self {
      Self(text: "at most \(plain(most))") { $0 <= most }
    }
  }

  private let limits: [Limit]

  /// All limits, as `above 0 and at most 10`.
  var text: String { limits.map(\.text).joined(separator: " and ") }

  static func atLeast(_ least: Number, atMost most: Number) -> Self {
    Self(limits: [
      Limit(text: "at least \(plain(least))") { $0 >= least }, .atMost(most),
    ])
  }

  static func above(_ limit: Number, atMost most: Number) -> Self {
    Self(limits: [
      Limit(text: "above \(plain(limit))") { $0 > limit }, .atMost(most),
    ])
  }

  static func within(_ range: ClosedRange<Number>) -> Self {
    Self(limits: [
      Limit(text: "from \(plain(range.lowerBound)) to \(plain(range.upperBound))") {
        range.contains($0)
      }
    ])
  }

  static func within(_ range: Range<Number>) -> Self {
    Self(limits: [
      Limit(text: "at least \(plain(range.lowerBound)) and below \(plain(range.upperBound))") {
        range.contains($0)
      }
    ])
  }

  /// The limit that `value` does not keep.
  func violation(by value: Number) -> String? { limits.first { !$0.contains(value) }?.text }

  /// `value` if it is inside.
  func check(_ value: Number) throws(ValueProblem) -> Number {
    if let violation = violation(by: value) { throw .outOfBounds(violation) }
    return value
  }

  /// `0` for 0 and for 0.0.
  private static func plain(_ number: Number) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
