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

/// The arrays of an `.npz` or `.mat` file that are images or labels.
struct ArrayListing {
  struct Item: Equatable {
    /// The file's path with the array's name behind.
    let path: String
    let isLabels: Bool
    let part: DataPart?
  }

  let arrays: [Item]

  /// Empty if the file cannot be read; reading it for its images says why.
  init(_ path: String, _ name: DataFileName) {
    let found = name.content == .matlab ? Self.variables(path) : Self.members(path)
    let words = DataWords(Folder.lastComponent(path))
    arrays = Self.decided(found, words).map { array, part, isLabels in
      Item(path: "\(path)/\(array.name)", isLabels: isLabels, part: part)
    }
  }

  private struct Array {
    let name: String
    let shape: [Int]
  }

  private static func members(_ path: String) -> [Array] {
    let archive: ZipArchive
    do {
      let bytes = try SourceFile(path)
      archive =
        bytes.isArchived
        ? try ZipArchive(parsing: bytes.bytes(), path: path) : try ZipArchive(reading: path)
    } catch {
      return []
    }
    return archive.members.compactMap { member in
      guard member.name.hasSuffix(".npy"),
        let start = try? archive.start(of: member, count: NPY.largestHeader),
        let shape = try? NPY.shape(ofStart: start, path: path)
      else { return nil }
      return Array(name: member.name, shape: shape)
    }
  }

  private static func variables(_ path: String) -> [Array] {
    guard let file = try? MATFile(parsing: SourceFile(path).bytes(), path: path) else { return [] }
    return file.names.map { Array(name: $0, shape: file.shape(of: $0) ?? []) }
      + file.texts.map { Array(name: $0.key, shape: [$0.value.count]) }
  }

  /// Which arrays are images and which labels: by the words of their names or of the file's, else
  /// by their shapes. Arrays of one number or without a partner of as many images are left out.
  private static func decided(
    _ arrays: [Array], _ file: DataWords
  ) -> [(array: Array, part: DataPart?, isLabels: Bool)] {
    let items =
      arrays.filter { $0.shape.contains { $0 > 1 } }.compactMap { array in
        let words = DataWords(
          array.name.hasSuffix(".npy") ? array.name.dropLast(4) : array.name[...])
        // `mapping`, `writers`: neither.
        let others = ["mapping", "writers", "writer", "ids", "id"]
        let last = words.owner.split(whereSeparator: { "._".contains($0) }).last?.lowercased()
        if words.areLabels == nil, let last, others.contains(last) { return nil }
        let isLabels = words.areLabels ?? file.areLabels ?? (array.shape.count { $0 > 1 } < 2)
        return (array: array, part: words.part ?? file.part, isLabels: isLabels)
      } as [(array: Array, part: DataPart?, isLabels: Bool)]
    return items
  }
}
