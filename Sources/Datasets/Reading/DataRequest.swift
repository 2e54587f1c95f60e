import Formats
import Support

/// Which data a person asked for, and what is said about them.
public struct DataRequest: Sendable, Equatable {
  /// `--dataset`.
  public var name: String?
  /// `--data`.
  public var directory: String?
  public var trainImages: String?
  public var trainLabels: String?
  public var testImages: String?
  public var testLabels: String?
  public var mapping: String?
  /// Whether the files hold rows and columns swapped; `nil` lets the files decide.
  public var transposed: Bool?
  /// The name or the number of a table's column of labels.
  public var labelColumn: String?
  /// The size of the pictures in flat rows.
  public var imageSize: ImageSize?
  /// The share of the training images that make up the test part where there is none.
  public var testSplit: Double?
  /// The classes of a run, which data without names of their own take.
  public var classes: ClassTable?
  /// The name of a run's own data set, which is taken where several are found.
  public var preferredName: String?
  /// The scale of a run's training images.
  public var scale: PixelScale?
  /// Whether the pictures in folders are of dark ink, once the training part has been looked at.
  var hasDarkInk: Bool?

  public init(
    name: String? = nil, directory: String? = nil, trainImages: String? = nil,
    trainLabels: String? = nil, testImages: String? = nil, testLabels: String? = nil,
    mapping: String? = nil, transposed: Bool? = nil
  ) {
    self.name = name
    self.directory = directory
    self.trainImages = trainImages
    self.trainLabels = trainLabels
    self.testImages = testImages
    self.testLabels = testLabels
    self.mapping = mapping
    self.transposed = transposed
  }

  /// The name as it is compared with what files are called.
  var canonicalName: String? { name.map(KnownDataset.canonicalName) }

  /// The training files named one by one, or `nil`.
  ///
  /// - Throws: ``DatasetError/loneOption(given:missing:)``.
  func namedTrain() throws -> PartFiles? { try namedPart("train", trainImages, trainLabels) }

  /// The test files named one by one, or `nil`.
  ///
  /// - Throws: ``DatasetError/loneOption(given:missing:)``.
  func namedTest() throws -> PartFiles? { try namedPart("test", testImages, testLabels) }

  /// An images file without a labels file is a table, or an archive of both.
  private func namedPart(_ part: String, _ images: String?, _ labels: String?) throws -> PartFiles?
  {
    switch (images, labels) {
    case (nil, nil): return nil
    case (let images?, let labels?): return PartFiles(images: images, labels: labels)
    case (let table?, nil) where Self.isTable(table): return PartFiles(table: table)
    case (let folder?, nil) where FileStart.isDirectory(folder):
      let classes = try ClassFolders(in: FolderTree(folder), "", least: 1)
      guard let classes else { throw DatasetError.noPictures(path: folder) }
      return PartFiles(classes: classes)
    case (_?, nil):
      throw DatasetError.loneOption(given: "\(part)_images", missing: "\(part)_labels")
    case (nil, _?):
      throw DatasetError.loneOption(given: "\(part)_labels", missing: "\(part)_images")
    }
  }

  private static func isTable(_ path: String) -> Bool {
    DataFileName(Folder.lastComponent(path))?.content == .table || PixelTable.isProbable(path)
  }
}
