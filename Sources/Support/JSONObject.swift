/// The members of a JSON object, in the order in which they were written or first set.
///
/// Keys are compared byte by byte, as RFC 8259 section 8.3 has it: a composed and a decomposed `é`
/// are two keys. Two objects are equal if they hold the same members, in whatever order.
public struct JSONObject: Sendable, ExpressibleByDictionaryLiteral {
  private var members: [(key: String, value: JSONValue)] = []
  private var positions: [ExactKey: Int] = [:]

  public init() {}

  /// The members in this order; of two with the same key the last value stays.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }

  /// The number of members.
  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// The value of a key. A new key goes to the end, a known one keeps its place; `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { positions[ExactKey(key)].map { members[$0].value } }
    set {
      let position = positions[ExactKey(key)]
      switch (position, newValue) {
      case (let position?, let value?): members[position].value = value
      case (nil, let value?): append(key, value)
      case (let position?, nil): remove(at: position)
      case (nil, nil): break
      }
    }
  }

  /// Sets a number that may be NaN or infinite, which JSON cannot write: then the member is `null`
  /// and one more, `<key>_reason`, says which it was.
  public mutating func set(_ key: String, number: Double) {
    guard !number.isFinite else { return self[key] = .number(number) }
    self[key] = .null
    self[key + "_reason"] = .string(
      number.isNaN ? "not a number" : number > 0 ? "infinite" : "minus infinite")
  }

  private mutating func append(_ key: String, _ value: JSONValue) {
    positions[ExactKey(key)] = members.count
    members.append((key, value))
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    positions = [:]
    for (index, member) in members.enumerated() { positions[ExactKey(member.key)] = index }
  }
}

extension JSONObject: Equatable {
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
  }
}

extension JSONObject: Sequence {
  public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> {
    members.makeIterator()
  }
}

/// A string that is equal to another only if their bytes are; `String` itself compares by
/// canonical equivalence.
private struct ExactKey: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ExactKey, b: ExactKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}
