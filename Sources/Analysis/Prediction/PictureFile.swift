import Datasets
import Formats
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

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .blank(let path, let index):
      "\(path): " + (index.map { "picture \($0)" } ?? "the picture")
        + " has no ink that stands out from its border; check the file, or try --[no-]invert"
    }
  }
}
