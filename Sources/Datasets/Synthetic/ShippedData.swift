import Formats
import Platform
import Support

/// The synthetic set in the package's directory `Data`, which serves where there is no EMNIST.
struct ShippedData {
  /// What is said where it takes the place of real data.
  static let notice =
    "no EMNIST found: using the built-in synthetic glyphs; "
    + "'emnist data fetch' gets the real data"

  let executable: String?
  let currentDirectory: String

  /// Reads the files, or draws the same images where there are none, as in an installed program.
  ///
  /// - Throws: ``FileError``, ``GzipError`` or ``IDXError`` if a file is damaged.
  func load(_ parts: DatasetParts) throws -> Dataset {
    guard let directory else { return SyntheticData.shipped.dataset(parts) }
    let request = DataRequest(name: SyntheticData.shipped.name, directory: directory)
    guard let read = try DatasetLocator(environment: [:]).load(request, parts: parts) else {
      return SyntheticData.shipped.dataset(parts)
    }
    return Dataset(
      name: read.name, classes: read.classes, train: read.train, test: read.test,
      files: read.files, transposedOnDisk: read.transposedOnDisk, note: SyntheticData.note)
  }

  /// The directory `Data` with the files, in the current directory or beside an ancestor of the
  /// program: `swift build` puts that into `.build/…/release`.
  var directory: String? {
    ([currentDirectory] + ancestors).map { $0 == "/" ? "/Data" : $0 + "/Data" }.first {
      FileSystem.isReadable("\($0)/\(SyntheticData.shipped.fileName(.trainImages))")
    }
  }

  /// The directories above the program, the nearest first.
  private var ancestors: [String] {
    guard var path = executable else { return [] }
    var directories: [String] = []
    while let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      path = String(path[..<slash])
      directories.append(path)
    }
    return directories
  }
}

/// The path of the running program without symbolic links, or `nil` where it cannot be told.
public var runningExecutable: String? {
  #if canImport(Darwin)
    var size = UInt32(PATH_MAX)
    var bytes = [CChar](repeating: 0, count: Int(size))
    // It writes no more than so many bytes, with a 0 at the end.
    guard unsafe _NSGetExecutablePath(&bytes, &size) == 0 else { return nil }
    let path = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return FileSystem.resolved(String(decoding: path, as: UTF8.self))
  #else
    return FileSystem.resolved("/proc/self/exe")
  #endif
}
