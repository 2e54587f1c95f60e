import Formats

/// Which parts of a data set.
public struct DatasetParts: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let train = DatasetParts(rawValue: 1)
  public static let test = DatasetParts(rawValue: 2)
  public static let all: DatasetParts = [.train, .test]
}

/// A file that a data set was read from.
public struct DataFile: Sendable, Equatable {
  /// What was in the file.
  public enum Role: String, Sendable {
    case trainImages = "train-images"
    case trainLabels = "train-labels"
    case testImages = "test-images"
    case testLabels = "test-labels"
    /// A CSV file with labels and images.
    case trainTable = "train-table"
    case testTable = "test-table"
    case validationImages = "validation-images"
    case validationLabels = "validation-labels"
    case validationTable = "validation-table"
    case mapping
  }

  public let path: String
  public let role: Role
  /// The size of the file as it lies on the disk.
  public let bytes: Int
  /// The number of images, labels or classes in it.
  public let count: Int

  public init(path: String, role: Role, bytes: Int, count: Int) {
    self.path = path
    self.role = role
    self.bytes = bytes
    self.count = count
  }
}

/// A data set in memory, or the parts of it that were asked for.
public struct Dataset: Sendable {
  public let name: String
  public let classes: ClassTable
  public internal(set) var train: ImageSet?
  public internal(set) var test: ImageSet?
  /// The set's own images to validate on, if it has some.
  public let validation: ImageSet?
  public let files: [DataFile]
  /// Whether rows and columns were swapped on loading, as EMNIST's files need it.
  public let transposedOnDisk: Bool
  /// What whoever compares results should know about this data set.
  public let note: String?
  /// How the files' numbers became pixels.
  public let scale: PixelScale
  /// What was decided by what is in the files.
  public internal(set) var decisions: [DataDecision]

  public init(
    name: String, classes: ClassTable, train: ImageSet?, test: ImageSet?,
    validation: ImageSet? = nil, files: [DataFile] = [], transposedOnDisk: Bool = false,
    note: String? = nil, scale: PixelScale = .bytes, decisions: [DataDecision] = []
  ) {
    self.name = name
    self.classes = classes
    self.train = train
    self.test = test
    self.validation = validation
    self.files = files
    self.scale = scale
    self.transposedOnDisk = transposedOnDisk
    self.note = note
    self.decisions = decisions
  }
}

/// Grey images with their classes, as bytes: background 0, ink up to 255, upright.
public struct ImageSet: Sendable, Equatable {
  /// The height of every image, in pixels.
  public let height: Int
  /// The width of every image, in pixels.
  public let width: Int
  /// The pixels of all images, `[N, H, W]`.
  public let pixels: [UInt8]
  /// The class index of each image, from 0, `[N]`.
  public let labels: [UInt16]

  /// Images of `height` × `width` pixels and a class index for each.
  public init(height: Int, width: Int, pixels: [UInt8], labels: [UInt16]) {
    precondition(
      height > 0 && width > 0 && pixels.count == labels.count * height * width,
      "ImageSet: \(pixels.count) pixels are not \(labels.count) images of \(height) × \(width)")
    precondition(labels.count <= Int(Int32.max), "ImageSet: more images than an Int32 can number")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The number of pixels of one image.
  public var imageSize: Int { height * width }

  /// The number of images of each class.
  public func counts(classCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// The images as an IDX file, upright: unsigned bytes `[N, H, W]`.
  public var imagesFile: IDXFile {
    IDXFile(elementType: .unsignedByte, dimensions: [count, height, width], payload: pixels)
  }

  /// The labels as an IDX file: class indices from 0, `[N]`, as unsigned bytes, or as 32-bit integers
  /// where one is above 255.
  public var labelsFile: IDXFile { IDXFile(labels: labels.map(Int.init)) }
}
