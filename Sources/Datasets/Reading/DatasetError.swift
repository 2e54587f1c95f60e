import Support

/// A data set that is not there, or whose files do not belong together.
public enum DatasetError: UserError, Equatable {
  case noSuchDirectory(path: String)
  case notFound(name: String, places: [String], available: [String])
  case nothingIn(directory: String)
  case unusable(place: String, origin: String, reason: String)
  case several(directory: String, names: [String])
  case partMissing(name: String, folder: String, part: String, missing: String)
  case partNotNamed(part: String)
  case loneOption(given: String, missing: String)
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  case sizesDiffer(train: String, trainSize: [Int], test: String, testSize: [Int])
  case label(path: String, value: Int, index: Int, first: Int, last: Int)
  case tooManyImages(path: String, count: Int)
  case notImages(path: String, found: String)
  case notLabels(path: String, found: String)
  case unclearSize(path: String, count: Int, wanted: ImageSize?)
  case imagesTooLarge(path: String, size: ImageSize, most: Int)
  case notFinite(path: String, index: Int)
  case textLabel(path: String, text: String, index: Int, classes: [String])
  case classOutside(path: String, label: String, index: Int, count: Int)
  case tooManyClasses(path: String, count: Int)
  case archive(path: String, names: [String])
  case noArray(path: String, name: String, names: [String])
  case unlabelledTest(name: String, path: String)
  case noTestPart(name: String, path: String)
  case noPictures(path: String)
  case tooMuchMemory(path: String, count: Int, size: ImageSize)
  case noReservedTail(name: String)
  case tailTooLong(name: String, train: Int, test: Int)

  public var exitCode: ExitCode {
    switch self {
    case .noSuchDirectory, .notFound, .nothingIn, .unusable, .partMissing: .noInput
    case .unlabelledTest, .noTestPart, .noArray, .noPictures: .noInput
    case .several, .loneOption, .partNotNamed, .noReservedTail, .archive: .usage
    default: .dataError
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
        + " emnist-letters-train-images-idx3-ubyte.gz, mnist_train.csv or mnist.npz, or a folder of"
        + " pictures for each class"
    case .unusable(let place, let origin, let reason):
      "\(place): data are looked for here"
        + (place == origin ? "" : " (\(origin))") + ", but \(reason)"
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
    default: contentSentence
    }
  }

  /// Files that are not what they should be.
  private var contentSentence: String {
    switch self {
    case .notImages(let path, let found):
      "\(path): holds \(found), images are numbers of N × 28 × 28, N × 28 × 28 × 1, N × 784 or in"
        + " colour N × 28 × 28 × 3; name the images file here"
    case .notLabels(let path, let found):
      "\(path): holds \(found), labels are whole numbers, one an image, or one-hot;"
        + " name the labels file here"
    case .unclearSize(let path, let count, nil):
      "\(path): images are rows of \(count) numbers, which make no square"
    case .unclearSize(let path, let count, let wanted?):
      "\(path): images are rows of \(count) numbers, a picture of \(wanted) has \(wanted.count)"
    case .imagesTooLarge(let path, let size, let most):
      "\(path): images of \(size) pixels, at most \(most) a side are read; make them smaller"
    case .notFinite(let path, let index):
      "\(path): image \(index) has a number that is infinite or none; correct it"
    case .textLabel(let path, let text, let index, let classes):
      "\(path): label '\(text.utf8.excerpt)' at index \(index) is none of the \(classes.count)"
        + " classes (\(classes.prefix(3).joined(separator: ", "))…); use data of the same classes"
    case .classOutside(let path, let label, let index, let count):
      "\(path): label \(label) at index \(index) is none of the run's \(count) classes;"
        + " use data of the same classes"
    case .tooManyClasses(let path, let count):
      "\(path): \(count) classes, at most \(ClassTable.mostClasses) are possible; use fewer"
    case .archive(let path, let names):
      "\(path): holds several arrays; name one, such as \(path)/\(names.first ?? "images.npy")"
    case .noArray(let path, let name, let names):
      "\(path): has no array '\(name)'; it has \(names.asEnumeration)"
    case .unlabelledTest(let name, let path):
      "\(path): holds the test images of '\(name)' without labels"
    case .noPictures(let path):
      "\(path): has no folder of pictures for each class"
    case .tooMuchMemory(let path, let count, let size):
      "\(path): \(count) pictures of \(size) pixels do not fit into the memory"
    case .noTestPart(let name, let path):
      "\(path): data set '\(name)' has no test part"
    default: preconditionFailure("DatasetError: \(self) has a sentence already")
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
