import Datasets
import Foundation

/// The description of the error that `body` throws.
func message(of body: () throws -> some Any) -> String {
  do {
    let value = try body()
    return "no error, but \(value)"
  } catch {
    return "\(error)"
  }
}

/// Runs `body` with a new folder, which is removed afterwards.
func withTemporaryFolder<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
  let url = FileManager.default.temporaryDirectory.appending(path: "emnist-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(TemporaryFolder(path: url.path))
}

/// A folder for files made by a test.
struct TemporaryFolder {
  let path: String

  /// Writes a file and the folders above it, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a file of images `[N, H, W]` and one of labels, one each, compressed if their names
  /// end in `.gz`; `{}` in `pattern` stands for `images-idx3` and `labels-idx1`.
  func writePart(
    _ pattern: String, labels: [UInt8], height: Int = 2, width: Int = 2
  ) throws {
    let pixels = (0..<(labels.count * height * width)).map { UInt8($0 % 251) }
    let images = IDXFile(
      elementType: .unsignedByte, dimensions: [labels.count, height, width], payload: pixels)
    let classes = IDXFile(
      elementType: .unsignedByte, dimensions: [labels.count], payload: labels)
    for (kind, file) in [("images-idx3", images), ("labels-idx1", classes)] {
      let bytes = file.encoded()
      try write(
        pattern.replacingOccurrences(of: "{}", with: kind),
        pattern.hasSuffix(".gz") ? Gzip.compress(bytes) : bytes)
    }
  }
}

/// The real data beside the package, which a fresh clone does not have.
enum RealData {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data").path

  static let isPresent = FileManager.default.fileExists(atPath: path + "/mnist")
}
