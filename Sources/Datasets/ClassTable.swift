/// The classes of a data set: what people call them, and the numbers files store for them.
public struct ClassTable: Sendable, Equatable {
  /// One short text a class, such as `7` or `A`, by class index.
  public let labels: [String]
  /// The number that files store for class index 0; the others follow without a gap.
  public let firstLabel: Int

  /// The number that files store for each class, where those have gaps.
  public let storedLabels: [Int]?

  /// The most classes; images carry theirs in 16 bits.
  public static let mostClasses = 65_535

  /// At most ``mostClasses`` classes, with ascending `storedLabels` if any.
  public init(labels: [String], firstLabel: Int = 0, storedLabels: [Int]? = nil) {
    precondition(
      labels.count <= Self.mostClasses, "ClassTable: \(labels.count) classes do not fit 16 bits")
    self.labels = labels
    self.firstLabel = storedLabels?.first ?? firstLabel
    self.storedLabels = storedLabels
  }

  /// The number of classes.
  public var count: Int { labels.count }

  /// The class index of a label as files store it, or `nil` outside the table.
  public func index(ofStored label: Int) -> Int? {
    if let storedLabels { return storedLabels.firstIndex(of: label) }
    // Far away labels would overflow.
    guard label >= firstLabel, label <= Int(Int32.max) else { return nil }
    let index = label - firstLabel
    return labels.indices.contains(index) ? index : nil
  }
}

extension ClassTable {
  /// `0` to `9`.
  public static let digits = ClassTable(characters: digitCharacters)
  /// EMNIST ByClass: digits, upper-case and lower-case letters.
  public static let byClass = ClassTable(
    characters: digitCharacters + upperCase + upperCase.lowercased())
  /// EMNIST ByMerge and Balanced: 15 lower-case letters that look like their upper-case ones are
  /// counted among those.
  public static let byMerge = ClassTable(characters: digitCharacters + upperCase + "abdefghnqrt")
  /// EMNIST Letters: both cases in one class, stored as 1 to 26.
  public static let letters = ClassTable(characters: upperCase, firstLabel: 1)
  /// Fashion-MNIST's ten kinds of clothing (Xiao, Rasul and Vollgraf, 2017).
  public static let fashion = ClassTable(labels: [
    "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot",
  ])
  /// Kuzushiji-MNIST's ten syllables, romanized (Clanuwat et al., 2018).
  public static let kuzushiji = ClassTable(labels: [
    "o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo",
  ])

  /// Classes called by their numbers, `0` to `count - 1`.
  public static func numbers(count: Int) -> ClassTable {
    ClassTable(labels: (0..<count).map(String.init))
  }

  private static let digitCharacters = "0123456789"
  private static let upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

  private init(characters: String, firstLabel: Int = 0) {
    self.init(labels: characters.map(String.init), firstLabel: firstLabel)
  }
}
