import Formats
import Platform
import Support

/// A directory where data sets are looked for.
public struct DataPlace: Sendable, Equatable {
  public let path: String
  /// What named it: `--data`, `$EMNIST_DATA`, `./data`, `$XDG_CACHE_HOME` or `~/.cache`.
  public let origin: String

  public init(path: String, origin: String) {
    self.path = path
    self.origin = origin
  }
}

/// Finds data sets on the disk.
///
/// `--data` settles the place. Without it, `$EMNIST_DATA`, `data` in the current directory and
/// the user's cache are looked through in this order.
public struct DatasetLocator: Sendable {
  let environment: [String: String]
  let currentDirectory: String

  public init(environment: [String: String], currentDirectory: String = ".") {
    self.environment = environment
    self.currentDirectory = currentDirectory
  }

  /// The directories to look through, in order, whether they exist or not.
  public func places(directory: String? = nil) -> [DataPlace] {
    if let directory { return [DataPlace(path: directory, origin: "--data")] }
    var places: [DataPlace] = []
    if let path = environment["EMNIST_DATA"], !path.isEmpty {
      places.append(DataPlace(path: path, origin: "$EMNIST_DATA"))
    }
    places.append(DataPlace(path: Folder.join(currentDirectory, "data"), origin: "./data"))
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
      places.append(DataPlace(path: Folder.join(cache, "emnist"), origin: "$XDG_CACHE_HOME"))
    } else if let home = environment["HOME"], !home.isEmpty {
      places.append(DataPlace(path: Folder.join(home, ".cache/emnist"), origin: "~/.cache"))
    }
    return places
  }

  /// Finds the files of the data set that `request` asks for, without reading them.
  ///
  /// - Parameter parts: what the caller cannot do without.
  /// - Returns: `nil` if nothing was asked for and nothing was found.
  /// - Throws: ``DatasetError``.
  public func locate(_ request: DataRequest, parts: DatasetParts = .all) throws -> LocatedDataset? {
    let (train, test) = (try request.namedTrain(), try request.namedTest())
    var located: LocatedDataset?
    if let firstFile = (train ?? test).flatMap({ $0.images ?? $0.table ?? $0.classes?.path }) {
      var rest = parts
      if train != nil { rest.remove(.train) }
      if test != nil || train != nil && request.testSplit != nil { rest.remove(.test) }
      located = try rest.isEmpty ? unsearched(request, firstFile) : search(request, parts: rest)
      guard located != nil else {
        throw DatasetError.partNotNamed(part: rest == .train ? "train" : "test")
      }
    } else {
      located = try search(request, parts: parts)
    }
    if let train { located?.train = train }
    if let test { located?.test = test }
    located?.request = request
    return located
  }

  /// Finds and loads `parts` of the data set that `request` asks for.
  ///
  /// - Returns: `nil` if nothing was asked for and nothing was found.
  /// - Throws: ``DatasetError``, ``FileError``, ``GzipError``, ``IDXError``, ``CSVError`` or
  ///   ``MappingError``, and what the other formats throw.
  public func load(_ request: DataRequest, parts: DatasetParts = .all) throws -> Dataset? {
    try locate(request, parts: parts)?.load(parts: parts)
  }

  /// A data set that consists of nothing but named files.
  private func unsearched(_ request: DataRequest, _ firstFile: String) -> LocatedDataset {
    let folder = DatasetFolder(FileGroup(around: firstFile), requested: nil, readsFiles: false)
    let written = DataFileName(Folder.lastComponent(firstFile))
    let name = request.canonicalName ?? written?.dataset ?? folder.family ?? "custom"
    return LocatedDataset(name: name, folder: folder.path, mappings: folder.mappings)
  }

  private func search(_ request: DataRequest, parts: DatasetParts) throws -> LocatedDataset? {
    if let directory = request.directory { try Self.checkNamed(directory) }
    let namesFiles = request.trainImages ?? request.testImages != nil
    if namesFiles, request.name == nil, request.directory == nil { return nil }
    let places = places(directory: request.directory)
    if let name = request.canonicalName { return try search(for: name, in: places, request, parts) }
    for place in places {
      if let only = try onlyDataset(in: place, request, parts: parts) { return only }
    }
    return nil
  }

  private func search(
    for name: String, in places: [DataPlace], _ request: DataRequest, _ parts: DatasetParts
  ) throws -> LocatedDataset {
    var found = places.map { Self.datasets(in: $0.path, requested: name) }.flatMap(\.self)
    for index in found.indices { found[index].request = request }
    let matches = found.filter { $0.name == name }
    if let complete = matches.first(where: { $0.parts.isSuperset(of: parts) }) { return complete }
    if let incomplete = matches.first { throw incomplete.lacking(parts) }
    for place in places where request.directory == nil { _ = try Self.isUsable(place) }
    throw DatasetError.notFound(
      name: name, places: places.map(\.path), available: Set(found.map(\.name)).sorted())
  }

  /// The data set of a place, of several the one that is probably meant. What lies in the directory
  /// itself goes before what lies in the folders within.
  ///
  /// - Returns: `nil` if the place is not there, and was not named.
  private func onlyDataset(
    in place: DataPlace, _ request: DataRequest, parts: DatasetParts
  ) throws -> LocatedDataset? {
    guard try request.directory != nil || Self.isUsable(place) else { return nil }
    var all = Self.datasets(in: place.path, requested: nil)
    for index in all.indices { all[index].request = request }
    let direct = all.filter { $0.folder == place.path }
    let candidates = direct.isEmpty ? all : direct
    let names = Set(candidates.map(\.name)).sorted()
    guard let first = candidates.first else {
      if request.directory != nil { throw DatasetError.nothingIn(directory: place.path) }
      throw DatasetError.unusable(
        place: place.path, origin: place.origin, reason: "no data set is in it")
    }
    let chosen = try names.count > 1 ? Self.preferred(names, place, request) : first.name
    let named = candidates.filter { $0.name == chosen }
    guard var complete = named.first(where: { $0.parts.isSuperset(of: parts) }) else {
      throw named[0].lacking(parts)
    }
    if names.count > 1 { complete.decisions.append(.chosen(name: chosen, of: names)) }
    return complete
  }

  /// Of several sets the one that is meant by a person who names none.
  ///
  /// - Throws: ``DatasetError/several(directory:names:)`` where a directory was named, or none of
  ///   the sets is a known one.
  private static func preferred(
    _ names: [String], _ place: DataPlace, _ request: DataRequest
  ) throws -> String {
    if let own = request.preferredName, names.contains(own) { return own }
    let known = KnownDataset.preferred.map(\.rawValue).first { names.contains($0) }
    guard let known, request.directory == nil else {
      throw DatasetError.several(directory: place.path, names: names)
    }
    return known
  }

  /// Whether a place that nobody named is there.
  ///
  /// - Throws: ``DatasetError/unusable(place:origin:reason:)`` if it is there and cannot be read:
  ///   another place would be taken for what lies in it.
  private static func isUsable(_ place: DataPlace) throws -> Bool {
    guard FileSystem.status(ofLink: place.path) != nil else { return false }
    func unusable(_ reason: String) -> DatasetError {
      .unusable(place: place.path, origin: place.origin, reason: reason)
    }
    guard let status = FileSystem.status(place.path) else {
      throw unusable("it is a link that leads nowhere")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw unusable("it is no directory") }
    guard FileSystem.isReadable(place.path), FileSystem.isExecutable(place.path) else {
      throw unusable("it cannot be read: \(FileSystem.text(ofError: errno))")
    }
    return true
  }

  /// Checks a place that was named: a directory, or a file that holds a data set.
  private static func checkNamed(_ path: String) throws {
    guard FileSystem.exists(path) else { throw DatasetError.noSuchDirectory(path: path) }
    guard FileSystem.isReadable(path) else {
      throw FileError.cannotRead(path: path, reason: errno)
    }
    if !FileStart.isDirectory(path), path.lowercased().hasSuffix(".zip") {
      _ = try ZipArchive(reading: path)
    }
  }

  /// All data sets in a place.
  static func datasets(in place: String, requested: String?) -> [LocatedDataset] {
    FileGroup.all(in: place).flatMap { DatasetFolder($0, requested: requested).datasets }
      + LocatedDataset.ofFolders(in: place)
  }
}
