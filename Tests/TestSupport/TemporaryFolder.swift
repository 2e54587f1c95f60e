import Foundation
import Support

/// The description of the error that `body` throws.
public func message(of body: () throws -> some Any) -> String {
  do {
    let value = try body()
    return "no error, but \(value)"
  } catch {
    return "\(error)"
  }
}

/// Runs `body` with a new folder, which is removed afterwards.
public func withTemporaryFolder<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
  let url = FileManager.default.temporaryDirectory.appending(path: "emnist-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(TemporaryFolder(path: url.path))
}

/// A folder for files made by a test.
public struct TemporaryFolder {
  public let path: String

  /// Writes a file and the folders above it, and returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// The real data beside the package, which a fresh clone does not have.
public enum RealData {
  public static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data").path

  public static let isPresent = FileManager.default.fileExists(atPath: path + "/mnist")
}

/// Calls `body` with the path of a new directory, which is gone afterwards.
@discardableResult
public func withTemporaryDirectory<Value>(_ body: (String) throws -> Value) throws -> Value {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("emnist-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// Calls `body` with the path of a file of this content, which is gone afterwards.
public func withTemporaryFile(_ content: String, _ body: (String) throws -> Void) throws {
  try withTemporaryDirectory { directory in
    let path = directory + "/file.json"
    try AtomicFile.write(text: content, to: path)
    try body(path)
  }
}

/// The names of the files in a directory, in order.
public func files(in directory: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}

/// The content of a text file.
public func text(of path: String) throws -> String {
  String(decoding: try readFile(path), as: UTF8.self)
}
