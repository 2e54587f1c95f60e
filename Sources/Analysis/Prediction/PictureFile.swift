import Datasets
import Formats
import Platform
import Support

/// A file of pictures: of any format that is read (``PictureFormat``), or images as data sets have
/// them (IDX, NumPy's arrays, tables), as its first bytes say, each also compressed with gzip.
public enum PictureFile {
  /// The grey pictures in a file: one, or all of a data set's file, upright.
  ///
  /// - Parameter transposed: whether a data set's file holds rows and columns swapped; `nil` lets it
  ///   decide.
  /// - Throws: ``FileError``, ``GzipError``, what ``PictureFormat/decode(_:path:)`` throws, and what
  ///   ``LoosePictures/init(reading:_:)`` throws.
  public static func read(_ path: String, transposed: Bool? = nil) throws -> [GrayPicture] {
    if LoosePictures.isTable(path) { return try loose(path, transposed) }
    let bytes = try Gzip.contents(of: path)
    // IDX files begin with two zeros and the type of their numbers.
    let isIDX = bytes.starts(with: [0, 0]) && bytes.count > 2 && bytes[2] > 1
    if isIDX || NPY.isArray(bytes) { return try loose(path, transposed) }
    return [try PictureFormat.decode(bytes, path: path)]
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

  private static func loose(_ path: String, _ transposed: Bool?) throws -> [GrayPicture] {
    let images = try LoosePictures(reading: path, DataRequest(transposed: transposed))
    let size = images.height * images.width
    return stride(from: 0, to: images.pixels.count, by: size).map { start in
      GrayPicture(
        width: images.width, height: images.height,
        pixels: Array(images.pixels[start..<start + size]))
    }
  }
}

/// A picture that cannot be classified.
public enum PictureError: UserError, Equatable {
  case blank(path: String, index: Int?)
  case noPictures(path: String)

  public var exitCode: ExitCode {
    switch self {
    case .blank: .dataError
    case .noPictures: .noInput
    }
  }

  public var description: String {
    switch self {
    case .noPictures(let path): "\(path): no picture is in the directory; check the name"
    case .blank(let path, let index):
      "\(path): " + (index.map { "picture \($0)" } ?? "the picture")
        + " has no ink that stands out from its border; check the file, or try --[no-]invert"
    }
  }
}
