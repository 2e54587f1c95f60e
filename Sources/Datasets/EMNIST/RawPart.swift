import Formats
import Support

/// A part of a data set with its labels as they are stored.
struct RawPart {
  private var height: Int
  private var width: Int
  private var pixels: [UInt8]
  let labels: [Int]
  let files: [DataFile]
  let imagesPath: String
  let labelsPath: String

  var count: Int { labels.count }

  /// Reads the files of a complete part and turns its images upright if they are `transposed`.
  ///
  /// - Throws: ``DatasetError``, ``FileError``, ``GzipError``, ``IDXError`` or ``CSVError``.
  init(_ part: PartFiles, isTrain: Bool, transposed: Bool) throws {
    if let images = part.images, let labels = part.labels {
      try self.init(images: images, labels: labels, isTrain: isTrain)
    } else if let table = part.table {
      try self.init(table: table, isTrain: isTrain)
    } else {
      preconditionFailure("RawPart: a part without files")
    }
    if transposed {
      transposeImages(&pixels, height: height, width: width)
      swap(&height, &width)
    }
  }

  private init(images imagesPath: String, labels labelsPath: String, isTrain: Bool) throws {
    let images = try IDXFile.images(imagesPath)
    labels = try Self.labels(labelsPath)
    let imageCount = images.dimensions[0]
    guard imageCount == labels.count else {
      throw DatasetError.countsDiffer(
        images: imagesPath, imageCount: imageCount, labels: labelsPath, labelCount: labels.count)
    }
    (height, width, pixels) = (images.dimensions[1], images.dimensions[2], images.payload)
    (self.imagesPath, self.labelsPath) = (imagesPath, labelsPath)
    let roles: [DataFile.Role] =
      isTrain ? [.trainImages, .trainLabels] : [.testImages, .testLabels]
    files = zip([imagesPath, labelsPath], roles).map { path, role in
      DataFile(path: path, role: role, bytes: FileStart.size(of: path), count: imageCount)
    }
  }

  private init(table path: String, isTrain: Bool) throws {
    let table = try KaggleCSV(reading: path)
    (height, width, pixels) = (KaggleCSV.side, KaggleCSV.side, table.pixels)
    labels = table.labels.map(Int.init)
    (imagesPath, labelsPath) = (path, path)
    let role: DataFile.Role = isTrain ? .trainTable : .testTable
    files = [
      DataFile(path: path, role: role, bytes: FileStart.size(of: path), count: labels.count)
    ]
  }

  /// The labels of a file of whole numbers: one a row, or the first of each row, as QMNIST has it.
  private static func labels(_ path: String) throws -> [Int] {
    let file = try IDXFile(reading: path)
    guard file.dimensions.count <= 2, let numbers = file.int32s() else {
      throw IDXError.notLabels(path: path, type: file.elementType, dimensions: file.dimensions)
    }
    let columnCount = file.dimensions.count == 2 ? file.dimensions[1] : 1
    return stride(from: 0, to: numbers.count, by: columnCount).map { Int(numbers[$0]) }
  }

  /// The images with class indices for labels.
  ///
  /// - Throws: ``DatasetError/label(path:value:index:first:last:)``.
  func imageSet(_ classes: ClassTable) throws -> ImageSet {
    let indices = try labels.enumerated().map { index, label in
      guard let classIndex = classes.index(ofStored: label) else {
        throw DatasetError.label(
          path: labelsPath, value: label, index: index, first: classes.firstLabel,
          last: classes.firstLabel + classes.count - 1)
      }
      return UInt8(classIndex)
    }
    return ImageSet(height: height, width: width, pixels: pixels, labels: indices)
  }
}

extension IDXFile {
  /// Reads a file of images: unsigned bytes `[N, H, W]`.
  ///
  /// - Throws: ``FileError``, ``GzipError``, ``IDXError`` or ``DatasetError``.
  static func images(_ path: String) throws -> IDXFile {
    let file = try IDXFile(reading: path)
    guard file.elementType == .unsignedByte, file.dimensions.count == 3 else {
      throw IDXError.notImages(path: path, type: file.elementType, dimensions: file.dimensions)
    }
    guard file.dimensions[0] <= Int(Int32.max) else {
      throw DatasetError.tooManyImages(path: path, count: file.dimensions[0])
    }
    return file
  }
}
