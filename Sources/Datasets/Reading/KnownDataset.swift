/// The data sets the tool knows by name.
public enum KnownDataset: String, CaseIterable, Sendable {
  case balanced
  case byMerge = "bymerge"
  case byClass = "byclass"
  case letters
  case digits
  case emnistMNIST = "emnist-mnist"
  case mnist
  case fashionMNIST = "fashion-mnist"
  case kuzushijiMNIST = "kmnist"
  case qmnist

  /// Its classes.
  public var classes: ClassTable {
    switch self {
    case .balanced, .byMerge: .byMerge
    case .byClass: .byClass
    case .letters: .letters
    case .digits, .emnistMNIST, .mnist, .qmnist: .digits
    case .fashionMNIST: .fashion
    case .kuzushijiMNIST: .kuzushiji
    }
  }

  /// Whether the last part of the training file is reserved for validation.
  ///
  /// Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to handwritten
  /// letters", 2017, table II.
  public var hasReservedTail: Bool {
    switch self {
    case .balanced, .letters, .digits, .emnistMNIST: true
    default: false
    }
  }

  /// What whoever compares results should know, given the sizes of the parts that were read.
  ///
  /// The paper's table gives letters 88,800 + 14,800 images; its files hold more.
  func note(trainCount: Int?, testCount: Int?) -> String? {
    switch self {
    case .letters where trainCount == 124_800 || testCount == 20_800:
      "letters as distributed: 26 classes, 124,800 + 20,800 images; Kaggle's tables and the"
        + " paper's have 88,800 + 14,800"
    case .letters where trainCount == 88_800 || testCount == 14_800:
      "letters as in Kaggle's tables: 26 classes, 88,800 + 14,800 images; the distributed files"
        + " hold 124,800 + 20,800"
    case .emnistMNIST:
      "emnist-mnist holds other images than the original MNIST; results do not compare one to one"
    default: nil
    }
  }

  /// The name as it is compared: in lower case, without the `emnist-` that EMNIST's files carry,
  /// and without spaces. `emnist-mnist` keeps it, because `mnist` is something else. What separates
  /// the words of a known name is of no importance: `FashionMNIST`, `fashion_mnist`.
  static func canonicalName(_ name: String) -> String {
    let name = name.lowercased().replacing(" ", with: "-")
    if let known = allCases.first(where: { letters(of: $0.rawValue) == letters(of: name) }) {
      return known.rawValue
    }
    guard name.hasPrefix("emnist-"), name != emnistMNIST.rawValue else { return name }
    return String(name.dropFirst("emnist-".count))
  }

  private static func letters(of name: String) -> String {
    name.filter { $0.isLetter || $0.isNumber }
  }

  /// The set that is meant where several lie together and none is named: the first of these.
  static let preferred: [KnownDataset] = [
    .balanced, .letters, .byMerge, .byClass, .digits, .emnistMNIST, .mnist, .fashionMNIST,
    .kuzushijiMNIST, .qmnist,
  ]
}
