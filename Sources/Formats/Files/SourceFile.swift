import Platform
import Support

/// A file on the disk or in a zip archive, whose path goes on behind the archive's:
/// `data/gzip.zip/gzip/emnist-letters-mapping.txt`.
public struct SourceFile: Sendable {
  public let path: String
  private let place: Place

  private enum Place: Sendable {
    case disk
    case member(ZipArchive, ZipArchive.Member)
  }

  /// Finds a file.
  ///
  /// - Throws: ``FileError/missing(path:)`` if there is none, ``ZipError`` for a damaged archive.
  public init(_ path: String) throws {
    self.path = path
    place = try Self.archived(path).map { .member($0.archive, $0.member) } ?? .disk
  }

  /// Whether it is in a zip archive.
  public var isArchived: Bool {
    switch place {
    case .disk: false
    case .member: true
    }
  }

  /// The file's bytes as they are.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  public func bytes() throws -> [UInt8] {
    switch place {
    case .disk: try readFile(path)
    case .member(let archive, let member): try archive.contents(of: member)
    }
  }

  /// The file's bytes, decompressed if they are gzip data.
  ///
  /// - Throws: ``FileError``, ``ZipError`` or ``GzipError``.
  public func contents() throws -> [UInt8] {
    let bytes = try bytes()
    return Gzip.isCompressed(bytes) ? try Gzip.inflate(bytes, path: path) : bytes
  }

  /// At most the first `count` bytes as they are.
  ///
  /// - Throws: ``FileError`` or ``ZipError``.
  public func start(_ count: Int) throws -> [UInt8] {
    switch place {
    case .disk: try FileStart.bytes(of: path, count: count)
    case .member(let archive, let member): try archive.start(of: member, count: count)
    }
  }

  /// About the first `count` bytes, decompressed if they are gzip data.
  ///
  /// - Throws: ``FileError``, ``ZipError`` or ``GzipError``.
  public func startOfContents(_ count: Int) throws -> [UInt8] {
    let start = try start(count)
    guard Gzip.isCompressed(start) else { return start }
    return GunzipStream.prefix(of: start, count: count, path: path)
  }

  /// The size of the file as it lies on the disk or would if it were unpacked, in bytes.
  public var size: Int {
    switch place {
    case .disk: FileStart.size(of: path)
    case .member(_, let member): member.size
    }
  }

  /// The archive and the member that a path means, or `nil` if it means a file on the disk or
  /// nothing.
  private static func archived(
    _ path: String
  ) throws -> (archive: ZipArchive, member: ZipArchive.Member)? {
    if FileSystem.exists(path) { return nil }
    for slash in path.indices.dropFirst() where path[slash] == "/" {
      let front = String(path[..<slash])
      guard let status = FileSystem.status(front), status.st_mode & S_IFMT == S_IFREG else {
        continue
      }
      guard ZipArchive.isArchive(try FileStart.bytes(of: front, count: 4)) else { return nil }
      return try member(path[path.index(after: slash)...], of: ZipArchive(reading: front))
    }
    return nil
  }

  /// A member of an archive, or of an archive in it.
  private static func member(
    _ name: Substring, of archive: ZipArchive
  ) throws -> (archive: ZipArchive, member: ZipArchive.Member) {
    if let member = archive[String(name)] { return (archive, member) }
    for slash in name.indices where name[slash] == "/" {
      guard let outer = archive[String(name[..<slash])] else { continue }
      let inner = try ZipArchive(
        parsing: archive.contents(of: outer), path: "\(archive.path)/\(outer.name)")
      return try member(name[name.index(after: slash)...], of: inner)
    }
    throw ZipError.member(path: archive.path, name: String(name), .missing)
  }
}

extension GunzipStream {
  /// What the first bytes of a gzip file decompress to, at most `count` bytes; nothing if they are
  /// damaged.
  fileprivate static func prefix(of start: [UInt8], count: Int, path: String) -> [UInt8] {
    guard let stream = try? GunzipStream(start, path: path) else { return [] }
    var bytes: [UInt8] = []
    // The data may break off anywhere; small pieces lose little then.
    while bytes.count < count, let piece = try? stream.array(upTo: 256), !piece.isEmpty {
      bytes += piece
    }
    return bytes
  }
}
