/// Which data a person asked for.
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
  /// Whether the files hold rows and columns swapped; `nil` lets the data set's name decide.
  public var transposed: Bool?

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

  private func namedPart(_ part: String, _ images: String?, _ labels: String?) throws -> PartFiles?
  {
    switch (images, labels) {
    case (nil, nil): return nil
    case (let images?, let labels?):
      return PartFiles(images: images, labels: labels, isTransposed: isTransposed(images))
    case (let table?, nil) where DataFileName(Folder.lastComponent(table))?.content == .table:
      return PartFiles(table: table, isTransposed: isTransposed(table))
    case (_?, nil):
      throw DatasetError.loneOption(given: "\(part)_images", missing: "\(part)_labels")
    case (nil, _?):
      throw DatasetError.loneOption(given: "\(part)_labels", missing: "\(part)_images")
    }
  }

  private func isTransposed(_ path: String) -> Bool {
    let isEMNIST = canonicalName.flatMap(KnownDataset.init)?.isEMNIST ?? false
    return isEMNIST || Folder.lastComponent(path).hasPrefix("emnist-")
  }
}
