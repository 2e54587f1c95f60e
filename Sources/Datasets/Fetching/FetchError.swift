import Support

/// A file that was not fetched, and why.
public enum FetchError: UserError, Equatable {
  /// The program that fetches is not in `PATH`.
  case noCurl(url: String)
  /// What stands where the file belongs is something else.
  case otherFile(path: String)
  /// `reason` is what curl says.
  case unreachable(url: String, reason: String)
  case brokenOff(url: String, bytes: Int, part: String)
  /// The disk, not the network.
  case cannotWrite(path: String, reason: String)
  case webPage(url: String)
  case wrongSize(url: String, bytes: Int, wanted: Int)
  case tooLong(url: String, limit: Int)
  case wrongDigest(url: String, function: String, digest: String)

  public var exitCode: ExitCode {
    switch self {
    case .noCurl, .unreachable, .brokenOff: .unavailable
    case .otherFile: .cannotCreate
    case .cannotWrite: .ioError
    case .webPage, .wrongSize, .tooLong, .wrongDigest: .dataError
    }
  }

  public var description: String {
    switch self {
    case .noCurl(let url):
      "\(url): needs the program curl, which is not in PATH; install it, or put the file into the"
        + " data directory yourself"
    case .otherFile(let path):
      "\(path): is there already and is another file; move it away"
    case .unreachable(let url, let reason): "\(url): cannot be fetched: \(reason)"
    case .brokenOff(let url, let bytes, let part):
      "\(url): the connection broke off after \(grouped(bytes)) bytes, which are kept in \(part);"
        + " the same command goes on from there"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .webPage(let url):
      "\(url): answers with a web page instead of the file\(Self.remark(url))"
    case .wrongSize(let url, let bytes, let wanted):
      "\(url): sent \(grouped(bytes)) bytes, the file has \(grouped(wanted)); it is another file"
    case .tooLong(let url, let limit):
      "\(url): sends more than the \(grouped(limit)) bytes that the file has; it is another file"
    case .wrongDigest(let url, let function, let digest):
      "\(url): the file's \(function) is \(digest), which is another file's, or it was damaged on"
        + " its way"
    }
  }

  /// EMNIST's first address leads to a page since 2024, not to an error.
  private static func remark(_ url: String) -> String {
    url.contains("www.itl.nist.gov") ? "; EMNIST has moved to biometrics.nist.gov" : ""
  }

  /// Whether another address may do better.
  var isOfTheAddress: Bool {
    switch self {
    case .noCurl, .otherFile, .cannotWrite: false
    case .unreachable, .brokenOff, .webPage, .wrongSize, .tooLong, .wrongDigest: true
    }
  }
}
