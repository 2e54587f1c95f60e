import Formats
import Support

/// The data sets that can be had: those found, and those that are built in.
public struct DataInventory: Sendable {
  /// Each place that was looked through.
  public let places: [DatasetListing]
  /// Empty if a directory was asked for.
  public let builtIn: [BuiltIn]

  public struct BuiltIn: Sendable {
    public let data: SyntheticData
    /// When it is used.
    public let use: String
  }

  /// Looks through the usual places, or through `directory` alone.
  ///
  /// - Throws: ``DatasetError/noSuchDirectory(path:)`` for a directory that is not there.
  public init(
    directory: String?, environment: [String: String], currentDirectory: String = "."
  ) throws {
    let locator = DatasetLocator(environment: environment, currentDirectory: currentDirectory)
    places = locator.listing(directory: directory)
    if let directory, places.contains(where: { !$0.exists }) {
      throw DatasetError.noSuchDirectory(path: directory)
    }
    builtIn =
      directory != nil
      ? []
      : [
        BuiltIn(data: .standard, use: "drawn when asked for"),
        BuiltIn(data: .shipped, use: "used when nothing else is found"),
      ]
  }

  /// Every data set that was found.
  public var found: [DatasetListing.Entry] { places.flatMap(\.entries) }
}

extension DataInventory {
  /// What `emnist data list --json` prints.
  public var json: JSONObject {
    [
      "schema": 1, "places": .array(places.map { .object($0.json) }),
      "built_in": .array(
        builtIn.map {
          [
            "name": .string($0.data.name), "train": .integer($0.data.trainCount),
            "test": .integer($0.data.testCount), "classes": .integer($0.data.classCount),
          ]
        }),
    ]
  }
}

extension DatasetListing {
  fileprivate var json: JSONObject {
    [
      "path": .string(place.path), "origin": .string(place.origin), "exists": .bool(exists),
      "datasets": .array(entries.map { .object($0.json) }),
    ]
  }
}

extension DatasetListing.Entry {
  fileprivate var json: JSONObject {
    func number(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }
    let parts = [(DatasetParts.train, "train"), (.test, "test")]
      .filter { self.parts.contains($0.0) }.map { JSONValue.string($0.1) }
    return [
      "name": .string(name), "folder": .string(folder), "parts": .array(parts),
      "train": number(trainCount), "test": number(testCount), "classes": number(classCount),
      "problem": problem.map { .string($0) } ?? .null,
    ]
  }
}

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
