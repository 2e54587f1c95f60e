import Formats
import Support

extension LocatedDataset {
  /// Reads `parts` into memory, upright, with class indices for labels.
  ///
  /// - Parameter transposed: whether the files hold rows and columns swapped; `nil` lets the
  ///   files' names decide.
  /// - Throws: ``DatasetError``, ``FileError``, ``GzipError``, ``IDXError``, ``CSVError`` or
  ///   ``MappingError``.
  public func load(parts: DatasetParts = .all, transposed: Bool? = nil) throws -> Dataset {
    guard self.parts.isSuperset(of: parts) else { throw lacking(parts) }
    let turnsTrain = transposed ?? self.train.isTransposed
    let turnsTest = transposed ?? self.test.isTransposed
    let train =
      try parts.contains(.train)
      ? RawPart(self.train, isTrain: true, transposed: turnsTrain) : nil
    let test =
      try parts.contains(.test)
      ? RawPart(self.test, isTrain: false, transposed: turnsTest) : nil
    let raw = [train, test].compactMap(\.self)
    let mapping = try classTable(largestLabel: raw.compactMap { $0.labels.max() }.max() ?? 0)
    let dataset = Dataset(
      name: name, classes: mapping.classes, train: try train?.imageSet(mapping.classes),
      test: try test?.imageSet(mapping.classes),
      files: raw.flatMap(\.files) + (mapping.file.map { [$0] } ?? []),
      transposedOnDisk: train != nil && turnsTrain || test != nil && turnsTest,
      note: KnownDataset(rawValue: name)?.note(trainCount: train?.count, testCount: test?.count))
    try Self.checkSizes(dataset, train?.imagesPath, test?.imagesPath)
    return dataset
  }

  /// The classes, and the mapping file if they come from one: the file that was asked for, what
  /// the name stands for, the folder's mapping file of that name or its only one, what a part of
  /// the name stands for, or numbers.
  func classTable(largestLabel: Int) throws -> (classes: ClassTable, file: DataFile?) {
    if let classes = try knownClasses() { return classes }
    return (.numbers(count: min(max(0, largestLabel), 255) + 1), nil)
  }

  /// The classes as far as they are known without looking at the labels.
  func knownClasses() throws -> (classes: ClassTable, file: DataFile?)? {
    if let explicitMapping { return try Self.readMapping(explicitMapping) }
    if let known = KnownDataset(rawValue: name) { return (known.classes, nil) }
    let named = mappings.first { $0.dataset == name }
    if let mapping = named ?? (mappings.count == 1 ? mappings.first : nil) {
      return try Self.readMapping(mapping.path)
    }
    return KnownDataset.contained(in: name).map { ($0.classes, nil) }
  }

  private static func readMapping(
    _ path: String
  ) throws -> (classes: ClassTable, file: DataFile?) {
    let classes = try ClassTable(readingMapping: path)
    let size = FileStart.size(of: path)
    return (classes, DataFile(path: path, role: .mapping, bytes: size, count: classes.count))
  }

  private static func checkSizes(
    _ dataset: Dataset, _ trainPath: String?, _ testPath: String?
  ) throws {
    guard let train = dataset.train, let test = dataset.test, let trainPath, let testPath else {
      return
    }
    guard train.height == test.height, train.width == test.width else {
      throw DatasetError.sizesDiffer(
        train: trainPath, trainSize: [train.height, train.width],
        test: testPath, testSize: [test.height, test.width])
    }
  }
}
