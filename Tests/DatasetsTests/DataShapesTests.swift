import Formats
import Support
import TestSupport
import Testing

@testable import Datasets

/// Data as other people keep them: any type of number, any of the usual shapes, in any of the files
/// that are read.
@Suite struct DataShapesTests {
  /// Twelve images of 4 × 4 bytes; each has 0 and 255 somewhere.
  static let count = 12
  static let pixels = (0..<count * 16).map { (place: Int) -> UInt8 in
    switch place % 16 {
    case 0: 0
    case 5: 255
    default: UInt8(place * 7 % 251)
    }
  }
  static let labels = (0..<count).map { $0 % 3 }

  static func array(_ shape: [Int]) -> NumberArray {
    NumberArray(.uint8, shape, bytes: pixels)
  }

  static func floats(_ transform: (Float) -> Float) -> NumberArray {
    let values = pixels.map { transform(Float($0)) }
    let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    return NumberArray(.float32, [count, 4, 4], bytes: bytes)
  }

  static func int64s(_ values: [Int], _ shape: [Int]) -> NumberArray {
    let bytes = values.flatMap { withUnsafeBytes(of: Int64($0).littleEndian) { Array($0) } }
    return NumberArray(.int64, shape, bytes: bytes)
  }

  /// The data set of an `.npz` of these arrays.
  private func load(
    _ images: NumberArray, _ labels: NumberArray, _ request: DataRequest = DataRequest()
  ) throws -> Dataset {
    try load([("x_train", images), ("y_train", labels)], request, .train)
  }

  private func load(
    _ arrays: [(String, NumberArray)], _ request: DataRequest = DataRequest(),
    _ parts: DatasetParts = .all
  ) throws -> Dataset {
    try withTemporaryFolder { folder in
      try folder.write("own.npz", NPZ.encode(arrays.map { (name: $0.0, array: $0.1) }, level: 6))
      var request = request
      request.directory = folder.path
      let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
      return try #require(try locator.load(request, parts: parts))
    }
  }

  static let plainLabels = int64s(labels, [count])

  @Test(arguments: [
    [12, 4, 4], [12, 4, 4, 1], [12, 1, 4, 4], [12, 16], [12, 16, 1], [12, 1, 16],
  ])
  func everyShapeIsRead(shape: [Int]) throws {
    let dataset = try load(Self.array(shape), Self.plainLabels)
    #expect(dataset.name == "own")
    #expect(dataset.train?.height == 4)
    #expect(dataset.train?.pixels == Self.pixels)
    #expect(dataset.train?.labels.map(Int.init) == Self.labels)
    let isFlat = shape.contains(16)
    #expect(dataset.decisions == (isFlat ? [.flat(count: 16, ImageSize(height: 4, width: 4))] : []))
  }

  @Test func imagesMayBeCountedByTheLastDimension() throws {
    // MATLAB's way: H × W × N.
    let turned = (0..<16).flatMap { pixel in (0..<12).map { Self.pixels[$0 * 16 + pixel] } }
    let dataset = try load(NumberArray(.uint8, [4, 4, 12], bytes: turned), Self.plainLabels)
    #expect(dataset.train?.pixels == Self.pixels)
    #expect(dataset.decisions == [.imagesLast])
  }

  @Test func colorsBecomeGreyInBothOrders() throws {
    let gray = Self.pixels.flatMap { [$0, $0, $0] }
    let last = try load(NumberArray(.uint8, [12, 4, 4, 3], bytes: gray), Self.plainLabels)
    #expect(last.train?.pixels == Self.pixels)
    #expect(last.decisions.map(\.description) == ["RGB to grey"])
    let planes = (0..<12).flatMap { image in
      (0..<3).flatMap { _ in Self.pixels[image * 16..<image * 16 + 16] }
    }
    let first = try load(NumberArray(.uint8, [12, 3, 4, 4], bytes: planes), Self.plainLabels)
    #expect(first.train?.pixels == Self.pixels)
    // Pure green and pure red, as Pillow weighs them.
    let colors = (0..<12 * 16).flatMap { $0 % 2 == 0 ? [0, 255, 0] : [255, 0, 0] as [UInt8] }
    let mixed = try load(NumberArray(.uint8, [12, 4, 4, 3], bytes: colors), Self.plainLabels)
    #expect(mixed.train?.pixels.prefix(2) == [150, 76])
  }

  @Test func everyScaleHasItsRule() throws {
    let cases: [(NumberArray, PixelScale)] = [
      (Self.floats { $0 / 255 }, PixelScale(lowest: 0, highest: 1)),
      (Self.floats { $0 / 127.5 - 1 }, PixelScale(lowest: -1, highest: 1)),
      (Self.floats { $0 / 255 - 0.5 }, PixelScale(lowest: -0.5, highest: 0.5)),
      (Self.floats { $0 }, .bytes),
      (Self.floats { $0 * 257 }, PixelScale(lowest: 0, highest: 65_535)),
      (Self.floats { $0 * 4 - 100 }, PixelScale(lowest: -100, highest: 920)),
    ]
    for (array, scale) in cases {
      let dataset = try load(array, Self.plainLabels)
      #expect(dataset.scale == scale)
      #expect(dataset.train?.pixels == Self.pixels, "\(scale)")
      #expect(dataset.decisions == (scale == .bytes ? [] : [.scale(scale)]))
    }
    let marks = NumberArray(.uint8, [12, 4, 4], bytes: Self.pixels.map { $0 > 99 ? 1 : 0 })
    #expect(
      try load(marks, Self.plainLabels).train?.pixels == Self.pixels.map { $0 > 99 ? 255 : 0 })
    let signed = NumberArray(.int8, [12, 4, 4], bytes: Self.pixels.map { $0 ^ 0x80 })
    #expect(try load(signed, Self.plainLabels).train?.pixels == Self.pixels)
  }

  @Test func theTrainingPartFixesTheScale() throws {
    let dark = Self.floats { $0 / 255 }
    let half = Self.floats { $0 / 510 }
    let dataset = try load([
      ("x_train", dark), ("y_train", Self.plainLabels), ("x_test", half),
      ("y_test", Self.plainLabels),
    ])
    #expect(dataset.test?.pixels[5] == 128)
    var request = DataRequest()
    request.scale = PixelScale(lowest: 0, highest: 2)
    #expect(try load(dark, Self.plainLabels, request).train?.pixels[5] == 128)
    // A part that cannot be on the scale has its own.
    request.scale = PixelScale(lowest: 0, highest: 1)
    #expect(
      try load(Self.array([12, 4, 4]), Self.plainLabels, request).train?.pixels == Self.pixels)
  }

  @Test func infiniteNumbersAreRefused() throws {
    let text = message { try load(Self.floats { $0 == 255 ? .nan : $0 }, Self.plainLabels) }
    #expect(
      text.hasSuffix("x_train.npy: image 0 has a number that is infinite or none; correct it"))
  }

  @Test func everyKindOfLabelsIsRead() throws {
    let images = Self.array([12, 4, 4])
    let oneHot = Self.labels.flatMap { label in (0..<3).map { $0 == label ? 1 : 0 } }
    let floats = NumberArray(
      .float32, [12],
      bytes: Self.labels.flatMap { label in
        withUnsafeBytes(of: Float(label).bitPattern.littleEndian) { Array($0) }
      })
    let qmnist = Self.labels.enumerated().flatMap { [$1, 4, 2000 + $0, $0, $1 + 30, 9, 0, 0] }
    let cases: [(NumberArray, [DataDecision])] = [
      (Self.plainLabels, []), (Self.int64s(Self.labels, [12, 1]), []),
      (Self.int64s(Self.labels, [1, 12]), []), (floats, []),
      (Self.int64s(oneHot, [12, 3]), [.oneHot(columns: 3)]),
      (Self.int64s(qmnist, [12, 8]), [.qmnist]),
    ]
    for (labels, decisions) in cases {
      let dataset = try load(images, labels)
      #expect(dataset.train?.labels.map(Int.init) == Self.labels)
      #expect(dataset.classes == .numbers(count: 3))
      #expect(dataset.decisions == decisions)
    }
  }

  @Test(arguments: [[12, 2], [12, 8], [12, 3]])
  func otherTablesOfLabelsAreRefused(shape: [Int]) {
    let values = (0..<shape[0] * shape[1]).map { $0 % 7 }
    let text = message { try load(Self.array([12, 4, 4]), Self.int64s(values, shape)) }
    #expect(
      text.hasSuffix(
        "y_train.npy: holds int64 of 12 × \(shape[1]), labels are whole numbers, one an image, or"
          + " one-hot; name the labels file here"))
  }

  @Test func classesAreThoseThatThereAre() throws {
    func classes(_ values: [Int]) throws -> ClassTable {
      try load(Self.array([12, 4, 4]), Self.int64s(values, [12])).classes
    }
    #expect(
      try classes(Self.labels.map { $0 + 1 }) == ClassTable(labels: ["1", "2", "3"], firstLabel: 1))
    let codes = Self.labels.map { 100 * $0 + 48 }
    let sparse = try classes(codes)
    #expect(sparse.labels == ["48", "148", "248"])
    #expect(sparse.index(ofStored: 148) == 1)
    #expect(sparse.index(ofStored: 100) == nil)
  }

  @Test func partsAreToldByTheirWords() throws {
    let images = Self.array([12, 4, 4])
    for (x, y) in [
      ("train_images", "train_labels"), ("X-train", "Y-train"), ("data", "target"), ("a", "b"),
    ] {
      let dataset = try load([(x, images), (y, Self.plainLabels)], DataRequest(), .train)
      #expect(dataset.train?.count == 12, "\(x)")
    }
    // MedMNIST's keys.
    let parts = ["train", "val", "test"].flatMap {
      [("\($0)_images", images), ("\($0)_labels", Self.int64s(Self.labels, [12, 1]))]
    }
    let dataset = try load(parts)
    #expect(dataset.validation?.count == 12)
    #expect(dataset.test?.count == 12)
  }

  @Test func aTestPartIsSplitOff() throws {
    var request = DataRequest()
    request.testSplit = 0.25
    let dataset = try load(
      [("x", Self.array([12, 4, 4])), ("y", Self.plainLabels)], request)
    #expect(dataset.train?.counts(classCount: 3) == [3, 3, 3])
    #expect(dataset.test?.counts(classCount: 3) == [1, 1, 1])
    #expect(dataset.decisions == [.testSplit(count: 3)])
    let text = message { try load([("x", Self.array([12, 4, 4])), ("y", Self.plainLabels)]) }
    #expect(
      text.hasSuffix("own' has no test part"), "\(text)")
  }

  @Test func aRunsClassesJudgeOtherData() throws {
    var request = DataRequest()
    request.classes = .numbers(count: 5)
    let dataset = try load(Self.array([12, 4, 4]), Self.plainLabels, request)
    #expect(dataset.classes == .numbers(count: 5))
    #expect(dataset.train?.labels.map(Int.init) == Self.labels)
    request.classes = .numbers(count: 2)
    let text = message { try load(Self.array([12, 4, 4]), Self.plainLabels, request) }
    #expect(
      text.hasSuffix(
        "label 2 at index 2 is none of the run's 2 classes; use data of the same classes"))
  }
}
