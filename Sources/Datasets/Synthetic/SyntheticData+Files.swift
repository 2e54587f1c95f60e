import Formats
import Support

extension SyntheticData {
  /// Draws the set and writes it as EMNIST's files are: gzip-compressed IDX, rows and columns
  /// swapped, with a mapping file. Equal recipes give equal bytes with the same zlib.
  ///
  /// - Parameter overwriting: whether the directory may hold anything; files of other names stay.
  /// - Returns: the files with their sizes and the number of images, labels or classes in each.
  /// - Throws: ``SyntheticDataError`` or ``FileError``. Nothing new is left behind then.
  public func write(to directory: String, overwriting: Bool = false) throws -> [DataFile] {
    guard trainCount + testCount > 0 else { throw SyntheticDataError.noImages }
    var output = OutputDirectory(directory)
    guard overwriting || output.isEmpty else {
      throw SyntheticDataError.notEmpty(directory: directory)
    }
    try output.create()
    return try contents().map { role, count, bytes in
      let path = try output.write(bytes, to: fileName(role))
      return DataFile(path: path, role: role, bytes: bytes.count, count: count)
    }
  }

  /// `emnist-tiny-train-images-idx3-ubyte.gz`; the prefix says that pictures lie on their side.
  func fileName(_ role: DataFile.Role) -> String {
    let stem = "emnist-\(name)-\(role.rawValue)"
    return switch role {
    case .trainImages, .testImages, .validationImages: stem + "-idx3-ubyte.gz"
    case .trainLabels, .testLabels, .validationLabels: stem + "-idx1-ubyte.gz"
    case .trainTable, .testTable, .validationTable: stem + ".csv"
    case .mapping: stem + ".txt"
    }
  }

  private typealias Content = (role: DataFile.Role, count: Int, bytes: [UInt8])

  private func contents() -> [Content] {
    let dataset = dataset()
    return (dataset.train.map { Self.contents($0, .trainImages, .trainLabels) } ?? [])
      + (dataset.test.map { Self.contents($0, .testImages, .testLabels) } ?? [])
      + [(.mapping, dataset.classes.count, Array((dataset.classes.mappingText ?? "").utf8))]
  }

  private static func contents(
    _ set: ImageSet, _ images: DataFile.Role, _ labels: DataFile.Role
  ) -> [Content] {
    [
      (images, set.count, Gzip.compress(set.transposed.imagesFile.encoded())),
      (labels, set.count, Gzip.compress(set.labelsFile.encoded())),
    ]
  }
}

extension ImageSet {
  /// The same images with rows and columns swapped.
  fileprivate var transposed: ImageSet {
    var turned = pixels
    transposeImages(&turned, height: height, width: width)
    return ImageSet(height: width, width: height, pixels: turned, labels: labels)
  }
}

/// Synthetic data that cannot be written.
public enum SyntheticDataError: UserError, Equatable {
  case notEmpty(directory: String)
  case noImages

  public var exitCode: ExitCode {
    switch self {
    case .notEmpty: .cannotCreate
    case .noImages: .usage
    }
  }

  public var description: String {
    switch self {
    case .notEmpty(let directory):
      "\(directory): the directory is not empty"
    case .noImages:
      "'train_count' and 'test_count' are both 0; give one of them at least 1"
    }
  }
}
