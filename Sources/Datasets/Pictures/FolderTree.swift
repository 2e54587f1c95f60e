import Formats
import Support

/// The folders of a directory or of a zip archive, to be walked alike. Hidden files and what macOS
/// leaves in archives are passed over.
struct FolderTree: Sendable {
  /// The directory or the archive.
  let path: String
  private let archive: ZipArchive?
  private let members: [String: ZipArchive.Member]
  /// Of an archive, the names in each folder; of a directory empty.
  private let archived: [String: Names]

  private struct Names {
    let folders: [String]
    let files: [String]
  }

  /// - Throws: ``FileError`` or ``ZipError`` for an archive that cannot be read.
  init(_ path: String) throws {
    self.path = path
    guard !FileStart.isDirectory(path) else {
      (archive, members, archived) = (nil, [:], [:])
      return
    }
    let archive = try ZipArchive(reading: path)
    var folders: [String: Set<String>] = [:]
    var files: [String: [String]] = [:]
    for member in archive.members {
      let parts = member.name.split(separator: "/").map(String.init)
      guard let file = parts.last, !parts.contains(where: Self.isHidden) else { continue }
      var folder = ""
      for part in parts.dropLast() {
        folders[folder, default: []].insert(part)
        folder = Self.join(folder, part)
      }
      files[folder, default: []].append(file)
    }
    self.archive = archive
    members = Dictionary(archive.members.map { ($0.name, $0) }) { first, _ in first }
    archived = Dictionary(
      uniqueKeysWithValues: Set(folders.keys).union(files.keys).map { folder in
        (
          folder,
          Names(folders: (folders[folder] ?? []).sorted(), files: (files[folder] ?? []).sorted())
        )
      })
  }

  private static func isHidden(_ name: String) -> Bool {
    name.hasPrefix(".") || name == "__MACOSX"
  }

  /// A path within a folder of the tree, which is empty for the tree itself.
  static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : "\(folder)/\(name)"
  }

  /// The names of the folders in a folder, in alphabetical order.
  func folders(in folder: String) -> [String] {
    guard archive == nil else { return archived[folder]?.folders ?? [] }
    let whole = location(of: folder)
    return Folder.names(in: whole).filter { FileStart.isDirectory(Folder.join(whole, $0)) }
  }

  /// The names of the files in a folder, in alphabetical order. In a directory those of folders are
  /// among them: to look at each of a hundred thousand would take longer than to read some.
  func files(in folder: String) -> [String] {
    archive == nil ? Folder.names(in: location(of: folder)) : archived[folder]?.files ?? []
  }

  /// Whether what is called like a file is a folder.
  func isFolder(_ file: String) -> Bool {
    archive == nil && FileStart.isDirectory(location(of: file))
  }

  /// The path of what is in the tree, as messages have it.
  func location(of inner: String) -> String { inner.isEmpty ? path : Folder.join(path, inner) }

  /// The first bytes of a file; none if it cannot be read.
  func start(of file: String) -> [UInt8] {
    if let archive {
      guard let member = members[file] else { return [] }
      return (try? archive.start(of: member, count: PictureFormat.startSize)) ?? []
    }
    return (try? FileStart.bytes(of: location(of: file), count: PictureFormat.startSize)) ?? []
  }

  /// The size of a file, in bytes.
  func size(of file: String) -> Int {
    archive == nil ? FileStart.size(of: location(of: file)) : members[file]?.size ?? 0
  }

  /// A file's bytes.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  func bytes(of file: String) throws -> [UInt8] {
    guard let archive else { return try readFile(location(of: file)) }
    guard let member = members[file] else { throw FileError.missing(path: location(of: file)) }
    return try archive.contents(of: member)
  }
}
