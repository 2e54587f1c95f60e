import Datasets
import Platform
import Support
import Synchronization

/// The SHA-256 of the files that data were read from; each is read once in a process as long as it
/// stays as it is.
enum DataFileSums {
  private struct Key: Hashable {
    let path: String
    let size: Int
    let changed: Double
  }

  private static let known = Mutex<[Key: String]>([:])

  /// The hash of a file, or of the archive that it is in; `nil` for a folder, a pipe and whatever
  /// else cannot be read twice.
  static func sha256(of path: String) -> String? {
    guard let path = physical(path), let status = FileSystem.status(path),
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    let key = Key(path: path, size: Int(status.st_size), changed: status.seconds)
    if let sum = known.withLock({ $0[key] }) { return sum }
    guard let sum = try? Digest.hexadecimal(.sha256, ofFile: path) else { return nil }
    known.withLock { $0[key] = sum }
    return sum
  }

  /// The path itself, or as much of its beginning as is a file.
  private static func physical(_ path: String) -> String? {
    var path = path[...]
    while !FileSystem.exists(String(path)) {
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
      path = path[..<slash]
    }
    return String(path)
  }
}

extension stat {
  /// When the file's content changed last, in seconds since 1970.
  fileprivate var seconds: Double {
    #if canImport(Darwin)
      Double(st_mtimespec.tv_sec) + Double(st_mtimespec.tv_nsec) * 1e-9
    #else
      Double(st_mtim.tv_sec) + Double(st_mtim.tv_nsec) * 1e-9
    #endif
  }
}
