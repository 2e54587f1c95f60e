// JSON by hand, although Foundation has a decoder, because four things are needed that it does not
// give: a sweep must tell `1` from `1.0` by how the number is written, safetensors must reject
// duplicate keys, objects must keep their order, and an error must name line and column.

/// Any JSON text as a value (RFC 8259).
///
/// How a number is written decides its case: `1` is an ``integer(_:)``; `1.0`, `1e3` and whole
/// numbers beyond 64 bits are a ``number(_:)``. The two are never equal.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The member of an object; `nil` if there is none or this is no object.
  public subscript(key: String) -> JSONValue? { object?[key] }

  /// The value as a number, whole or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as a whole number; `nil` for `1.0`.
  public var int: Int? { if case .integer(let value) = self { value } else { nil } }
  /// The value as a string.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The value as a truth value.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The value as an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The value as an object.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// `a string`, `an object`: what the value is, for error messages.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The compact text, cut after 60 characters, for error messages.
  public var excerpt: String {
    let text = text()
    return text.count > 60 ? text.prefix(57) + "..." : text
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(JSONObject(elements))
  }
}
