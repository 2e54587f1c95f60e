import Support

/// A file of named tensors in the safetensors format of Hugging Face.
///
///     8 bytes   N, little-endian
///     N bytes   JSON: {"__metadata__": {…}, "name": {"dtype", "shape", "data_offsets"}, …}
///     the rest  the tensors' bytes, one after the other
///
/// Reading is as strict as the reference implementation (tensors tile the rest without hole,
/// overlap or trailing byte) and rejects duplicate keys too. Writing gives the reference's bytes,
/// with one difference: its metadata has no fixed order, ours keeps the one given. Where the metadata
/// holds checks of the content, reading compares them (``checksummed``).
public struct SafetensorsFile: Sendable {
  /// Free texts about the file, in order.
  public var metadata: [(key: String, value: String)]
  /// The tensors, in the header's order.
  public var tensors: [SafetensorsTensor]
  /// Where the file was read from, for error messages.
  public private(set) var path = "safetensors"

  public init(
    metadata: [(key: String, value: String)] = [], tensors: [SafetensorsTensor] = []
  ) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads and checks a file.
  ///
  /// - Throws: ``FileError``; ``JSONError`` for a header that is no JSON; ``SafetensorsError``;
  ///   ``ForeignFileError`` for a file of another format that is known.
  public static func read(path: String) throws -> SafetensorsFile {
    let bytes = try readFile(path)
    if let format = ForeignFormat(bytes) { throw ForeignFileError(path: path, format: format) }
    return try SafetensorsFile(parsing: bytes, path: path)
  }

  /// Checks the content of `path`.
  ///
  /// - Throws: ``JSONError`` for a header that is no JSON, ``SafetensorsError`` otherwise.
  public init(parsing bytes: [UInt8], path: String) throws {
    let header = try SafetensorsHeader(parsing: bytes, path: path)
    self.init(
      metadata: header.metadata,
      tensors: header.entries.map { entry in
        SafetensorsTensor(
          name: entry.name, dtype: entry.dtype, shape: entry.shape,
          bytes: Array(bytes[header.dataStart...].dropFirst(entry.begin).prefix(entry.byteCount)))
      })
    self.path = path
    try checkContent()
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: ``FileError``.
  public func write(to path: String) throws { try AtomicFile.write(parts: parts(), to: path) }

  /// The bytes of the file.
  ///
  /// - Precondition: names are unique and none is `__metadata__`.
  public func encoded() -> [UInt8] { Array(parts().joined()) }

  /// The same, as they lie in memory.
  private func parts() -> [[UInt8]] {
    let ordered = tensors.sorted { a, b in
      a.dtype != b.dtype ? a.dtype > b.dtype : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
    var header = Array(JSONValue.object(headerObject(of: ordered)).text().utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = littleEndian(UInt64(header.count))
    return [length, header] + ordered.map(\.bytes)
  }

  private func headerObject(of ordered: [SafetensorsTensor]) -> JSONObject {
    var header = JSONObject()
    if !metadata.isEmpty {
      header[metadataKey] = .object(JSONObject(metadata.map { ($0.key, .string($0.value)) }))
    }
    var begin = 0
    for tensor in ordered {
      precondition(
        header[tensor.name] == nil && tensor.name != metadataKey,
        "tensor name '\(tensor.name)' is taken")
      let end = begin + tensor.bytes.count
      header[tensor.name] = [
        "dtype": .string(tensor.dtype.rawValue),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(begin), .integer(end)],
      ]
      begin = end
    }
    return header
  }
}

extension SafetensorsFile {
  /// The metadata text of a key, or `nil`.
  public subscript(metadata key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// The elements of all tensors.
  public var elementCount: Int {
    tensors.reduce(0) { $0 + $1.bytes.count * 8 / $1.dtype.bitCount }
  }

  /// The tensors whose names begin with `prefix`, named by what follows it.
  public func section(_ prefix: String) -> SafetensorsFile {
    var section = SafetensorsFile(
      tensors: tensors.filter { $0.name.hasPrefix(prefix) }.map {
        SafetensorsTensor(
          name: String($0.name.dropFirst(prefix.count)), dtype: $0.dtype, shape: $0.shape,
          bytes: $0.bytes)
      })
    section.path = "\(path): \(prefix)*"
    return section
  }

  /// The tensor of a name.
  ///
  /// - Throws: ``SafetensorsError`` if there is none.
  public func tensor(named name: String) throws -> SafetensorsTensor {
    if let tensor = tensors.first(where: { $0.name == name }) { return tensor }
    let nearest = nearestName(to: name, in: tensors.map(\.name))
    throw SafetensorsError(path: path, problem: .noTensor(name: name, nearest: nearest))
  }

  /// The elements of the tensor of a name.
  ///
  /// - Throws: ``SafetensorsError`` if there is none or its elements are of another type.
  public func values<Element: SafetensorsElement>(
    named name: String, of type: Element.Type = Element.self
  ) throws -> [Element] {
    let tensor = try tensor(named: name, of: type)
    return tensor.values(of: type) ?? []
  }

  private func tensor<Element: SafetensorsElement>(
    named name: String, of type: Element.Type
  ) throws -> SafetensorsTensor {
    let tensor = try tensor(named: name)
    guard tensor.dtype == Element.dtype else {
      throw SafetensorsError(
        path: path,
        problem: .tensor(name, .wrongDType(found: tensor.dtype, expected: Element.dtype)))
    }
    return tensor
  }

  /// The tensor of a name, which holds floating-point numbers.
  ///
  /// - Throws: ``SafetensorsError`` if there is none or its elements are of another type.
  public func floatTensor(named name: String) throws -> SafetensorsTensor {
    let tensor = try tensor(named: name)
    guard [.f16, .bf16, .f32, .f64].contains(tensor.dtype) else {
      throw SafetensorsError(
        path: path, problem: .tensor(name, .wrongDType(found: tensor.dtype, expected: .f32)))
    }
    return tensor
  }

  /// The elements of a tensor of floating-point numbers, row by row.
  ///
  /// - Throws: ``SafetensorsError`` if there is none or its elements are of another type.
  public func floats(named name: String) throws -> [Float] {
    try floatTensor(named: name).floats ?? []
  }

  /// The tensors that `names` lists by their own names, under these.
  ///
  /// - Throws: ``SafetensorsError`` if there is no such tensor.
  func renamed(_ names: [(old: String, new: String)]) throws -> SafetensorsFile {
    var renamed = SafetensorsFile(
      tensors: try names.map { name in
        let tensor = try tensor(named: name.old)
        return SafetensorsTensor(
          name: name.new, dtype: tensor.dtype, shape: tensor.shape, bytes: tensor.bytes)
      })
    renamed.path = path
    return renamed
  }
}
