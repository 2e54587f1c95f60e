import Formats
import Support

/// What was found in one of the places that are looked through.
public struct DatasetListing: Sendable, Equatable {
  /// A data set as its files' headers describe it.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let folder: String
    public let parts: DatasetParts
    /// The number of training images, or `nil` where only reading the whole file would tell.
    public let trainCount: Int?
    public let testCount: Int?
    /// The number of classes, or `nil` if neither the name nor a mapping file tells.
    public let classCount: Int?
    /// What is wrong with the files, if anything.
    public let problem: String?
  }

  public let place: DataPlace
  /// Whether the directory is there.
  public let exists: Bool
  public let entries: [Entry]
}

extension DatasetLocator {
  /// Every data set in every place, in the order of looking. Only the first bytes of files are
  /// read.
  public func listing(directory: String? = nil) -> [DatasetListing] {
    places(directory: directory).map { place in
      DatasetListing(
        place: place, exists: FileStart.isDirectory(place.path),
        entries: Self.datasets(in: place.path, requested: nil).map(\.entry))
    }
  }
}

extension LocatedDataset {
  fileprivate var entry: DatasetListing.Entry {
    var problems: [String] = []
    func attempt<Value>(_ body: () throws -> Value?) -> Value? {
      do {
        return try body()
      } catch {
        problems.append("\(error)")
        return nil
      }
    }
    let trainCount = attempt { try train.headerCount() }
    let testCount = attempt { try test.headerCount() }
    let folders = [train, test].compactMap(\.classes?.classes.count).max()
    let classCount = attempt { try folders ?? namedClasses()?.classes.table.count }
    if parts.isEmpty { problems.append("\(lacking(train == PartFiles() ? .test : .train))") }
    return DatasetListing.Entry(
      name: name, folder: folder, parts: parts, trainCount: trainCount, testCount: testCount,
      classCount: classCount, problem: problems.first)
  }
}

extension PartFiles {
  /// The number of images that the header tells, or `nil` without an images file.
  fileprivate func headerCount() throws -> Int? {
    if let classes { return classes.files(try FolderTree(classes.place)).count }
    guard isComplete, let images else { return nil }
    return try ArrayFile.shape(images)?.first
  }
}
