import Support

// The checks of a file's content, in its metadata, so that other programs read it as any other:
//
//     "emnist.crc32": {"header": "0badcafe", "tensors": {"fc1.weight": "1badcafe", …}}
//
// The header's is over what it says, not over its bytes: programs that rewrite a file may order the
// metadata otherwise.

extension SafetensorsFile {
  /// The metadata's key of the checks. Whoever changes a file on purpose leaves it out.
  public static let checksumKey = "emnist.crc32"

  /// The file with the checks of its content.
  public var checksummed: SafetensorsFile {
    var file = self
    file.metadata.removeAll { $0.key == Self.checksumKey }
    let sums = JSONObject(tensors.map { ($0.name, .string(CRC32.digits($0.bytes))) })
    let checks: JSONObject = ["header": .string(file.headerCheck), "tensors": .object(sums)]
    file.metadata.append((Self.checksumKey, JSONValue.object(checks).text()))
    return file
  }

  /// Compares the content with its checks, if the file has any.
  ///
  /// - Throws: ``SafetensorsError``.
  func checkContent() throws {
    guard let text = self[metadata: Self.checksumKey] else { return }
    let checks = try? JSONValue(parsing: Array(text.utf8), path: path)
    guard checks?["header"]?.string == headerCheck else {
      throw SafetensorsError(path: path, problem: .damagedHeader)
    }
    for tensor in tensors {
      guard checks?["tensors"]?[tensor.name]?.string == CRC32.digits(tensor.bytes) else {
        throw SafetensorsError(path: path, problem: .tensor(tensor.name, .damaged))
      }
    }
  }

  /// The check of all the header says but for the checks and where the tensors lie.
  private var headerCheck: String {
    let texts = metadata.filter { $0.key != Self.checksumKey }.sorted { $0.key < $1.key }
    let outlines = tensors.sorted { $0.name < $1.name }.map { tensor -> JSONValue in
      [
        .string(tensor.name), .string(tensor.dtype.rawValue),
        .array(tensor.shape.map(JSONValue.integer)),
      ]
    }
    let content = texts.map { JSONValue.array([.string($0.key), .string($0.value)]) } + outlines
    return CRC32.digits(JSONValue.array(content).text())
  }
}
