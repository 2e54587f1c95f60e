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
