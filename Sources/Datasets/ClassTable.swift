import Formats

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

extension IDXFile {
  /// Labels, `[N]`, as unsigned bytes, or as 32-bit integers where one is above 255.
  init(labels: [Int]) {
    let bytes = labels.compactMap(UInt8.init(exactly:))
    if bytes.count == labels.count {
      self.init(elementType: .unsignedByte, dimensions: [labels.count], payload: bytes)
    } else {
      self.init(
        elementType: .int32, dimensions: [labels.count],
        payload: labels.flatMap { label in
          stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: label >> $0) }
        })
    }
  }
}

extension ClassTable {
  /// The number that files store for a class.
  func storedLabel(_ index: Int) -> Int { storedLabels?[index] ?? firstLabel + index }

  /// The labels as an IDX file: `[N]`, unsigned bytes, or 32 bits where these are too few.
  func labelsFile(_ set: ImageSet) -> IDXFile {
    IDXFile(labels: set.labels.map { storedLabel(Int($0)) })
  }

  /// The labels as NumPy's array: `[N]`, bytes, or 64 bits where these are too few.
  func labelsArray(_ set: ImageSet) -> NumberArray {
    let labels = set.labels.map { storedLabel(Int($0)) }
    guard let most = labels.max(), most > 255 else {
      return NumberArray(.uint8, [labels.count], bytes: labels.map { UInt8($0) })
    }
    return NumberArray(
      .int64, [labels.count],
      bytes: labels.flatMap { label in
        stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: label >> $0) }
      })
  }

  /// The text of a mapping file: a stored label a line and a character's code, or the class's name
  /// where some are longer. `nil` where labels have gaps, which such a file cannot have; the classes
  /// are then called by their labels.
  var mappingText: String? {
    guard storedLabels == nil else { return nil }
    let codes = labels.map { label -> UInt32? in
      let scalars = label.unicodeScalars
      guard let scalar = scalars.first, scalars.count == 1, scalar.value > 32, scalar.value != 127
      else { return nil }
      return scalar.value
    }
    let areCharacters = codes.allSatisfy { $0 != nil }
    return labels.indices.map { index in
      let name = areCharacters ? "\(codes[index] ?? 0)" : Self.quoted(labels[index])
      return "\(firstLabel + index) \(name)\n"
    }.joined()
  }

  /// In quotation marks if it would be taken for codes of characters, or loses its spaces.
  private static func quoted(_ name: String) -> String {
    let isPlain =
      name.first?.isWhitespace == false && name.last?.isWhitespace == false
      && !name.hasPrefix("\"") && name.contains { !$0.isNumber && !", ".contains($0) }
    return isPlain ? name : "\"\(name)\""
  }

  /// - Throws: ``DataWritingError/folderName(_:)``.
  func checkFolderNames() throws {
    for label in labels {
      let isName =
        !label.isEmpty && !label.hasPrefix(".") && label.utf8.count <= 255
        && !label.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
      guard isName else { throw DataWritingError.folderName(label) }
    }
  }
}
