import Platform
import Support

/// The fetching of one file: into a part beside its place, checked, and renamed.
///
/// What was fetched before an interruption is kept and gone on with. A part that turns out to be
/// another file is removed, so that nobody goes on with it.
public struct Download {
  public enum Outcome: Equatable, Sendable {
    case fetched(from: String)
    /// The right file was there already.
    case kept
  }

  private let file: RemoteFile
  private let path: String
  private let curl: CurlProgram
  private let progress: (_ bytes: Int, _ size: Int?) -> Void

  private var part: String { path + ".part" }
  /// Transfers in a row that bring nothing more before it is given up.
  private static let patience = 3

  /// - Parameters:
  ///   - directory: where the file goes; it is made.
  ///   - environment: its `PATH` leads to curl.
  ///   - progress: is told how many bytes there are, several times a second.
  /// - Throws: ``FetchError/noCurl(url:)``, or ``FileError`` for the directory.
  public init(
    _ file: RemoteFile, into directory: String, environment: [String: String],
    progress: @escaping (_ bytes: Int, _ size: Int?) -> Void = { _, _ in }
  ) throws {
    guard let curl = CurlProgram(environment) else {
      throw FetchError.noCurl(url: file.url)
    }
    self.curl = curl
    self.file = file
    path = directory.hasSuffix("/") ? directory + file.name : "\(directory)/\(file.name)"
    self.progress = progress
    try makeDirectories(directory)
  }

  /// Fetches the file from the first of its addresses that has it.
  ///
  /// - Throws: ``FetchError``, that of the last address, or ``FileError``.
  public func run() throws -> Outcome {
    if FileSystem.exists(path) {
      guard try isRight(path) else { throw FetchError.otherFile(path: path) }
      return .kept
    }
    var failure: FetchError?
    for address in file.addresses {
      let url = "\(address)/\(file.name)"
      do {
        try transfer(url)
        try check(url)
        guard FileSystem.moveFile(part, to: path) else {
          throw FileError.cannotCreate(path: path, reason: errno)
        }
        return .fetched(from: url)
      } catch let error as FetchError where error.isOfTheAddress {
        failure = error
      }
    }
    throw failure ?? FetchError.noCurl(url: file.url)
  }

  /// Fetches until the server says that this is all, going on behind each break.
  private func transfer(_ url: String) throws {
    if let size = file.size, bytes == size { return }
    if bytes > limit { remove() }
    var (turns, mayBeginAnew) = (Self.patience, true)
    while true {
      let before = bytes
      let ending = try curl.fetch(url, into: part, atMost: limit) {
        progress(bytes, file.size)
        return bytes <= limit
      }
      if bytes > limit || ending.code == CurlProgram.Code.tooLarge {
        remove()
        throw FetchError.tooLong(url: url, limit: limit)
      }
      switch ending.code {
      case 0: return
      case CurlProgram.Code.writeError:
        throw FetchError.cannotWrite(path: part, reason: ending.reason)
      case _ where ending.refusesRange && before > 0 && mayBeginAnew:
        // What is there is no beginning of what the server has, or it has no ranges.
        remove()
        mayBeginAnew = false
      case let code where CurlProgram.Code.isBreak(code):
        turns = bytes > before ? Self.patience : turns - 1
        guard turns > 0 else {
          guard bytes > 0 else { throw FetchError.unreachable(url: url, reason: ending.reason) }
          throw FetchError.brokenOff(url: url, bytes: bytes, part: part)
        }
      default: throw FetchError.unreachable(url: url, reason: ending.reason)
      }
    }
  }

  /// Refuses, and removes, a part that is not the file.
  private func check(_ url: String) throws {
    do {
      if isWebPage { throw FetchError.webPage(url: url) }
      if let size = file.size, bytes != size {
        throw FetchError.wrongSize(url: url, bytes: bytes, wanted: size)
      }
      let digest = try Digest.hexadecimal(file.function, ofFile: part)
      guard digest == file.digest else {
        throw FetchError.wrongDigest(
          url: url, function: file.function.rawValue, digest: digest)
      }
    } catch {
      remove()
      throw error
    }
  }

  private func isRight(_ path: String) throws -> Bool {
    if let size = file.size, FileStart.size(of: path) != size { return false }
    return try Digest.hexadecimal(file.function, ofFile: path) == file.digest
  }

  /// The most that the file may have, in bytes.
  private var limit: Int { file.size ?? RemoteFile.largest }

  /// How many bytes are there.
  private var bytes: Int { FileStart.size(of: part) }

  private var isWebPage: Bool {
    let start = (try? FileStart.bytes(of: part, count: 64)) ?? []
    return start.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "<")
  }

  private func remove() { FileSystem.removeFile(part) }
}
