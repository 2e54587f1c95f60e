import Support

/// The files of one part, with whatever of it is there.
struct PartFiles: Equatable, Sendable {
  var images: String?
  var labels: String?
  /// A CSV file, which needs no other.
  var table: String?
  var isTransposed = false

  /// Whether the part can be read.
  var isComplete: Bool { table != nil || images != nil && labels != nil }
}

/// A data set's files in one folder.
public struct LocatedDataset: Sendable, Equatable {
  public let name: String
  /// The folder its files are in, or that of the first file named.
  public let folder: String
  var train = PartFiles()
  var test = PartFiles()
  /// The mapping files that come into question, by the data set they are named for.
  var mappings: [Mapping] = []
  /// The mapping file that was asked for.
  var explicitMapping: String?

  struct Mapping: Equatable, Sendable {
    let dataset: String
    let path: String
  }

  /// The parts whose files are there.
  public var parts: DatasetParts {
    var parts: DatasetParts = []
    if train.isComplete { parts.insert(.train) }
    if test.isComplete { parts.insert(.test) }
    return parts
  }
}

/// A folder's data sets, told by the names of its files.
struct DatasetFolder {
  let path: String
  let datasets: [LocatedDataset]
  let mappings: [LocatedDataset.Mapping]
  /// The MNIST family that the folder's name speaks of.
  let family: String?

  /// `requested` settles which of the MNIST families unnamed files such as `t10k-…` belong to if
  /// the folder's name does not.
  init(_ path: String, requested: String?) {
    self.path = path
    let fileNames = Folder.names(in: path)
    mappings = fileNames.compactMap { fileName in
      DataFileName.mappedDataset(fileName).map {
        LocatedDataset.Mapping(dataset: $0, path: Folder.join(path, fileName))
      }
    }
    var found: [LocatedDataset] = []
    family = Self.family(of: path)
    let unnamed = family ?? Self.family(named: requested) ?? "mnist"
    for (fileName, name) in Self.dataFiles(fileNames) {
      let dataset = name.dataset ?? unnamed
      let index = found.firstIndex { $0.name == dataset } ?? found.endIndex
      if index == found.endIndex {
        found.append(LocatedDataset(name: dataset, folder: path, mappings: mappings))
      }
      found[index].add(Folder.join(path, fileName), name)
    }
    datasets = found.sorted { $0.name < $1.name }
  }

  /// Plain files come before compressed ones, because they are read faster, and tables last.
  private static func dataFiles(_ fileNames: [String]) -> [(String, DataFileName)] {
    let files = fileNames.compactMap { fileName in DataFileName(fileName).map { (fileName, $0) } }
      .filter { $0.1.extra == nil }
    return files.filter { !$0.1.isCompressed } + files.filter { $0.1.isCompressed }
  }

  private static func family(named name: String?) -> String? {
    let families = ["mnist", "fashion-mnist", "kmnist", "qmnist"]
    return name.flatMap { families.contains($0) ? $0 : nil }
  }

  /// The MNIST family that a folder's name, or that of the folder around `raw`, speaks of.
  private static func family(of path: String) -> String? {
    let whole = Folder.absolute(path).lowercased()
    let components = whole.split(separator: "/").filter { $0 != "raw" && $0 != "gzip" }
    guard let name = components.last, !name.contains("emnist") else { return nil }
    if name.contains("fashion") { return "fashion-mnist" }
    if name.contains("kmnist") || name.contains("kuzushiji") { return "kmnist" }
    if name.contains("qmnist") { return "qmnist" }
    return name.contains("mnist") ? "mnist" : nil
  }
}

extension LocatedDataset {
  /// Takes a file in unless a better one of its kind is there already.
  fileprivate mutating func add(_ path: String, _ name: DataFileName) {
    let part = name.isTrain ? \LocatedDataset.train : \.test
    switch name.content {
    case .images where self[keyPath: part].images == nil: self[keyPath: part].images = path
    case .labels where self[keyPath: part].labels == nil: self[keyPath: part].labels = path
    case .table where self[keyPath: part].table == nil: self[keyPath: part].table = path
    default: return
    }
    let isEMNIST = KnownDataset(rawValue: self.name)?.isEMNIST ?? false
    self[keyPath: part].isTransposed = isEMNIST || name.hasEMNISTPrefix
  }
}
