import Formats
import Support

/// Files that hold arrays: IDX, `.npy`, and `.mat` with the variable's name behind the file's, as
/// members of a zip or an `.npz` have theirs: `emnist-letters.mat/dataset.train.images`.
struct ArrayFile {
  /// The MATLAB file that was read last, since all parts are in one.
  private var lastMAT: (path: String, file: MATFile)?

  /// Reads an array.
  ///
  /// - Throws: ``FileError``, ``ZipError``, ``GzipError``, ``IDXError``, ``NPYError``, ``MATError``
  ///   or ``DatasetError``.
  mutating func read(_ path: String) throws -> (contents: NPY.Contents, bytes: Int) {
    if let (file, variable) = Self.variable(path) {
      let mat = try matlab(file)
      if let array = mat[variable] { return (.numbers(array), FileStart.size(of: file)) }
      if let texts = mat.texts[variable] {
        return (.texts(texts, shape: [texts.count]), FileStart.size(of: file))
      }
      throw DatasetError.noArray(path: file, name: variable, names: mat.names)
    }
    let source = try SourceFile(path)
    let bytes = try source.bytes()
    if NPY.isArray(bytes) { return (try NPY.decode(bytes, path: path), source.size) }
    if ZipArchive.isArchive(bytes) {
      let names = try ZipArchive(parsing: bytes, path: path).members.map(\.name)
      throw DatasetError.archive(path: path, names: names)
    }
    if MATFile.isFile(bytes) {
      let names = try MATFile(parsing: bytes, path: path).names
      throw DatasetError.archive(path: path, names: names)
    }
    // The file's bytes become the array's without a copy.
    return (.numbers(try IDXFile(parsing: consume bytes, path: path).numbers), source.size)
  }

  /// The MATLAB file at `path`, read once.
  mutating func matlab(_ path: String) throws -> MATFile {
    if let lastMAT, lastMAT.path == path { return lastMAT.file }
    let file = try MATFile(parsing: SourceFile(path).bytes(), path: path)
    lastMAT = (path, file)
    return file
  }

  /// The MATLAB file and the variable that a path means.
  private static func variable(_ path: String) -> (file: String, variable: String)? {
    guard let range = path.firstRange(of: ".mat/") else { return nil }
    let file = String(path[..<path.index(before: range.upperBound)])
    return (file, String(path[range.upperBound...]))
  }

  /// The shape of an array by the start of its file, or `nil` where only the whole would tell.
  static func shape(_ path: String) throws -> [Int]? {
    guard variable(path) == nil else { return nil }
    let start = try SourceFile(path).start(1 << 16)
    if NPY.isArray(start) { return try NPY.shape(ofStart: start, path: path) }
    return try IDXHeader(readingStartOf: path).dimensions
  }
}
