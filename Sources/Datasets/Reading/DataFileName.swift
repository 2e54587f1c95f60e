import Support

/// What a file's name says about it. A name is a hint: which columns, arrays and classes there are is
/// told by what is inside.
///
///     [emnist-]NAME-{train,test,t10k,val}[-EXTRA]-{images,labels}{-,.}idx3-{ubyte,int}[.gz]
///     {train,t10k}-{images,labels}…          the MNIST families, whose folder says which
///     any table, .csv or .tsv[.gz]           its part by the words train, test and val in it
///     any array, .npy or .npz, any .mat      likewise, and by images, labels, x, y and others
struct DataFileName: Equatable {
  enum Content: Equatable { case images, labels, table, archive, matlab }

  /// The canonical name, or `nil` where the folder has to say.
  let dataset: String?
  /// `nil` where the name does not say.
  let part: DataPart?
  let content: Content
  /// What stands between the part and the content, such as `tail15820`. Such files do not make up
  /// a data set; they are used when they are named.
  let extra: String?
  let isCompressed: Bool

  /// - Returns: `nil` for a file that is not data.
  init?(_ fileName: String) {
    var name = fileName[...]
    isCompressed = name.lowercased().hasSuffix(".gz")
    if isCompressed { name = name.dropLast(3) }
    if let (stem, isLabels) = Self.splitIDXEnding(name) {
      content = isLabels ? .labels : .images
      let words = stem.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard let place = words.lastIndex(where: { DataPart(word: $0) != nil }) else { return nil }
      part = DataPart(word: words[place])
      let rest = words[(place + 1)...].joined(separator: "-")
      extra = rest.isEmpty ? nil : rest
      let owner = words[..<place].joined(separator: "-")
      dataset = owner.isEmpty ? nil : KnownDataset.canonicalName(owner)
      return
    }
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let words = DataWords(name[..<dot])
    switch name[dot...].lowercased() {
    case ".csv", ".tsv": content = .table
    case ".npy":
      guard let isLabels = words.areLabels else { return nil }
      content = isLabels ? .labels : .images
    case ".npz": content = .archive
    case ".mat": content = .matlab
    default: return nil
    }
    part = words.part
    extra = nil
    dataset = words.owner.isEmpty ? nil : KnownDataset.canonicalName(words.owner)
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

/// A part of a data set, as names have it.
enum DataPart: Equatable {
  case train, test, validation

  init?(word: some StringProtocol) {
    switch word.lowercased() {
    case "train", "training", "trn", "tr": self = .train
    case "test", "testing", "t10k", "tst", "te": self = .test
    case "val", "valid", "validation", "dev": self = .validation
    default: return nil
    }
  }
}

/// The words of a name that say which part and which content it is of: `x_train`, `test-labels`,
/// `kmnist-train-imgs`.
struct DataWords {
  private(set) var part: DataPart?
  /// Whether the words speak of labels; `nil` if of nothing.
  private(set) var areLabels: Bool?
  /// The rest of the name.
  let owner: String

  private static let imageWords: Set = ["x", "images", "image", "imgs", "img", "data", "features"]
  private static let labelWords: Set = ["y", "labels", "label", "lbls", "targets", "target"]

  init(_ name: some StringProtocol) {
    var rest: [Substring] = []
    var owner = ""
    for word in String(name).split(whereSeparator: { "-_. ".contains($0) }) {
      let folded = word.lowercased()
      if let part = DataPart(word: word), self.part == nil {
        self.part = part
      } else if Self.imageWords.contains(folded) {
        areLabels = areLabels ?? false
      } else if Self.labelWords.contains(folded) {
        areLabels = areLabels ?? true
      } else {
        rest.append(word)
      }
    }
    if let first = rest.first, let last = rest.last {
      // As it is written, from the first of its words to the last.
      owner = String(first.base[first.startIndex..<last.endIndex])
    }
    self.owner = owner
  }
}
