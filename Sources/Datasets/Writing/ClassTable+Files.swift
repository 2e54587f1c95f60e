import Formats

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
