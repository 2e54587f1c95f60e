import Platform
import Support

/// Results go to standard output, everything else to standard error.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Writes all of `text` at once.
  ///
  /// - Throws: ``FileError/cannotWrite(path:reason:)``, as when the disk behind `>` is full.
  func put(_ text: String) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(rawValue, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError.cannotWrite(path: path, reason: errno)
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private var path: String { self == .output ? "standard output" : "standard error" }
}
