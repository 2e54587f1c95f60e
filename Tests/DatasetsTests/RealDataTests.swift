import Datasets
import Formats
import TestSupport
import Testing

/// Facts about the real files, which the package does not ship.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealDataTests {
  func load(_ request: DataRequest, _ parts: DatasetParts) throws -> Dataset {
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    return try #require(try locator.load(request, parts: parts))
  }

  @Test func mnistHasItsCountsAndIsUpright() throws {
    let dataset = try load(DataRequest(directory: RealData.path + "/mnist"), .all)
    #expect(dataset.name == "mnist")
    #expect(!dataset.transposedOnDisk)
    #expect(
      dataset.train?.counts(classCount: 10)
        == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(
      dataset.test?.counts(classCount: 10)
        == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    let test = try #require(dataset.test)
    let (mean, _) = Selection(test, indices: Array(0..<2000)).pixelMoments()
    #expect(abs(mean - 0.13) < 0.01)
  }

  @Test func emnistDigitsAreTurnedUpright() throws {
    let folder = RealData.path + "/emnist-mnist-split"
    let dataset = try load(DataRequest(directory: folder), .test)
    #expect(dataset.name == "emnist-mnist")
    #expect(dataset.transposedOnDisk)
    let test = try #require(dataset.test)
    #expect(test.count == 10_000)
    let raw = try IDXFile(reading: folder + "/emnist-mnist-test-images-idx3-ubyte.gz").payload
    for n in [0, 1, 9999] {
      for r in 0..<28 {
        for c in 0..<28 {
          #expect(test.pixels[n * 784 + r * 28 + c] == raw[n * 784 + c * 28 + r])
        }
      }
    }
    // An upright 1 is taller than wide: more of its rows than of its columns have ink.
    let one = try #require(test.labels.firstIndex(of: 1))
    let image = test.pixels[(one * 784)..<(one * 784 + 784)].map { $0 > 64 }
    let rows = (0..<28).count { r in (0..<28).contains { image[r * 28 + $0] } }
    let columns = (0..<28).count { c in (0..<28).contains { image[$0 * 28 + c] } }
    #expect(rows > columns)
  }

  @Test(arguments: [
    ("letters-subset", "/emnist-letters-subset", ClassTable.letters, 300),
    ("47-balanced-subset", "/emnist-47-balanced-subset", .byMerge, 140),
  ])
  func subsetIsFoundByFolderAndByName(
    name: String, folder: String, classes: ClassTable, perClass: Int
  ) throws {
    let requests = [
      DataRequest(directory: RealData.path + folder),
      DataRequest(name: name, directory: RealData.path + folder),
      DataRequest(name: name, directory: RealData.path),
    ]
    for request in requests {
      let dataset = try load(request, .test)
      #expect(dataset.name == name)
      #expect(dataset.classes == classes)
      let counts = dataset.test?.counts(classCount: classes.count)
      #expect(counts == [Int](repeating: perClass, count: classes.count))
    }
  }

  @Test func byClassFolderHoldsOneDataSet() throws {
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    let request = DataRequest(directory: RealData.path + "/emnist-byclass")
    let located = try #require(try locator.locate(request, parts: .test))
    #expect(located.name == "byclass")
    #expect(located.parts == .test)
  }

  @Test(arguments: ["balanced", "byclass", "bymerge", "letters", "digits", "mnist"])
  func officialMappingsAreTheBuiltInTables(name: String) throws {
    let mapping = try ClassTable(readingMapping: "\(RealData.path)/emnist-\(name)-mapping.txt")
    let tables: [String: ClassTable] = [
      "balanced": .byMerge, "byclass": .byClass, "bymerge": .byMerge, "letters": .letters,
      "digits": .digits, "mnist": .digits,
    ]
    #expect(mapping == tables[name])
  }

  @Test func listingCountsFromHeaders() {
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    let entries = locator.listing(directory: RealData.path).flatMap(\.entries)
    #expect(
      entries.map(\.name)
        == ["47-balanced-subset", "byclass", "letters-subset", "emnist-mnist", "mnist"])
    #expect(entries.map(\.trainCount) == [39_950, nil, 45_500, nil, 60_000])
    #expect(entries.map(\.testCount) == [6580, 116_323, 7800, 10_000, 10_000])
    #expect(entries.map(\.classCount) == [47, 62, 26, 10, 10])
    #expect(entries.allSatisfy { $0.problem == nil })
  }
}
