import Platform

/// A directory that a set of files is written into: all of them, or none that were not there.
public struct OutputDirectory {
  let path: String
  /// The directories and files that were not there before, in the order of their creation.
  private var created: [String] = []

  public init(_ path: String) { self.path = path }

  /// Whether nothing is there, or a directory without files; hidden ones count too, but not what was
  /// left half-written.
  public var isEmpty: Bool { Leftovers.others(in: path).isEmpty }

  /// Makes the directory and those above it, as far as they are not there.
  ///
  /// - Throws: ``FileError/cannotCreate(path:reason:)``.
  public mutating func create() throws {
    do {
      try makeDirectories(path) { created.append($0) }
    } catch {
      takeBack()
      throw error
    }
    Leftovers.remove(from: path)
  }

  /// Writes a file into the directory, and returns its path.
  ///
  /// - Throws: ``FileError``, after taking back what was created before.
  public mutating func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
    let isNew = !FileSystem.exists(file)
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
    for path in created.reversed() {
      if !FileSystem.removeFile(path) { FileSystem.removeDirectory(path) }
    }
    created = []
  }
}

/// Makes a directory and those above it, as far as they are not there.
///
/// - Parameter note: called with each directory that was not there.
/// - Throws: ``FileError/cannotCreate(path:reason:)``.
public func makeDirectories(_ path: String, noting note: (String) -> Void = { _ in }) throws {
  var prefix = path.hasPrefix("/") ? "" : "."
  for part in path.split(separator: "/") {
    prefix += "/\(part)"
    if FileSystem.makeDirectory(prefix) {
      note(prefix)
      FileSystem.flushDirectory(FileSystem.directory(of: prefix))
    } else if errno != EEXIST {
      throw FileError.cannotCreate(path: path, reason: errno)
    }
  }
  guard FileStart.isDirectory(path) else {
    throw FileError.cannotCreate(path: path, reason: ENOTDIR)
  }
}
