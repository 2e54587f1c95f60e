import Support

/// A zip archive that cannot be read, or a file in it.
public enum ZipError: UserError, Equatable {
  case archive(path: String, ArchiveProblem)
  case member(path: String, name: String, MemberProblem)

  public enum ArchiveProblem: Equatable, Sendable {
    case noDirectory
    case severalFiles
    case directory(offset: Int, size: Int)
    case tooManyMembers(Int)
    case entry(number: Int, count: Int)
  }

  public enum MemberProblem: Equatable, Sendable {
    case unsafeName
    case link
    case duplicate
    case encrypted
    case method(Int)
    case tooLarge(Int)
    case impossible(promised: Int, compressed: Int)
    case offset(Int)
    case otherHeader(Int)
    case damaged(String)
    case size(promised: Int)
    case checksum
    case missing
  }

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .archive(let path, let problem): "\(path): \(Self.sentence(problem))"
    case .member(let path, let name, let problem):
      "\(path): the file '\(Self.shown(name))' \(Self.sentence(problem))"
    }
  }

  private static func sentence(_ problem: ArchiveProblem) -> String {
    switch problem {
    case .noDirectory:
      "is a zip archive without its directory, which is its end; download it again"
    case .severalFiles: "is one of several pieces of a zip archive; join them first"
    case .directory(let offset, let size):
      "the zip archive's directory of \(size) bytes at byte \(offset) does not lie within it;"
        + " download it again"
    case .tooManyMembers(let count):
      "the zip archive lists \(count) files, more than are read; unpack it"
    case .entry(let number, let count):
      "entry \(number) of the \(count) in the zip archive's directory is damaged; download it again"
    }
  }

  private static func sentence(_ problem: MemberProblem) -> String {
    switch problem {
    case .unsafeName: "would lie outside the zip archive's folder; do not trust this archive"
    case .link: "is a link, which is not followed in a zip archive; unpack the archive"
    case .duplicate: "is in the zip archive twice; unpack the one that is meant"
    case .encrypted: "is encrypted in the zip archive; unpack it with its password"
    case .method(let method):
      "is compressed with method \(method) in the zip archive, only 0 and 8 (deflate) are read;"
        + " unpack it"
    case .tooLarge(let size):
      "of the zip archive has \(size) bytes, more than the \(Gzip.largestOutput) that are read;"
        + " use a smaller one"
    case .impossible(let promised, let compressed):
      "of the zip archive cannot be \(promised) bytes, \(compressed) when compressed;"
        + " download it again"
    case .offset(let offset):
      "of the zip archive is not found whole at byte \(offset); download it again"
    case .otherHeader(let offset):
      "of the zip archive is another one by its header at byte \(offset); download it again"
    case .damaged(let reason): "of the zip archive is damaged (\(reason)); download it again"
    case .size(let promised):
      "of the zip archive has not the \(promised) bytes that are promised; download it again"
    case .checksum:
      "of the zip archive has another CRC-32 than is promised; download it again"
    case .missing: "is not in the zip archive; check the name"
    }
  }

  /// A name that does not upset a terminal.
  private static func shown(_ name: String) -> String {
    let text = String(
      name.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) })
    return text.count > 100 ? text.prefix(97) + "..." : text
  }
}
