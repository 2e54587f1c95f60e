import Support

/// A picture that is of a format that is read, and cannot be read.
public struct PictureFormatError: UserError, Equatable {
  public enum Problem: Equatable, Sendable {
    /// The file ends before what its header promises.
    case cutShort(what: String, promised: Int, found: Int)
    /// A number of the header that may not be.
    case field(name: String, value: Int, expected: String)
    case empty
    case tooLarge(width: Int, height: Int)
    /// More pixels than so few bytes can hold.
    case implausible(width: Int, height: Int, bytes: Int)
    case damaged(String)
    /// Something that the format has and is not read, and the command that converts it.
    case unread(String)
  }

  public let path: String
  /// The format's name.
  public let format: String
  public let problem: Problem

  public init(path: String, format: String, problem: Problem) {
    self.path = path
    self.format = format
    self.problem = problem
  }

  public var exitCode: ExitCode { .dataError }

  public var description: String { "\(path): \(sentence)" }

  private var sentence: String {
    switch problem {
    case .cutShort(let what, let promised, let found):
      "the \(format) picture's \(what) should be \(promised) bytes, \(found) are there; copy it again"
    case .field(let name, let value, let expected):
      "the \(format) picture's \(name) is \(value), expected \(expected); save it anew"
    case .empty: "has a width or height of 0; save it anew"
    case .tooLarge(let width, let height):
      "has \(width) x \(height) pixels, more than the \(GrayPicture.mostPixels) that are read; "
        + "make it smaller"
    case .implausible(let width, let height, let bytes):
      "promises \(width) x \(height) pixels in \(bytes) bytes, which are too few; copy it again"
    case .damaged(let reason): "the \(format) picture is damaged: \(reason); copy it again"
    case .unread(let what): "is a \(format) picture \(what); save it as PNG"
    }
  }
}

/// What decodes a format is not there.
public enum PictureLibraryError: UserError, Equatable {
  /// The library, and the package of Debian that holds it.
  case missing(path: String, format: String, library: String, package: String)
  /// A part of libheif that is in a package of its own.
  case decoderMissing(path: String, format: String, package: String)

  public var exitCode: ExitCode { .unavailable }

  public var description: String {
    switch self {
    case .missing(let path, let format, let library, let package):
      "\(path): is a \(format) picture, which the library \(library) reads and which is not there;"
        + " install it (Debian's package \(package)), or save the picture as PNG"
    case .decoderMissing(let path, let format, let package):
      "\(path): is a \(format) picture, for which libheif has no decoder here; install one"
        + " (Debian's package \(package)), or save the picture as PNG"
    }
  }
}

extension GrayPicture {
  /// Checks the size that a header promises before anything is allocated for it.
  ///
  /// No picture worth reading has more than ``mostPixels``, or beyond 4096 × 4096 more than 4096
  /// pixels a byte.
  /// - Throws: ``PictureFormatError``.
  static func check(
    width: Int, height: Int, bytes: Int, format: String, path: String
  ) throws(PictureFormatError) {
    func failure(_ problem: PictureFormatError.Problem) -> PictureFormatError {
      PictureFormatError(path: path, format: format, problem: problem)
    }
    guard width > 0, height > 0 else { throw failure(.empty) }
    guard width <= mostPixels / height else {
      throw failure(.tooLarge(width: width, height: height))
    }
    guard width * height <= 1 << 24 || width * height / 4096 <= bytes else {
      throw failure(.implausible(width: width, height: height, bytes: bytes))
    }
  }
}
