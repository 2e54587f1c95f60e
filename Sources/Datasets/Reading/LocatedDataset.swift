import Support

/// The files of one part, with whatever of it is there.
struct PartFiles: Equatable, Sendable {
  var images: String?
  var labels: String?
  /// A table of both, which needs no other file.
  var table: String?
  /// A folder of pictures for each class, which need no other file.
  var classes: ClassFolders?

  /// Whether the part can be read.
  var isComplete: Bool { table != nil || classes != nil || images != nil && labels != nil }
}

/// A data set's files in one folder.
public struct LocatedDataset: Sendable, Equatable {
  public let name: String
  /// The folder its files are in, or that of the first file named.
  public let folder: String
  var train = PartFiles()
  var test = PartFiles()
  var validation = PartFiles()
  /// A table of images without labels, as Kaggle hands out test parts.
  public internal(set) var unlabelled: String?
  /// The mapping files that come into question, by the data set they are named for.
  var mappings: [Mapping] = []
  /// What is said about the files.
  var request = DataRequest()
  /// What was decided before any file was read.
  var decisions: [DataDecision] = []

  struct Mapping: Equatable, Sendable {
    let dataset: String
    let path: String
  }

  init(name: String, folder: String, mappings: [Mapping] = []) {
    self.name = name
    self.folder = folder
    self.mappings = mappings
  }

  /// The parts whose files are there. A share of the training images that is asked for as test
  /// part makes up one.
  public var parts: DatasetParts {
    var parts: DatasetParts = []
    if train.isComplete { parts.insert(.train) }
    if test.isComplete || train.isComplete && request.testSplit != nil { parts.insert(.test) }
    return parts
  }

  /// The error that says which file of `parts` is not there.
  func lacking(_ parts: DatasetParts) -> DatasetError {
    let isTrain = parts.contains(.train) && !train.isComplete
    let files = isTrain ? train : test
    var missing: [String] = []
    if files.images == nil { missing.append("\(stem(isTrain))-images-idx3-ubyte.gz") }
    if files.labels == nil { missing.append("\(stem(isTrain))-labels-idx1-ubyte.gz") }
    let part = isTrain ? "train" : "test"
    guard isTrain || unlabelled == nil else {
      return .unlabelledTest(name: name, path: unlabelled ?? "")
    }
    if !isTrain, files == PartFiles(),
      train.table != nil || train.classes != nil || train.images?.contains("ubyte") == false
    {
      return .noTestPart(name: name, path: train.table ?? train.images ?? folder)
    }
    return .partMissing(
      name: name, folder: folder, part: part, missing: missing.joined(separator: " and "))
  }

  /// How the names of a part's files begin.
  private func stem(_ isTrain: Bool) -> String {
    if ["mnist", "fashion-mnist", "kmnist"].contains(name) { return isTrain ? "train" : "t10k" }
    let files = [train.images, train.labels, test.images, test.labels].compactMap(\.self)
    let isPrefixed = files.contains { Folder.lastComponent($0).hasPrefix("emnist-") }
    let prefix = isPrefixed && name != KnownDataset.emnistMNIST.rawValue ? "emnist-" : ""
    return "\(prefix)\(name)-\(isTrain ? "train" : "test")"
  }
}
