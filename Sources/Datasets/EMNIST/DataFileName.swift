import Support

/// What a file's name says about it.
///
///     [emnist-]NAME-{train,test,t10k}[-EXTRA]-{images,labels}{-,.}idx3-{ubyte,int}[.gz]
///     {train,t10k}-{images,labels}…         the MNIST families, whose folder says which
///     [emnist-]NAME{-,_}{train,test}.csv[.gz] and train.csv
struct DataFileName: Equatable {
  enum Content: Equatable { case images, labels, table }

  /// The canonical name, or `nil` where the folder has to say.
  let dataset: String?
  let isTrain: Bool
  let content: Content
  /// What stands between the part and the content, such as `tail15820`. Such files do not make up
  /// a data set; they are used when they are named.
  let extra: String?
  /// Whether the name says that the file comes from EMNIST.
  let hasEMNISTPrefix: Bool
  let isCompressed: Bool

  /// - Returns: `nil` for a file that is not data.
  init?(_ fileName: String) {
    var name = fileName[...]
    isCompressed = name.hasSuffix(".gz")
    if isCompressed { name = name.dropLast(3) }
    hasEMNISTPrefix = name.hasPrefix("emnist-")
    if name.hasSuffix(".csv") {
      content = .table
      name = name.dropLast(4)
    } else if let (stem, isLabels) = Self.splitIDXEnding(name) {
      content = isLabels ? .labels : .images
      name = stem
    } else {
      return nil
    }
    var words = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    if content == .table, let last = words.popLast() {
      words += last.split(separator: "_", maxSplits: 1).map(String.init)
    }
    guard let part = words.lastIndex(where: ["train", "test", "t10k"].contains) else { return nil }
    let rest = words[(part + 1)...].joined(separator: "-")
    let owner = words[..<part].joined(separator: "-")
    // Kaggle's unnamed test table has no labels.
    if content == .table, owner.isEmpty, words[part] != "train" { return nil }
    isTrain = words[part] == "train"
    extra = rest.isEmpty ? nil : rest
    dataset = owner.isEmpty ? nil : KnownDataset.canonicalName(owner)
  }

  /// Cuts `-images-idx3-ubyte` or one of its other spellings off.
  private static func splitIDXEnding(_ name: Substring) -> (stem: Substring, isLabels: Bool)? {
    guard let type = ["-ubyte", "-int"].first(where: name.hasSuffix) else { return nil }
    let front = name.dropLast(type.count)
    guard let digit = front.last, ("1"..."8").contains(digit) else { return nil }
    let words = front.dropLast()
    for (content, isLabels) in [("-images", false), ("-labels", true)] {
      for separator in ["-idx", ".idx"] where words.hasSuffix(content + separator) {
        return (words.dropLast(content.count + separator.count), isLabels)
      }
    }
    return nil
  }

  /// The data set a mapping file belongs to: `letters` for `emnist-letters-mapping.txt`.
  static func mappedDataset(_ fileName: String) -> String? {
    guard fileName.hasSuffix("-mapping.txt") else { return nil }
    return KnownDataset.canonicalName(String(fileName.dropLast("-mapping.txt".count)))
  }
}
