import Datasets
import Support
import TestSupport
import Testing
import TestSupport

@Suite struct DatasetLocatorTests {
  /// A locator that finds nothing but what is in `folder`.
  func locator(
    _ folder: TemporaryFolder, _ environment: [String: String] = [:]
  ) -> DatasetLocator {
    DatasetLocator(environment: environment, currentDirectory: folder.path)
  }

  @Test func placesAreInOrder() {
    let environment = ["EMNIST_DATA": "/d", "XDG_CACHE_HOME": "/c", "HOME": "/h"]
    func paths(_ environment: [String: String], _ directory: String? = nil) -> [String] {
      DatasetLocator(environment: environment).places(directory: directory).map(\.path)
    }
    #expect(paths(environment) == ["/d", "./data", "/c/emnist"])
    #expect(paths(environment, "/x") == ["/x"])
    #expect(paths(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == ["./data", "/h/.cache/emnist"])
    #expect(paths([:]) == ["./data"])
  }

  @Test func firstPlaceThatHasThePartsWins() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("cache/emnist/emnist-letters-train-{}-ubyte.gz", labels: [1])
      try folder.writePart("data/emnist-letters-train-{}-ubyte.gz", labels: [1, 2])
      try folder.writePart("set/emnist-letters-test-{}-ubyte.gz", labels: [1, 2, 3])
      let environment = [
        "EMNIST_DATA": folder.path + "/set", "XDG_CACHE_HOME": folder.path + "/cache",
      ]
      let request = DataRequest(name: "letters")
      func found(_ environment: [String: String], _ parts: DatasetParts) throws -> String? {
        try locator(folder, environment).locate(request, parts: parts)?.folder
      }
      #expect(try found(environment, .train) == folder.path + "/data")
      #expect(try found(environment, .test) == folder.path + "/set")
      #expect(try found([:], .train) == folder.path + "/data")
    }
  }

  @Test(arguments: [
    "d/emnist-letters-train-{}-ubyte", "d/emnist-letters-train-{}-ubyte.gz",
    "d/gzip/emnist-letters-train-{}-ubyte.gz",
    "d/EMNIST/raw/emnist-letters-train-{}-ubyte", "d/letters/emnist-letters-train-{}-ubyte",
  ])
  func everyLayoutIsFound(pattern: String) throws {
    try withTemporaryFolder { folder in
      try folder.writePart(pattern, labels: [1, 26], height: 1, width: 2)
      for name in [nil, "letters", "emnist-letters", "LETTERS"] {
        let request = DataRequest(name: name, directory: folder.path + "/d")
        let dataset = try #require(try locator(folder).load(request, parts: .train))
        #expect(dataset.name == "letters")
        #expect(dataset.train?.labels == [0, 25])
        #expect(dataset.transposedOnDisk)
        // A row of two pixels on the disk is a column.
        #expect(dataset.train?.height == 2)
      }
    }
  }

  @Test func dottedSpellingIsFound() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("MNIST/raw/train-{}-ubyte", labels: [3])
      for kind in ["images-idx3", "labels-idx1"] {
        let bytes = try readFile("\(folder.path)/MNIST/raw/train-\(kind)-ubyte")
        try folder.write("d/train-" + kind.replacing("-idx", with: ".idx") + "-ubyte", bytes)
      }
      let request = DataRequest(name: "mnist", directory: folder.path + "/d")
      #expect(try locator(folder).load(request, parts: .train)?.train?.labels == [3])
    }
  }

  @Test(arguments: [
    ("mnist", nil, "mnist"), ("MNIST/raw", nil, "mnist"),
    ("FashionMNIST/raw", nil, "fashion-mnist"),
    ("fashion", nil, "fashion-mnist"), ("KMNIST/raw", nil, "kmnist"), ("any", nil, "mnist"),
    ("any", "kmnist", "kmnist"),
  ])
  func folderSaysWhichFamily(folderName: String, requested: String?, expected: String) throws {
    try withTemporaryFolder { folder in
      try folder.writePart("\(folderName)/train-{}-ubyte.gz", labels: [1])
      try folder.writePart("\(folderName)/t10k-{}-ubyte.gz", labels: [2, 3])
      let request = DataRequest(name: requested, directory: "\(folder.path)/\(folderName)")
      let dataset = try #require(try locator(folder).load(request))
      #expect(dataset.name == expected)
      #expect(dataset.test?.count == 2)
      #expect(!dataset.transposedOnDisk)
    }
  }

  @Test func extraPartsDoNotMakeAFolderAmbiguous() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("emnist-byclass-test-{}-ubyte.gz", labels: [61])
      try folder.writePart("emnist-byclass-train-tail15820-{}-ubyte.gz", labels: [0, 1])
      let located = try locator(folder).locate(DataRequest(directory: folder.path), parts: .test)
      #expect(located?.name == "byclass")
      #expect(located?.parts == .test)
    }
  }

  @Test func plainFilesComeBeforeCompressedOnesAndTables() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("letters-train-{}-ubyte.gz", labels: [1])
      try folder.writePart("letters-train-{}-ubyte", labels: [1, 2])
      try folder.write("letters-train.csv", [])
      let request = DataRequest(directory: folder.path)
      #expect(try locator(folder).load(request, parts: .train)?.train?.count == 2)
    }
  }

  @Test func nothingAskedAndNothingFoundIsNil() throws {
    try withTemporaryFolder { folder in
      let dataset = try locator(folder).load(DataRequest())
      #expect(dataset == nil)
    }
  }

  @Test func severalDataSetsAreListed() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("a/emnist-letters-train-{}-ubyte", labels: [1])
      try folder.writePart("b/emnist-digits-train-{}-ubyte", labels: [1])
      let text = message {
        try locator(folder).locate(DataRequest(directory: folder.path), parts: .train)
      }
      #expect(
        text == "\(folder.path): 2 data sets are in it: digits and letters")
      let direct = try locator(folder).locate(
        DataRequest(directory: folder.path + "/b"), parts: .train)
      #expect(direct?.name == "digits")
    }
  }

  @Test func missingDataSetListsThePlaces() throws {
    try withTemporaryFolder { folder in
      let environment = ["EMNIST_DATA": "/nowhere", "HOME": "/h"]
      func text(_ name: String) -> String {
        message { try locator(folder, environment).locate(DataRequest(name: name)) }
      }
      let places = "/nowhere, \(folder.path)/data or /h/.cache/emnist"
      #expect(
        text("letters")
          == "data set 'letters' was not found in \(places)")
      try folder.writePart("data/emnist-letters-train-{}-ubyte", labels: [1])
      try folder.writePart("data/emnist-digits-train-{}-ubyte", labels: [1])
      #expect(
        text("leters")
          == "data set 'leters' was not found in \(places); did you mean 'letters'?")
      #expect(
        text("kuzushiji")
          == "data set 'kuzushiji' was not found in \(places);"
          + " found there: digits and letters")
    }
  }

  @Test func emptyAndMissingDirectoriesAreNamed() throws {
    try withTemporaryFolder { folder in
      #expect(
        message { try locator(folder).locate(DataRequest(directory: folder.path)) }
          == "\(folder.path): no data set is in it; expected files like"
          + " emnist-letters-train-images-idx3-ubyte.gz, mnist_train.csv or mnist.npz, or a folder of"
          + " pictures for each class")
      #expect(
        message { try locator(folder).locate(DataRequest(directory: "/nowhere")) }
          == "/nowhere: no such directory")
    }
  }

  @Test func missingPartNamesItsFiles() throws {
    try withTemporaryFolder { folder in
      func text(_ name: String) -> String {
        message { try locator(folder).locate(DataRequest(name: name, directory: folder.path)) }
      }
      try folder.writePart("emnist-letters-test-{}-ubyte", labels: [1])
      #expect(
        text("letters")
          == "\(folder.path): data set 'letters' has no train part; add"
          + " emnist-letters-train-images-idx3-ubyte.gz and"
          + " emnist-letters-train-labels-idx1-ubyte.gz")
      try folder.write("t10k-images-idx3-ubyte", [])
      try folder.writePart("train-{}-ubyte", labels: [1])
      #expect(
        text("mnist")
          == "\(folder.path): data set 'mnist' has no test part; add t10k-labels-idx1-ubyte.gz")
      try folder.writePart("own-train-{}-ubyte", labels: [1])
      #expect(
        text("own")
          == "\(folder.path): data set 'own' has no test part; add own-test-images-idx3-ubyte.gz"
          + " and own-test-labels-idx1-ubyte.gz")
    }
  }

  @Test func listingReadsHeadersOnly() throws {
    try withTemporaryFolder { folder in
      try folder.writePart("data/emnist-letters-train-{}-ubyte.gz", labels: [1, 2, 3])
      try folder.writePart("data/own/own-test-{}-ubyte", labels: [1, 2])
      try folder.write("data/bad/bad-train-images-idx3-ubyte", Array("<html></html>".utf8))
      try folder.write("data/bad/bad-train-labels-idx1-ubyte", [])
      let listing = locator(folder, ["EMNIST_DATA": "/nowhere"]).listing()
      #expect(listing.map(\.exists) == [false, true])
      #expect(listing[1].place == DataPlace(path: folder.path + "/data", origin: "./data"))
      let entries = listing[1].entries
      #expect(entries.map(\.name) == ["letters", "bad", "own"])
      #expect(entries.map(\.parts) == [.train, .train, .test])
      #expect(entries.map(\.trainCount) == [3, nil, nil])
      #expect(entries.map(\.testCount) == [nil, nil, 2])
      #expect(entries.map(\.classCount) == [26, nil, nil])
      #expect(entries[1].problem?.contains("is a web page") == true)
    }
  }

  @Test func imagesBeyondAnInt32AreExplained() {
    #expect(
      DatasetError.tooManyImages(path: "x", count: 4_294_967_295).description
        == "x: 4294967295 images, at most 2147483647 can be numbered; split the file")
  }

  @Test(arguments: [
    (DatasetError.noSuchDirectory(path: ""), ExitCode.noInput),
    (.notFound(name: "", places: [], available: []), .noInput),
    (.nothingIn(directory: ""), .noInput),
    (.partMissing(name: "", folder: "", part: "", missing: ""), .noInput),
    (.several(directory: "", names: []), .usage),
    (.loneOption(given: "", missing: ""), .usage),
    (.noReservedTail(name: ""), .usage),
    (.countsDiffer(images: "", imageCount: 0, labels: "", labelCount: 0), .dataError),
    (.label(path: "", value: 0, index: 0, first: 0, last: 0), .dataError),
  ])
  func exitCodesTellTheKinds(error: DatasetError, code: ExitCode) {
    #expect(error.exitCode == code)
  }
}
