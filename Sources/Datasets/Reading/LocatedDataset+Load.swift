import Formats
import Support

extension LocatedDataset {
  /// Reads `parts` into memory, upright, with class indices for labels; the set's own validation
  /// part is read with the training part.
  ///
  /// - Throws: ``DatasetError``, ``MappingError``, and what the formats' readers throw.
  public func load(
    parts: DatasetParts = .all, progress: ReadingProgress? = nil
  ) throws -> Dataset {
    guard self.parts.isSuperset(of: parts) else { throw lacking(parts) }
    let splitsTest = parts.contains(.test) && !test.isComplete
    var reader = ArrayFile()
    var request = request
    if let folders = self.train.classes ?? self.test.classes {
      request.hasDarkInk = try InkEvidence.isDark(
        folders, size: request.imageSize ?? ClassPictures.defaultSize)
    }
    var train =
      try parts.contains(.train) || splitsTest
      ? RawPart(
        self.train, roles: (.trainImages, .trainLabels, .trainTable), request, &reader,
        progress: progress)
      : nil
    var test =
      try parts.contains(.test) && !splitsTest
      ? RawPart(
        self.test, roles: (.testImages, .testLabels, .testTable), request, &reader,
        progress: progress) : nil
    var validation =
      try train != nil && self.validation.isComplete
      ? RawPart(
        self.validation, roles: (.validationImages, .validationLabels, .validationTable), request,
        &reader, progress: progress) : nil
    let (classes, found) = try classes(of: [train, validation, test].compactMap(\.self))
    let scale = Self.scale([train, validation, test].compactMap(\.self), request.scale)
    func images(_ part: inout RawPart?) throws -> ImageSet? {
      guard let scale = part.map({ scale.fits($0) ? scale.scale : $0.images.scale }) else {
        return nil
      }
      return try part?.takeImageSet(classes, scale: scale)
    }
    let sets = (try images(&train), try images(&test), try images(&validation))
    let raw = [train, validation, test].compactMap(\.self)
    var dataset = Dataset(
      name: name, classes: classes.table, train: sets.0, test: sets.1, validation: sets.2,
      files: raw.flatMap(\.files) + [classes.file].compactMap(\.self),
      transposedOnDisk: raw.contains(where: \.isTransposed),
      note: KnownDataset(rawValue: name)?.note(trainCount: train?.count, testCount: test?.count),
      scale: scale.scale)
    dataset.decisions = decisions + Self.inOrder(raw.flatMap(\.decisions) + found)
    if scale.scale != .bytes { dataset.decisions.append(.scale(scale.scale)) }
    if dataset.transposedOnDisk { dataset.decisions.append(.turned) }
    try Self.checkSizes(dataset, raw)
    if let share = request.testSplit, !self.test.isComplete {
      dataset.splitTest(share, keepsTrain: parts.contains(.train), keepsTest: parts.contains(.test))
    }
    return dataset
  }

  /// The scale of all parts: a run's, or that of the first part, which is the training part if it
  /// is there.
  private static func scale(_ parts: [RawPart], _ given: PixelScale?) -> ScaleChoice {
    ScaleChoice(scale: given ?? parts[0].images.scale)
  }

  private struct ScaleChoice {
    let scale: PixelScale

    /// Whether a part may be on the scale; one that is not has its own.
    func fits(_ part: RawPart) -> Bool { scale.holds(part.images.extent) }
  }

  /// Each once, in the order of their first occurrence.
  private static func inOrder(_ decisions: [DataDecision]) -> [DataDecision] {
    var seen: Set<DataDecision> = []
    return decisions.filter { seen.insert($0).inserted }
  }

  private static func checkSizes(_ dataset: Dataset, _ parts: [RawPart]) throws {
    let sets = [dataset.train, dataset.validation, dataset.test].compactMap(\.self)
    guard let first = sets.first, let firstPart = parts.first else { return }
    for (set, part) in zip(sets, parts).dropFirst()
    where set.height != first.height || set.width != first.width {
      throw DatasetError.sizesDiffer(
        train: firstPart.imagesPath, trainSize: [first.height, first.width],
        test: part.imagesPath, testSize: [set.height, set.width])
    }
  }
}

extension Dataset {
  /// Makes a share of the training images the test part, the same whatever a run's seed is.
  fileprivate mutating func splitTest(_ share: Double, keepsTrain: Bool, keepsTest: Bool) {
    guard let train else { preconditionFailure("splitTest: no training part") }
    let (rest, drawn) = Selection(train).split(validationShare: share, seed: 0)
    decisions.append(.testSplit(count: drawn.count))
    self.train = keepsTrain ? rest.imageSet : nil
    test = keepsTest ? drawn.imageSet : nil
  }
}

extension Selection {
  /// The images as a set of their own.
  fileprivate var imageSet: ImageSet {
    let size = images.imageSize
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * size)
    for index in indices { pixels += images.pixels[Int(index) * size..<(Int(index) + 1) * size] }
    return ImageSet(
      height: images.height, width: images.width, pixels: pixels,
      labels: indices.map { images.labels[Int($0)] })
  }
}
