import Platform
import Support

/// A directory that is written under a name of its own and gets its name when it is whole.
struct StagedDirectory {
  private let temporary: String

  /// Writes a directory with `body`, which returns what is in it: the paths within, what they hold
  /// and how much.
  ///
  /// - Parameter path: where nothing may be, or an empty directory.
  /// - Throws: ``DataWritingError/exists(path:)`` or ``FileError``; nothing is left behind then.
  static func write(
    _ path: String,
    _ body: (StagedDirectory) throws -> [(name: String, role: DataFile.Role, count: Int)]
  ) throws -> [DataFile] {
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let path = String(trimmed)
    if FileSystem.status(ofLink: path) != nil {
      // A directory that somebody stands in, `.`, cannot be replaced even if it is empty.
      let isHere = [".", ".."].contains(Folder.lastComponent(path))
      guard !isHere, FileStart.isDirectory(path), OutputDirectory(path).isEmpty else {
        throw DataWritingError.exists(path: path)
      }
    }
    let staged = StagedDirectory(temporary: "\(path).\(getpid()).tmp")
    do {
      try makeDirectories(staged.temporary)
    } catch let FileError.cannotCreate(_, reason) {
      throw FileError.cannotCreate(path: path, reason: reason)
    }
    do {
      let contents = try body(staged)
      guard FileSystem.moveFile(staged.temporary, to: path) else {
        throw FileError.cannotCreate(path: path, reason: errno)
      }
      return contents.map { name, role, count in
        let file = Folder.join(path, name)
        return DataFile(path: file, role: role, bytes: size(of: file), count: count)
      }
    } catch {
      try? FileManager.default.removeItem(atPath: staged.temporary)
      throw error
    }
  }

  /// Makes a folder that is not there yet, and those above it.
  ///
  /// - Throws: ``FileError/cannotCreate(path:reason:)``, or ``DataWritingError/sameFolder(name:)``
  ///   if one is there whose name is the same to the file system.
  func create(_ folder: String) throws {
    let path = Folder.join(temporary, folder)
    guard !FileSystem.exists(path) else {
      throw DataWritingError.sameFolder(name: Folder.lastComponent(folder))
    }
    try makeDirectories(path)
  }

  /// Writes a file. It needs no name of its own while the directory has one.
  ///
  /// - Throws: ``FileError``.
  func write(_ bytes: [UInt8], to name: String) throws {
    let path = Folder.join(temporary, name)
    let file = FileSystem.descriptor(of: path, O_WRONLY | O_CREAT | O_EXCL)
    guard file >= 0 else { throw FileError.cannotCreate(path: path, reason: errno) }
    let isWritten = FileSystem.write(bytes.span, to: file)
    let reason = errno
    guard close(file) == 0, isWritten else {
      throw FileError.cannotWrite(path: path, reason: isWritten ? errno : reason)
    }
  }

  /// The bytes of a file, or of all that a directory holds.
  private static func size(of path: String) -> Int {
    guard FileStart.isDirectory(path) else { return FileStart.size(of: path) }
    return Folder.names(in: path).reduce(0) { $0 + size(of: Folder.join(path, $1)) }
  }
}

/// A data set that cannot be written.
public enum DataWritingError: UserError, Equatable {
  case exists(path: String)
  /// The name of a file of arrays is one of a directory, or the other way round.
  case ending(path: String, isArray: Bool)
  /// A name that says that images lie on their side.
  case emnistName(path: String)
  /// A class's name that no folder can have.
  case folderName(String)
  /// A class's name that is another's to the file system.
  case sameFolder(name: String)

  public var exitCode: ExitCode {
    switch self {
    case .exists, .sameFolder: .cannotCreate
    case .ending, .emnistName: .usage
    case .folderName: .dataError
    }
  }

  public var description: String {
    switch self {
    case .exists(let path): "\(path): is there already and is not overwritten; choose another name"
    case .ending(let path, true): "\(path): a file of arrays must end in .npz"
    case .ending(let path, false): "\(path): is called like a file of arrays, but is a directory"
    case .emnistName(let path):
      "\(path): files called emnist-… hold images on their side, these are upright; choose another"
        + " name"
    case .folderName(let name):
      "class '\(name.utf8.excerpt)' cannot be a folder's name; give the classes other names"
    case .sameFolder(let name):
      "class '\(name)' has the same folder as another here, where upper and lower case are one;"
        + " write the data elsewhere"
    }
  }
}
