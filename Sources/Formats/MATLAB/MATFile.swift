import Support

/// A MATLAB file of level 5, the format of `save -v6` (plain) and `-v7` (deflated), as SciPy
/// writes it too.
///
/// Numbers and texts are kept, wherever in structures and cells they are; what else a file may hold
/// is skipped. MathWorks, "MAT-File Format", 2019.
public struct MATFile: Sendable {
  /// An array as it lies in the file: the first index varies fastest.
  struct Array: Sendable {
    let element: NumberArray.Element
    let shape: [Int]
    let bytes: [UInt8]
  }

  /// The names of all arrays of numbers in the order of the file, with dots where they are fields
  /// of a structure: `dataset.train.images`.
  public private(set) var names: [String] = []
  private var arrays: [String: Array] = [:]
  /// The texts by name; those of a cell array make up a list.
  public private(set) var texts: [String: [String]] = [:]
  private let isBigEndian: Bool

  /// Whether `bytes` start like a MATLAB file of level 5 or 7.3.
  public static func isFile(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: "MATLAB ".utf8)
  }

  /// Parses a file's bytes; `path` is its name in messages.
  ///
  /// - Throws: ``MATError``.
  public init(parsing file: [UInt8], path: String) throws {
    isBigEndian = try Self.checkHeader(file, path: path)
    let source = MATSource(file, from: 128, isBigEndian: isBigEndian, path: path)
    while source.left > 0 {
      let tag = try source.tag()
      if tag.type == .compressed {
        let inner = try source.inflating(tag.size)
        try readVariable(inner, inner.tag())
        try inner.checkEnd()
      } else {
        try readVariable(source, tag)
      }
    }
  }

  /// The numbers of that name, with the last index varying fastest, or `nil`.
  public subscript(name: String) -> NumberArray? {
    arrays[name].map {
      NumberArray(
        $0.element, firstIndexFastest: $0.shape, bytes: $0.bytes, isBigEndian: isBigEndian)
    }
  }

  /// The shape of the array of that name, or `nil`.
  public func shape(of name: String) -> [Int]? { arrays[name]?.shape }

  /// - Returns: whether numbers are big-endian.
  private static func checkHeader(_ file: [UInt8], path: String) throws -> Bool {
    if file.starts(with: "MATLAB 7.3".utf8) { throw MATError(path: path, .version73) }
    guard file.count >= 128, isFile(file) else { throw MATError(path: path, .notLevel5) }
    let version: [UInt8]
    let isBigEndian: Bool
    switch (file[126], file[127]) {
    case (UInt8(ascii: "I"), UInt8(ascii: "M")): (version, isBigEndian) = ([0, 1], false)
    case (UInt8(ascii: "M"), UInt8(ascii: "I")): (version, isBigEndian) = ([1, 0], true)
    default: throw MATError(path: path, .notLevel5)
    }
    guard Swift.Array(file[124...125]) == version else {
      throw MATError(path: path, file[124...125].contains(2) ? .version73 : .notLevel5)
    }
    return isBigEndian
  }

  private mutating func readVariable(_ source: MATSource, _ tag: MATTag) throws {
    guard tag.type == .matrix else { throw source.failure(.unexpected(tag.type.name)) }
    try readMatrix(source, tag, name: nil, depth: 0)
  }
}

/// Matrices within each other.
extension MATFile {
  /// Structures and cells within each other, at most.
  private static let deepest = 16

  /// Reads a matrix and keeps what is numbers or text in it.
  ///
  /// - Parameter name: what it is called as a part of another; `nil` lets its own name count.
  private mutating func readMatrix(
    _ source: MATSource, _ tag: MATTag, name: String?, depth: Int
  ) throws {
    // An empty field or cell.
    if tag.size == 0 { return }
    guard depth < Self.deepest else { throw source.failure(.tooDeep) }
    let end = source.left - tag.size
    let flags = try source.contents(of: .uint32, size: 8)
    let shape = try source.shape()
    let ownName = String(decoding: try source.texts(), as: UTF8.self)
    let name = name ?? ownName
    switch MATClass(rawValue: flags[isBigEndian ? 3 : 0]) {
    case .structure: try readStructure(source, name, shape, depth)
    case .cell: try readCells(source, name, shape, depth)
    case .text: texts[name, default: []].append(try source.text(shape))
    case .number where source.left > end:
      let numbers = try source.numbers(shape)
      if arrays.updateValue(numbers, forKey: name) == nil { names.append(name) }
    default: break
    }
    // What is left of it is imaginary or of a class that is not read.
    guard source.left >= end else { throw source.failure(.unexpected("the end of a matrix")) }
    try source.skip(source.left - end)
  }

  private mutating func readStructure(
    _ source: MATSource, _ name: String, _ shape: [Int], _ depth: Int
  ) throws {
    let length = try source.number()
    let fieldNames = try source.texts()
    guard length > 0, fieldNames.count % length == 0 else {
      throw source.failure(.unexpected("\(fieldNames.count) bytes of names of \(length) each"))
    }
    let fields = stride(from: 0, to: fieldNames.count, by: length).map { start in
      String(decoding: fieldNames[start..<start + length].prefix { $0 != 0 }, as: UTF8.self)
    }
    let count = try source.count(shape, of: fields.count)
    for number in 0..<count {
      let owner = count == 1 ? name : "\(name)(\(number + 1))"
      for field in fields {
        try readPart(source, "\(owner).\(field)", depth)
      }
    }
  }

  private mutating func readCells(
    _ source: MATSource, _ name: String, _ shape: [Int], _ depth: Int
  ) throws {
    for number in 0..<(try source.count(shape, of: 1)) {
      let part = "\(name){\(number + 1)}"
      try readPart(source, part, depth)
      // The texts of a cell array are one list.
      if let text = texts.removeValue(forKey: part) { texts[name, default: []] += text }
    }
  }

  private mutating func readPart(_ source: MATSource, _ name: String, _ depth: Int) throws {
    let tag = try source.tag()
    guard tag.type == .matrix else { throw source.failure(.unexpected(tag.type.name)) }
    try readMatrix(source, tag, name: name, depth: depth + 1)
  }
}

/// What a matrix holds.
private enum MATClass {
  case cell, structure, text, number, other

  init(rawValue: UInt8) {
    self =
      switch rawValue {
      case 1: .cell
      case 2: .structure
      case 4: .text
      case 6...15: .number
      default: .other
      }
  }
}
