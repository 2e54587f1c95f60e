import Support

/// A data set that is not there, or whose files do not belong together.
public enum DatasetError: UserError, Equatable {
  case noSuchDirectory(path: String)
  case notFound(name: String, places: [String], available: [String])
  case nothingIn(directory: String)
  case several(directory: String, names: [String])
  case partMissing(name: String, folder: String, part: String, missing: String)
  case partNotNamed(part: String)
  case loneOption(given: String, missing: String)
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  case sizesDiffer(train: String, trainSize: [Int], test: String, testSize: [Int])
  case label(path: String, value: Int, index: Int, first: Int, last: Int)
  case tooManyImages(path: String, count: Int)
  case noReservedTail(name: String)
  case tailTooLong(name: String, train: Int, test: Int)

  public var exitCode: ExitCode {
    switch self {
    case .noSuchDirectory, .notFound, .nothingIn, .partMissing: .noInput
    case .several, .loneOption, .partNotNamed, .noReservedTail: .usage
    case .countsDiffer, .sizesDiffer, .label, .tooManyImages, .tailTooLong: .dataError
    }
  }

  public var description: String {
    switch self {
    case .noSuchDirectory(let path):
      "\(path): no such directory"
    case .notFound(let name, let places, let available):
      "data set '\(name)' was not found in \(places.asChoices)"
        + Self.known(name, available)
    case .nothingIn(let directory):
      "\(directory): no data set is in it; expected files like"
        + " emnist-letters-train-images-idx3-ubyte.gz"
    case .several(let directory, let names):
      "\(directory): \(names.count) data sets are in it: \(names.asEnumeration)"
    case .partMissing(let name, let folder, let part, let missing):
      "\(folder): data set '\(name)' has no \(part) part; add \(missing)"
    case .partNotNamed(let part):
      "no \(part) part is named"
    case .loneOption(let given, let missing):
      "'\(given)' is given without '\(missing)'; give both"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      "\(images): \(imageCount) images, but \(labelCount) labels in \(labels);"
        + " use two files of the same part"
    case .sizesDiffer(let train, let trainSize, let test, let testSize):
      "\(test): images of \(Self.product(testSize)) pixels, but \(Self.product(trainSize)) in"
        + " \(train); use two parts of the same data set"
    case .label(let path, let value, let index, let first, let last):
      "\(path): label \(value) at index \(index) is outside the class table, \(first) to \(last);"
        + " use the data set's own mapping file"
    case .tooManyImages(let path, let count):
      "\(path): \(count) images, at most 2147483647 can be numbered; split the file"
    case .noReservedTail(let name):
      "data set '\(name)' reserves no validation images, only \(Self.reserving.asEnumeration)"
        + " do"
    case .tailTooLong(let name, let train, let test):
      "data set '\(name)' has \(train) training images, too few to reserve \(test) of them"
    }
  }

  private static let reserving =
    KnownDataset.allCases.filter(\.hasReservedTail).map(\.rawValue)

  private static func known(_ name: String, _ available: [String]) -> String {
    if let nearest = nearestName(to: name, in: available) { return "; did you mean '\(nearest)'?" }
    return available.isEmpty ? "" : "; found there: \(available.asEnumeration)"
  }

  private static func product(_ size: [Int]) -> String {
    size.map(String.init).joined(separator: " × ")
  }
}
