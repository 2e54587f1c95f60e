import Formats
import Support

/// A folder's data sets, told by the names of its files and, where these say too little, by what is
/// in them.
struct DatasetFolder {
  let path: String
  private(set) var datasets: [LocatedDataset] = []
  let mappings: [LocatedDataset.Mapping]
  /// The MNIST family that the folder's name speaks of.
  let family: String?
  /// The data set that files such as `t10k-…` belong to, whose names do not say.
  private let unnamed: String

  /// `requested` settles which of the MNIST families unnamed files such as `t10k-…` belong to if
  /// the folder's name does not. `readsFiles` is whether the data sets are wanted.
  init(_ group: FileGroup, requested: String?, readsFiles: Bool = true) {
    path = group.path
    mappings = group.files.compactMap { file in
      DataFileName.mappedDataset(Folder.lastComponent(file)).map {
        LocatedDataset.Mapping(dataset: $0, path: file)
      }
    }
    family = Self.family(of: path)
    unnamed = family ?? Self.family(named: requested) ?? "mnist"
    guard readsFiles else { return }
    for (file, name) in Self.dataFiles(group.files) { add(file, name) }
    for index in datasets.indices { datasets[index].setUnlabelledAside() }
    datasets = datasets.filter { $0.train != PartFiles() || $0.test != PartFiles() }
      .sorted { $0.name < $1.name }
  }

  /// Plain files come before compressed ones, because they are read faster, and tables and archives
  /// last.
  private static func dataFiles(_ files: [String]) -> [(String, DataFileName)] {
    let named = files.compactMap { file in
      DataFileName(Folder.lastComponent(file)).map { (file, $0) }
    }.filter { $0.1.extra == nil }
    return named.filter { !$0.1.isCompressed } + named.filter { $0.1.isCompressed }
  }

  private mutating func add(_ file: String, _ name: DataFileName) {
    switch name.content {
    case .images, .labels:
      let isIDX = !file.lowercased().hasSuffix(".npy")
      add(file, name.content == .labels, name.part, to: name.dataset ?? ownName(isIDX: isIDX))
    case .table:
      guard PixelTable.isProbable(file) else { return }
      let index = index(of: name.dataset ?? ownName(isIDX: false))
      datasets[index].add(table: file, name.part ?? .train)
    case .archive, .matlab:
      for array in ArrayListing(file, name).arrays {
        add(array.path, array.isLabels, array.part, to: name.dataset ?? ownName(isIDX: false))
      }
    }
  }

  private mutating func add(_ path: String, _ isLabels: Bool, _ part: DataPart?, to name: String) {
    let index = index(of: name)
    datasets[index].add(path, isLabels: isLabels, part ?? .train)
  }

  private mutating func index(of name: String) -> Int {
    if let index = datasets.firstIndex(where: { $0.name == name }) { return index }
    datasets.append(LocatedDataset(name: name, folder: path, mappings: mappings))
    return datasets.count - 1
  }

  /// The name of files that have none: that of the family, else of the folder. IDX files without a
  /// name are MNIST's by custom.
  private func ownName(isIDX: Bool) -> String {
    if isIDX || family != nil { return unnamed }
    return Folder.dataSetName(of: path) ?? unnamed
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
    return ["mnist", "mnist.zip"].contains(name) ? "mnist" : nil
  }
}

extension LocatedDataset {
  /// Takes a file of images or labels in unless a better one is there already.
  fileprivate mutating func add(_ path: String, isLabels: Bool, _ part: DataPart) {
    let file: WritableKeyPath<PartFiles, String?> = isLabels ? \.labels : \.images
    let place = Self.files(of: part).appending(path: file)
    if self[keyPath: place] == nil { self[keyPath: place] = path }
  }

  fileprivate mutating func add(table: String, _ part: DataPart) {
    let place = Self.files(of: part).appending(path: \PartFiles.table)
    if self[keyPath: place] == nil { self[keyPath: place] = table }
  }

  static func files(of part: DataPart) -> WritableKeyPath<LocatedDataset, PartFiles> {
    switch part {
    case .train: \.train
    case .test: \.test
    case .validation: \.validation
    }
  }

  /// A test table that has a column less than the training table holds images without labels.
  fileprivate mutating func setUnlabelledAside() {
    guard let train = train.table, let test = test.table,
      let trainCount = PixelTable.columnCount(ofStart: train),
      let testCount = PixelTable.columnCount(ofStart: test), testCount == trainCount - 1
    else { return }
    unlabelled = test
    self.test.table = nil
  }
}
