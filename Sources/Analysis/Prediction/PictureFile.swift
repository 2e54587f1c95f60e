import Datasets
import Formats
import Platform
import Support

/// A file of pictures: of any format that is read (``PictureFormat``), or images as data sets have
/// them (IDX, NumPy's arrays, tables), as its first bytes say, each also compressed with gzip.
public enum PictureFile {
  /// The grey pictures in a file: one, or all of a data set's file, upright, and what was decided
  /// about these by what is in them.
  ///
  /// - Parameter request: how a data set's file lies and its numbers become pixels, as far as that is
  ///   known; the file decides the rest.
  /// - Throws: ``FileError``, ``GzipError``, what ``PictureFormat/decode(_:path:)`` throws, and what
  ///   ``LoosePictures/init(reading:_:)`` throws.
  public static func read(
    _ path: String, _ request: DataRequest = DataRequest()
  ) throws -> (pictures: [GrayPicture], decisions: [DataDecision]) {
    if LoosePictures.isTable(path) { return try loose(path, request) }
    let bytes = try Gzip.contents(of: path)
    // IDX files begin with two zeros and the type of their numbers.
    let isIDX = bytes.starts(with: [0, 0]) && bytes.count > 2 && bytes[2] > 1
    if isIDX || NPY.isArray(bytes) {
      // They are read in pieces, which a pipe gives only once.
      guard try SourceFile(path).size > 0 else { throw PictureError.stream(path: path) }
      return try loose(path, request)
    }
    return ([try PictureFormat.decode(bytes, path: path)], [])
  }

  /// The files that a path means: of a directory those that are pictures, in alphabetical order.
  ///
  /// - Throws: ``PictureError/noPictures(path:)``.
  public static func files(at path: String) throws -> [String] {
    guard FileStart.isDirectory(path) else { return [path] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let files = names.filter { !$0.hasPrefix(".") }.sorted()
      .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
      .filter { file in
        guard !FileStart.isDirectory(file) else { return false }
        let start = try? FileStart.bytes(of: file, count: PictureFormat.startSize)
        return start.flatMap(PictureFormat.of) != nil
      }
    guard !files.isEmpty else { throw PictureError.noPictures(path: path) }
    return files
  }

  private static func loose(
    _ path: String, _ request: DataRequest
  ) throws -> (pictures: [GrayPicture], decisions: [DataDecision]) {
    let images = try LoosePictures(reading: path, request)
    let size = images.height * images.width
    let pictures = stride(from: 0, to: images.pixels.count, by: size).map { start in
      GrayPicture(
        width: images.width, height: images.height,
        pixels: Array(images.pixels[start..<start + size]))
    }
    return (pictures, images.decisions)
  }
}

/// A picture that cannot be classified.
public enum PictureError: UserError, Equatable {
  case blank(path: String, index: Int?)
  case noPictures(path: String)
  /// A data set's images out of a pipe.
  case stream(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .blank, .stream: .dataError
    case .noPictures: .noInput
    }
  }

  public var description: String {
    switch self {
    case .noPictures(let path): "\(path): no picture is in the directory; check the name"
    case .stream(let path):
      "\(path): images of a data set are read from files only; save them to one"
    case .blank(let path, let index):
      "\(path): " + (index.map { "picture \($0)" } ?? "the picture")
        + " has no ink that stands out from its border; check the file, or try --[no-]invert"
    }
  }
}
