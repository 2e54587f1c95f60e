/// Any JSON text as a value. Objects keep no order; texts are written with sorted keys.
public enum JSONValue: Codable, Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value):
      // JSON has no NaN and no infinity.
      if value.isFinite { try container.encode(value) } else { try container.encodeNil() }
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  /// The value written as JSON, with sorted keys and a line break at the end if `pretty`.
  public func text(pretty: Bool = false) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      pretty
      ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      : [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("every JSONValue can be encoded")
    }
    return String(decoding: data, as: UTF8.self) + (pretty ? "\n" : "")
  }

  /// Parses `bytes`; the error's text says what is wrong and where.
  ///
  /// - Throws: ``JSONError``, naming `path`.
  public init(parsing bytes: [UInt8], path: String) throws {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch DecodingError.dataCorrupted(let context) {
      let reason = context.underlyingError.map { "\($0)" } ?? context.debugDescription
      print("DBG", reason); throw JSONError(path: path, reason: reason)
    } catch {
      throw JSONError(path: path, reason: "its nesting is not JSON")
    }
  }

  /// The member of an object, or `nil`.
  public subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The value as a number, whole or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as a whole number.
  public var int: Int? { if case .integer(let value) = self { value } else { nil } }
  /// The value as a string.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The value as a truth value.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The value as an array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  /// The value as an object.
  public var object: [String: JSONValue]? {
    if case .object(let value) = self { value } else { nil }
  }
}

/// A text that is not JSON.
public struct JSONError: UserError, Equatable {
  public let path: String
  public let reason: String
  public var exitCode: ExitCode { .configuration }
  public var description: String { "\(path): not valid JSON: \(reason); correct the file" }
}
