import Formats
import Support

/// A data set of synthetic handwriting as a recipe: the 47 classes of EMNIST Balanced, in turns, so
/// that counts of one part differ by at most one.
///
/// Equal recipes give equal images. The test part does not depend on the size of the training
/// part, and more images only add to fewer.
public struct SyntheticData: Equatable, Sendable {
  /// The most images of one part.
  public static let largestCount = 1_000_000

  public var name: String
  public var trainCount: Int
  public var testCount: Int
  public var seed: UInt64

  /// Counts are from 0 to ``largestCount``.
  public init(name: String, trainCount: Int, testCount: Int, seed: UInt64 = 0) {
    self.name = name
    self.trainCount = trainCount
    self.testCount = testCount
    self.seed = seed
  }

  /// What `--dataset synthetic` means: 400 training and 100 test images a class.
  public static let standard = SyntheticData(
    name: "synthetic", trainCount: 18_800, testCount: 4_700)

  /// What ships in the directory `Data`: 120 training and 30 test images a class.
  public static let shipped = SyntheticData(name: "tiny", trainCount: 5_640, testCount: 1_410)

  /// What whoever compares results should know.
  static let note = "synthetic handwriting drawn by emnist: results say nothing about real data"

  /// Draws `parts`, about 50,000 images a second; a part of no images is left out.
  public func dataset(_ parts: DatasetParts = .all) -> Dataset {
    Dataset(
      name: name, classes: ClassTable(labels: Self.glyphs.labels),
      train: parts.contains(.train) ? draw(from: 0, count: trainCount) : nil,
      test: parts.contains(.test) ? draw(from: Self.firstTestIndex, count: testCount) : nil,
      note: Self.note)
  }

  /// The number of classes.
  public var classCount: Int { Self.glyphs.classes.count }

  static let glyphs = GlyphSet.balanced47

  /// Behind every training sample, and of class 0.
  private static let firstTestIndex = 47 * largestCount

  /// Samples are shuffled within blocks of this size, 20 of each class, so that blocks can be
  /// drawn in any order and the first ones do not depend on how many follow.
  private static let blockSize = 47 * 20

  private func draw(from first: Int, count: Int) -> ImageSet? {
    precondition((0...Self.largestCount).contains(count), "\(count) synthetic images")
    guard count > 0 else { return nil }
    let generator = GlyphGenerator(seed: seed)
    let imageSize = GlyphGenerator.side * GlyphGenerator.side
    var labels = [UInt16](repeating: 0, count: count)
    var pixels = [UInt8](repeating: 0, count: count * imageSize)
    for start in stride(from: 0, to: count, by: Self.blockSize) {
      let end = min(start + Self.blockSize, count)
      Self.glyphs.fill(
        first + start..<first + end, using: generator, pixels: &pixels, labels: &labels,
        from: start)
    }
    return ImageSet(
      height: GlyphGenerator.side, width: GlyphGenerator.side, pixels: pixels, labels: labels)
  }
}

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
