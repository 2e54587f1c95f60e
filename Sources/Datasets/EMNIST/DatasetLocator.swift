import Formats
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
    if let firstFile = (train ?? test).flatMap({ $0.images ?? $0.table }) {
      var rest = parts
      if train != nil { rest.remove(.train) }
      if test != nil { rest.remove(.test) }
      located = try rest.isEmpty ? unsearched(request, firstFile) : search(request, parts: rest)
      guard located != nil else {
        throw DatasetError.partNotNamed(part: rest == .train ? "train" : "test")
      }
    } else {
      located = try search(request, parts: parts)
    }
    if let train { located?.train = train }
    if let test { located?.test = test }
    located?.explicitMapping = request.mapping
    return located
  }

  /// Finds and loads `parts` of the data set that `request` asks for.
  ///
  /// - Returns: `nil` if nothing was asked for and nothing was found.
  /// - Throws: ``DatasetError``, ``FileError``, ``GzipError``, ``IDXError``, ``CSVError`` or
  ///   ``MappingError``.
  public func load(_ request: DataRequest, parts: DatasetParts = .all) throws -> Dataset? {
    try locate(request, parts: parts)?.load(parts: parts, transposed: request.transposed)
  }

  /// A data set that consists of nothing but named files.
  private func unsearched(_ request: DataRequest, _ firstFile: String) -> LocatedDataset {
    let folder = DatasetFolder(Folder.parent(firstFile), requested: nil)
    let written = DataFileName(Folder.lastComponent(firstFile))
    let name = request.canonicalName ?? written?.dataset ?? folder.family ?? "custom"
    return LocatedDataset(name: name, folder: folder.path, mappings: folder.mappings)
  }

  private func search(_ request: DataRequest, parts: DatasetParts) throws -> LocatedDataset? {
    if let directory = request.directory, !FileStart.isDirectory(directory) {
      throw DatasetError.noSuchDirectory(path: directory)
    }
    let namesFiles = request.trainImages ?? request.testImages != nil
    if namesFiles, request.name == nil, request.directory == nil { return nil }
    let places = places(directory: request.directory).map(\.path)
    if let name = request.canonicalName { return try search(for: name, in: places, parts: parts) }
    for place in places {
      if let only = try onlyDataset(in: place, parts: parts) { return only }
    }
    if let directory = request.directory { throw DatasetError.nothingIn(directory: directory) }
    return nil
  }

  private func search(
    for name: String, in places: [String], parts: DatasetParts
  ) throws -> LocatedDataset {
    let found = places.map { Self.datasets(in: $0, requested: name) }.joined()
    let matches = found.filter { $0.name == name }
    if let complete = matches.first(where: { $0.parts.isSuperset(of: parts) }) { return complete }
    if let incomplete = matches.first { throw incomplete.lacking(parts) }
    throw DatasetError.notFound(
      name: name, places: places, available: Set(found.map(\.name)).sorted())
  }

  /// The data set of a directory that holds just one. What lies in the directory itself goes
  /// before what lies in the folders within.
  private func onlyDataset(in place: String, parts: DatasetParts) throws -> LocatedDataset? {
    let all = Self.datasets(in: place, requested: nil)
    let direct = all.filter { $0.folder == place }
    let candidates = direct.isEmpty ? all : direct
    let names = Set(candidates.map(\.name)).sorted()
    guard names.count <= 1 else {
      throw DatasetError.several(directory: place, names: names)
    }
    guard let first = candidates.first else { return nil }
    if let complete = candidates.first(where: { $0.parts.isSuperset(of: parts) }) {
      return complete
    }
    throw first.lacking(parts)
  }

  /// All data sets in a directory and the folders within, as archives and other tools lay them
  /// out: flat, `gzip/`, `EMNIST/raw/`, `MNIST/raw/`, or a folder for each data set.
  static func datasets(in place: String, requested: String?) -> [LocatedDataset] {
    var folders = [place]
    for folder in Folder.subfolders(of: place) {
      let inner = ["gzip", "raw"].map { Folder.join(folder, $0) }
      folders += [folder] + inner.filter(FileStart.isDirectory)
    }
    return folders.flatMap { DatasetFolder($0, requested: requested).datasets }
  }
}

extension LocatedDataset {
  /// The error that says which file of `parts` is not there.
  func lacking(_ parts: DatasetParts) -> DatasetError {
    let isTrain = parts.contains(.train) && !train.isComplete
    let files = isTrain ? train : test
    var missing: [String] = []
    if files.images == nil { missing.append("\(stem(isTrain))-images-idx3-ubyte.gz") }
    if files.labels == nil { missing.append("\(stem(isTrain))-labels-idx1-ubyte.gz") }
    return .partMissing(
      name: name, folder: folder, part: isTrain ? "train" : "test",
      missing: missing.joined(separator: " and "))
  }

  /// How the names of a part's files begin.
  private func stem(_ isTrain: Bool) -> String {
    if ["mnist", "fashion-mnist", "kmnist"].contains(name) { return isTrain ? "train" : "t10k" }
    let isPrefixed =
      name != KnownDataset.emnistMNIST.rawValue
      && (train.isTransposed || test.isTransposed)
    return "\(isPrefixed ? "emnist-" : "")\(name)-\(isTrain ? "train" : "test")"
  }
}
