import Foundation
import Formats
import Support
import TestSupport
import Testing

@testable import Datasets

/// Data sets in archives, in folders as archives unpack, and in places that cannot be used.
@Suite struct DataPlacesTests {
  private func locator(_ folder: TemporaryFolder) -> DatasetLocator {
    DatasetLocator(environment: [:], currentDirectory: folder.path)
  }

  /// The files of a part by name, with labels of EMNIST's letters.
  private static func part(_ stem: String, labels: [UInt8]) -> [(name: String, bytes: [UInt8])] {
    let pixels = (0..<labels.count * 4).map { UInt8($0 % 251) }
    let images = IDXFile(
      elementType: .unsignedByte, dimensions: [labels.count, 2, 2], payload: pixels)
    let classes = IDXFile(elementType: .unsignedByte, dimensions: [labels.count], payload: labels)
    return [
      ("\(stem)-images-idx3-ubyte.gz", Gzip.compress(images.encoded())),
      ("\(stem)-labels-idx1-ubyte.gz", Gzip.compress(classes.encoded())),
    ]
  }

  private static func zip(_ files: [(name: String, bytes: [UInt8])], level: Int = 6) -> [UInt8] {
    var writer = ZipWriter()
    for file in files { writer.add(file.name, file.bytes, level: level) }
    return writer.finished()
  }

  @Test(arguments: [0, 6])
  func anArchiveIsReadLikeAFolder(level: Int) throws {
    try withTemporaryFolder { folder in
      // As NIST's archive has them; macOS leaves something of its own.
      let files =
        Self.part("gzip/emnist-letters-train", labels: [1, 26])
        + Self.part("gzip/emnist-letters-test", labels: [2])
        + [
          ("gzip/emnist-letters-mapping.txt", Array("1 65 97\n".utf8)), ("__MACOSX/gzip/._x", [1]),
        ]
      let archive = try folder.write("d/gzip.zip", Self.zip(files, level: level))
      for place in [folder.path + "/d", archive] {
        let request = DataRequest(directory: place)
        let dataset = try #require(try locator(folder).load(request))
        #expect(dataset.name == "letters")
        #expect(dataset.classes == .letters)
        #expect(dataset.train?.labels == [0, 25])
        #expect(dataset.train?.pixels.prefix(4) == [0, 2, 1, 3])
        #expect(dataset.decisions == [.turned])
        #expect(
          dataset.files.first?.path == archive + "/gzip/emnist-letters-train-images-idx3-ubyte.gz")
      }
      let stem = archive + "/gzip/emnist-letters-test-"
      let named = DataRequest(
        testImages: stem + "images-idx3-ubyte.gz", testLabels: stem + "labels-idx1-ubyte.gz")
      #expect(try locator(folder).load(named, parts: .test)?.test?.labels == [1])
    }
  }

  @Test func archivesInArchivesAreRead() throws {
    try withTemporaryFolder { folder in
      let inner = Self.zip(Self.part("own-train", labels: [0, 1]))
      try folder.write("d/outer.zip", Self.zip([("train.zip", inner)]))
      let request = DataRequest(directory: folder.path + "/d")
      #expect(try locator(folder).load(request, parts: .train)?.train?.labels == [0, 1])
    }
  }

  @Test func aDamagedArchiveThatIsNamedIsExplained() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("x.zip", [0x50, 0x4B, 3, 4, 0, 0])
      #expect(
        message { try locator(folder).locate(DataRequest(directory: path)) }
          == "\(path): is a zip archive without its directory, which is its end; download it again")
    }
  }

  @Test func foldersNamedLikeTheirFileAreLookedInto() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("d/{}-ubyte", labels: [3, 4])
      for kind in ["images-idx3", "labels-idx1"] {
        let name = "train-\(kind)-ubyte"
        try folder.write("archive/\(name)/\(name)", readFile("\(folder.path)/d/\(kind)-ubyte"))
      }
      let request = DataRequest(directory: folder.path + "/archive")
      let dataset = try #require(try locator(folder).load(request, parts: .train))
      #expect(dataset.name == "mnist")
      #expect(dataset.train?.labels == [3, 4])
    }
  }

  @Test func theStatedOrderDecidesAndIsSaid() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("data/emnist-letters-train-{}-ubyte", labels: [1])
      try folder.writePart("data/emnist-digits-train-{}-ubyte", labels: [1])
      let letters = try locator(folder).load(DataRequest(), parts: .train)
      #expect(letters?.name == "letters")
      #expect(letters?.decisions.first == .chosen(name: "letters", of: ["digits", "letters"]))
      try folder.writePart("data/emnist-balanced-train-{}-ubyte", labels: [1])
      #expect(try locator(folder).load(DataRequest(), parts: .train)?.name == "balanced")
    }
  }

  @Test func aPlaceThatCannotBeUsedIsAnError() throws {
    try withTemporaryFolder { folder in
      let place = folder.path + "/data"
      func text() -> String { message { try locator(folder).locate(DataRequest()) } }
      let start = "\(place): data are looked for here (./data), but "
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: "/nowhere")
      #expect(text() == start + "it is a link that leads nowhere")
      try FileManager.default.removeItem(atPath: place)
      try folder.write("data", [])
      #expect(text() == start + "it is no directory")
      try FileManager.default.removeItem(atPath: place)
      try folder.write("data/gzip.zip", [1, 2, 3])
      #expect(text() == start + "no data set is in it")
    }
  }

  @Test func tablesHavePartsByTheirWordsAndOthersAreLeftAside() throws {
    try withTemporaryFolder { folder in
      let rows = (0..<40).map { image in
        (["\(image % 4)"] + (0..<16).map { "\($0 == 5 ? image * 6 : 0)" }).joined(separator: ",")
      }
      let header = (["label"] + (0..<16).map { "pixel\($0)" }).joined(separator: ",")
      let table = Array(([header] + rows).joined(separator: "\n").utf8)
      let unlabelled = ([header.dropFirst(6)] + rows.map { $0.dropFirst(2) }).joined(
        separator: "\n")
      try folder.write("kaggle/train.csv", table)
      try folder.write("kaggle/test.csv", Array(unlabelled.utf8))
      try folder.write("kaggle/sample_submission.csv", Array("id,label\n1,0\n".utf8))
      let request = DataRequest(directory: folder.path + "/kaggle")
      let located = try #require(try locator(folder).locate(request, parts: .train))
      #expect(located.parts == .train)
      #expect(located.unlabelled == folder.path + "/kaggle/test.csv")
      let dataset = try located.load(parts: .train)
      #expect(dataset.name == "kaggle")
      #expect(dataset.train?.height == 4)
      #expect(
        message { try locator(folder).locate(request) }
          == "\(folder.path)/kaggle/test.csv: holds the test images of 'kaggle' without labels"
      )
      let loose = try LoosePictures(reading: folder.path + "/kaggle/test.csv")
      #expect(loose.pixels == dataset.train?.pixels)
      try folder.write("signs/sign_mnist_train.csv", table)
      try folder.write("signs/sign_mnist_test.csv.gz", Gzip.compress(table))
      let signs = try locator(folder).load(DataRequest(directory: folder.path + "/signs"))
      #expect(signs?.name == "sign_mnist")
      #expect(signs?.test?.count == 40)
    }
  }

  @Test func orientationIsEMNISTsOwnNamesOnly() throws {
    for name in [
      "emnist-digits-train-images-idx3-ubyte.gz", "x/emnist-mine-test-images-idx3-ubyte",
      "emnist-letters-test.csv", "a.zip/emnist-letters.mat/dataset.train.images",
    ] {
      #expect(Orientation.isTransposed(name), "\(name)")
    }
    for name in [
      "digits-train-images-idx3-ubyte", "letters/train-images-idx3-ubyte", "balanced-train.csv",
      "emnist.npz/x_train.npy", "my-emnist-letters-train.csv",
    ] {
      #expect(!Orientation.isTransposed(name), "\(name)")
    }
  }

  @Test func theMATLABFilesOfEMNISTAreRead() throws {
    struct Golden: Decodable {
      struct File: Decodable {
        let name: String
        let file: Data
      }
      let mat: [File]
    }
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("FormatsTests/Golden/array_files.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: path))
    let file = try #require(golden.mat.first { $0.name == "EMNIST, deflated" })
    try withTemporaryFolder { folder in
      try folder.write("emnist-letters.mat", Array(file.file))
      var request = DataRequest(directory: folder.path)
      request.imageSize = ImageSize(height: 2, width: 3)
      let dataset = try #require(try locator(folder).load(request))
      #expect(dataset.name == "letters")
      #expect(dataset.classes == .letters)
      #expect(dataset.train?.labels == [0, 1, 2, 0])
      #expect(dataset.train?.pixels.prefix(6) == [0, 3, 1, 4, 2, 5])
      #expect(dataset.test?.count == 2)
      #expect(dataset.transposedOnDisk)
    }
  }

  @Test(
    .enabled(if: RealData.isPresent, "../shared/data is not there"))
  func theOriginalMNISTUnderEMNISTsNameStaysUpright() throws {
    try withTemporaryFolder { folder in
      let original = RealData.path + "/mnist/t10k-images-idx3-ubyte.gz"
      let path = try folder.write("emnist-digits-test-images-idx3-ubyte.gz", readFile(original))
      #expect(!Orientation.isTransposed(path))
      let turned = RealData.path + "/emnist-mnist-split/emnist-mnist-test-images-idx3-ubyte.gz"
      let renamed = try folder.write("my-test-images-idx3-ubyte.gz", readFile(turned))
      #expect(Orientation.isTransposed(renamed))
    }
  }
}
