import Platform

/// A file or directory that could not be read, created or written.
public enum FileError: UserError, Equatable {
  case missing(path: String)
  case cannotRead(path: String, reason: Int32)
  /// It holds more bytes than are read of its kind.
  case tooLarge(path: String, largest: Int)
  case cannotCreate(path: String, reason: Int32)
  case cannotWrite(path: String, reason: Int32)

  public var exitCode: ExitCode {
    switch self {
    case .missing: .noInput
    case .cannotRead(_, let reason): reason == ENOENT || reason == EACCES ? .noInput : .ioError
    case .tooLarge: .dataError
    case .cannotCreate: .cannotCreate
    case .cannotWrite: .ioError
    }
  }

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file; check the name"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(Self.text(reason))"
    case .tooLarge(let path, let largest):
      "\(path): holds more than \(largest >> 20) MiB, the most that is read of such a file; check the name"
    case .cannotCreate(let path, let reason):
      "\(path): cannot be created: \(Self.text(reason)); choose another place or change its permissions"
    case .cannotWrite(let path, let reason):
      "\(path): writing failed: \(Self.text(reason)); nothing was left half-written"
    }
  }

  private static func text(_ reason: Int32) -> String {
    FileSystem.text(ofError: reason)
  }
}
