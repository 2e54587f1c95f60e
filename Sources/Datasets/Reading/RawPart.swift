import Formats
import Support

/// A part of a data set as its files have it, before its numbers are pixels and its labels classes.
struct RawPart {
  private(set) var images: ImageNumbers
  let labels: StoredLabels
  let files: [DataFile]
  let imagesPath: String
  let labelsPath: String
  let isTransposed: Bool
  private(set) var decisions: [DataDecision] = []
  /// Whether the labels are folders' names.
  let hasFolders: Bool

  var count: Int { images.count }

  /// Reads the files of a complete part.
  ///
  /// - Throws: ``DatasetError`` and what the formats' readers throw.
  init(
    _ part: PartFiles, roles: (images: DataFile.Role, labels: DataFile.Role, table: DataFile.Role),
    _ request: DataRequest, _ reader: inout ArrayFile, progress: ReadingProgress?
  ) throws {
    if let images = part.images, let labels = part.labels {
      try self.init(
        images: images, labels: labels, roles: (roles.images, roles.labels), request, &reader)
    } else if let table = part.table {
      try self.init(table: table, role: roles.table, request)
    } else if let classes = part.classes {
      try self.init(classes: classes, role: roles.images, request, progress)
    } else {
      preconditionFailure("RawPart: a part without files")
    }
  }

  private init(
    images imagesPath: String, labels labelsPath: String,
    roles: (images: DataFile.Role, labels: DataFile.Role), _ request: DataRequest,
    _ reader: inout ArrayFile
  ) throws {
    let (labelContents, labelBytes) = try reader.read(labelsPath)
    let (imageContents, imageBytes) = try reader.read(imagesPath)
    guard case .numbers(let array) = imageContents else {
      throw DatasetError.notImages(path: imagesPath, found: "texts")
    }
    let decoded = try StoredLabels.decode(labelContents, path: labelsPath)
    labels = decoded.labels
    images = try ImageNumbers(
      array, labelCount: labels.count, wanted: request.imageSize, path: imagesPath)
    guard images.count == labels.count else {
      throw DatasetError.countsDiffer(
        images: imagesPath, imageCount: images.count, labels: labelsPath,
        labelCount: labels.count)
    }
    decisions = images.decisions + decoded.decisions
    (self.imagesPath, self.labelsPath) = (imagesPath, labelsPath)
    files = [
      DataFile(path: imagesPath, role: roles.images, bytes: imageBytes, count: images.count),
      DataFile(path: labelsPath, role: roles.labels, bytes: labelBytes, count: images.count),
    ]
    isTransposed = request.transposed ?? Orientation.isTransposed(imagesPath)
    hasFolders = false
  }

  private init(table path: String, role: DataFile.Role, _ request: DataRequest) throws {
    // Kaggle's tables of EMNIST have no header and the label first.
    let isEMNIST = Folder.lastComponent(path).lowercased().hasPrefix("emnist-")
    let hints = PixelTable.Hints(
      labelColumn: request.labelColumn ?? (isEMNIST ? "first" : nil), size: request.imageSize)
    let table = try PixelTable(reading: path, hints)
    guard let labels = table.labels else {
      throw CSVError.unlabelled(path: path, columns: table.pixels.count / table.pixels.shape[0])
    }
    self.labels = labels
    images = try ImageNumbers(table.pixels, labelCount: nil, wanted: nil, path: path)
    decisions = table.decisions
    (imagesPath, labelsPath) = (path, path)
    let size = (try? SourceFile(path).size) ?? 0
    files = [DataFile(path: path, role: role, bytes: size, count: images.count)]
    isTransposed = request.transposed ?? Orientation.isTransposed(path)
    hasFolders = false
  }

  /// Dark ink is made bright if the request says so, as the training part's pictures decide.
  private init(
    classes folders: ClassFolders, role: DataFile.Role, _ request: DataRequest,
    _ progress: ReadingProgress?
  ) throws {
    let size = request.imageSize ?? ClassPictures.defaultSize
    let pictures = try ClassPictures(folders, size: size, progress: progress)
    let isDark = request.hasDarkInk ?? false
    let array = NumberArray(
      .uint8, [pictures.classes.count, size.height, size.width],
      bytes: isDark ? pictures.pixels.map { 255 - $0 } : pictures.pixels)
    labels = .texts(pictures.classes.map { folders.classes[$0] })
    images = try ImageNumbers(array, labelCount: nil, wanted: nil, path: folders.path)
    decisions = pictures.decisions + (isDark ? [.inverted] : [])
    (imagesPath, labelsPath) = (folders.path, folders.path)
    files = [
      DataFile(
        path: folders.path, role: role, bytes: pictures.byteCount, count: pictures.classes.count)
    ]
    isTransposed = request.transposed ?? false
    hasFolders = true
  }

  /// The images, upright, on a scale, with classes for labels. Their numbers are no longer kept here.
  ///
  /// - Throws: ``DatasetError`` for a label outside the classes.
  mutating func takeImageSet(_ classes: DatasetClasses, scale: PixelScale) throws -> ImageSet {
    let indices = try classes.indices(of: labels, path: labelsPath)
    var (height, width) = (images.size.height, images.size.width)
    var pixels = images.takePixels(scale)
    if isTransposed {
      transposeImages(&pixels, height: height, width: width)
      swap(&height, &width)
    }
    return ImageSet(height: height, width: width, pixels: pixels, labels: indices)
  }
}
