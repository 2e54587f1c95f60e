import Support

/// What stands before the numbers of a `.npy` file.
struct NPYHeader: Equatable {
  /// What the elements are.
  enum Element: Equatable {
    case number(NumberArray.Element, isBigEndian: Bool)
    /// `U`: texts of so many characters of 32 bits.
    case text(length: Int, isBigEndian: Bool)

    /// The size of one, in bytes.
    var size: Int {
      switch self {
      case .number(let element, _): element.size
      case .text(let length, _): 4 * length
      }
    }
  }

  let element: Element
  let shape: [Int]
  let isFortranOrder: Bool
  /// The bytes before the first element.
  let size: Int

  /// The longest header that is read, in bytes; NumPy itself reads at most 10,000.
  static let largestSize = 1 << 16

  /// Parses the start of a file.
  ///
  /// - Throws: ``NPYError``, naming `path`.
  init(parsing start: [UInt8], path: String) throws {
    func failure(_ problem: NPYError.Problem) -> NPYError { NPYError(path: path, problem) }
    guard NPY.isArray(start), start.count >= 10 else { throw failure(.notArray) }
    let (major, minor) = (start[6], start[7])
    guard (1...3).contains(major), minor == 0 else {
      throw failure(.version(Int(major), Int(minor)))
    }
    let begin = major == 1 ? 10 : 12
    guard start.count >= begin else { throw failure(.headerBreaksOff) }
    let length = major == 1 ? start.uint16(8) : start.uint32(8)
    size = begin + length
    guard size <= Self.largestSize else { throw failure(.longHeader(length)) }
    guard size <= start.count else { throw failure(.headerBreaksOff) }
    var literal = PythonLiteral(start[begin..<size])
    guard let fields = literal.dictionary() else {
      throw failure(.header(start[begin..<size].excerpt))
    }
    guard Set(fields.keys) == ["descr", "fortran_order", "shape"],
      case .flag(let isFortranOrder)? = fields["fortran_order"],
      case .numbers(let shape)? = fields["shape"]
    else { throw failure(.header(start[begin..<size].excerpt)) }
    guard case .text(let type)? = fields["descr"] else { throw failure(.structure) }
    guard let element = Self.element(type) else { throw failure(.type(type)) }
    self.element = element
    self.shape = shape
    self.isFortranOrder = isFortranOrder
  }

  /// The element that a type such as `<f4` stands for, or `nil` for one that is not read.
  private static func element(_ type: String) -> Element? {
    var type = type[...]
    var isBigEndian = false
    if let first = type.first, "<>=|".contains(first) {
      isBigEndian = first == ">"
      type = type.dropFirst()
    }
    if type.hasPrefix("U"), let length = Int(type.dropFirst()), (1...256).contains(length) {
      return .text(length: length, isBigEndian: isBigEndian)
    }
    return numberTypes[String(type)].map { .number($0, isBigEndian: isBigEndian) }
  }

  static let numberTypes: [String: NumberArray.Element] = [
    "b1": .bool, "?": .bool, "u1": .uint8, "i1": .int8, "B": .uint8, "b": .int8, "u2": .uint16,
    "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64, "i8": .int64, "f2": .float16,
    "f4": .float32, "f8": .float64,
  ]
}

/// The subset of Python's literals that NumPy writes: a dictionary of texts, flags and tuples of
/// whole numbers.
private struct PythonLiteral {
  enum Value {
    case text(String)
    case flag(Bool)
    case numbers([Int])
    case other
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

  /// The whole literal, or `nil` if it is no such dictionary.
  mutating func dictionary() -> [String: Value]? {
    var fields: [String: Value] = [:]
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = text(), take(":"), let value = value() else { return nil }
      guard fields.updateValue(value, forKey: key) == nil else { return nil }
      guard take(",") || next == UInt8(ascii: "}") else { return nil }
    }
    skipSpace()
    return place == bytes.count ? fields : nil
  }

  private mutating func value() -> Value? {
    switch next {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map(Value.text)
    case UInt8(ascii: "("): return numbers().map(Value.numbers)
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "T"): return take("True") ? .flag(true) : nil
    case UInt8(ascii: "F"): return take("False") ? .flag(false) : nil
    default: return nil
    }
  }

  /// A list of fields, as a structure's type is written; what is in it does not matter.
  private mutating func list() -> Value? {
    var depth = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "[") { depth += 1 }
      if bytes[place] == UInt8(ascii: "]") { depth -= 1 }
      place += 1
      if depth == 0 { return .other }
    }
    return nil
  }

  private mutating func text() -> String? {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    let start = place + 1
    guard let end = bytes[start...].firstIndex(of: quote) else { return nil }
    place = end + 1
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// `()`, `(3,)` or `(2, 2)`; at most 32 numbers, as NumPy has it.
  private mutating func numbers() -> [Int]? {
    var numbers: [Int] = []
    guard take("(") else { return nil }
    while !take(")") {
      guard numbers.count < 32, let number = number() else { return nil }
      numbers.append(number)
      // One number needs a comma, or it is no tuple.
      let hasComma = take(",")
      guard hasComma || next == UInt8(ascii: ")") && numbers.count > 1 else { return nil }
    }
    return numbers
  }

  /// A whole number below 2^62, with the `L` of an old Python perhaps.
  private mutating func number() -> Int? {
    skipSpace()
    var value: Int?
    while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
      guard value ?? 0 < 1 << 58 else { return nil }
      value = (value ?? 0) * 10 + Int(bytes[place] - 0x30)
      place += 1
    }
    if value != nil { _ = take("L") }
    return value
  }

  /// The next byte that is not space.
  private var next: UInt8? {
    mutating get {
      skipSpace()
      return place < bytes.count ? bytes[place] : nil
    }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }
}
