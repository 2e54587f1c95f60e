import Platform

/// A directory that a set of files is written into: all of them, or none that were not there.
public struct OutputDirectory {
  let path: String
  /// The directories and files that were not there before, in the order of their creation.
  private var created: [String] = []

  public init(_ path: String) { self.path = path }

  /// Whether nothing is there, or a directory without files; hidden ones count too.
  public var isEmpty: Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).isEmpty
  }

  /// Makes the directory and those above it, as far as they are not there.
  ///
  /// - Throws: ``FileError/cannotCreate(path:reason:)``.
  public mutating func create() throws {
    let names = path.split(separator: "/")
    var directory = path.hasPrefix("/") ? "/" : ""
    for name in names {
      directory += (directory.isEmpty || directory.hasSuffix("/") ? "" : "/") + name
      if mkdir(directory, 0o777) == 0 {
        created.append(directory)
      } else if !Self.isDirectory(directory) {
        let reason = errno
        takeBack()
        throw FileError.cannotCreate(path: directory, reason: reason)
      }
    }
  }

  /// Writes a file into the directory, and returns its path.
  ///
  /// - Throws: ``FileError``, after taking back what was created before.
  public mutating func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    let isNew = access(file, F_OK) != 0
    do {
      try AtomicFile.write(bytes, to: file)
    } catch {
      takeBack()
      throw error
    }
    if isNew { created.append(file) }
    return file
  }

  private mutating func takeBack() {
    for path in created.reversed() { remove(path) }
    created = []
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    let reason = errno
    defer { errno = reason }
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
