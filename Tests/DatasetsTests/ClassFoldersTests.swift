import Formats
import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

/// Data sets that have a folder of pictures for each class.
@Suite struct ClassFoldersTests {
  /// A dark stroke on light paper, another for each number.
  private func picture(_ number: Int, side: Int = 28, isDark: Bool = true) -> [UInt8] {
    let pixels = (0..<side * side).map { place -> UInt8 in
      let (row, column) = place.quotientAndRemainder(dividingBy: side)
      let isInk = column == side / 2 && (3..<side - 3 - number % 5).contains(row)
      return isInk == isDark ? 10 : 240
    }
    return PNG.encode(gray: pixels, width: side, height: side)
  }

  private func load(
    _ folder: TemporaryFolder, parts: DatasetParts = .train,
    change: (inout DataRequest) -> Void = { _ in }
  ) throws -> Dataset {
    var request = DataRequest(directory: folder.path)
    change(&request)
    let locator = DatasetLocator(environment: [:], currentDirectory: "/nowhere")
    return try #require(try locator.load(request, parts: parts))
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return "\(error)" }
  }

  @Test func classesAreTheFoldersWithNumbersByTheirValue() throws {
    try withTemporaryFolder { folder in
      for name in ["10", "9", "b", "B"] { try folder.write("s/\(name)/x\(name).png", picture(1)) }
      let dataset = try load(folder)
      #expect(dataset.classes.labels == ["9", "10", "B", "b"])
      #expect(dataset.name == "s")
      // In the order of the files' names.
      #expect(dataset.train?.labels == [1, 0, 2, 3])
      #expect(
        dataset.decisions.map(\.description) == [
          "4 pictures in 4 folders, whose names are the classes",
          "dark ink on light paper, inverted",
        ])
    }
  }

  @Test func partsAreTheFoldersAbove() throws {
    try withTemporaryFolder { folder in
      for (part, count) in [("Training", 3), ("valid", 1), ("test", 2)] {
        for index in 0..<count {
          try folder.write("\(part)/zero/\(index).png", picture(index))
          try folder.write("\(part)/one/\(index).png", picture(index))
        }
      }
      let dataset = try load(folder, parts: .all)
      #expect(dataset.classes.labels == ["one", "zero"])
      #expect([dataset.train?.count, dataset.validation?.count, dataset.test?.count] == [6, 2, 4])
      #expect(dataset.files.map(\.count) == [6, 2, 4])
    }
  }

  @Test func brightInkStaysBrightAndDarkInkIsInverted() throws {
    try withTemporaryFolder { folder in
      for isDark in [true, false] {
        for index in 0..<3 {
          let file = picture(index, isDark: isDark)
          try folder.write("\(isDark)/train/a/\(index).png", file)
          try folder.write("\(isDark)/train/b/\(index).png", file)
        }
        // The training part decides for the test part.
        try folder.write("\(isDark)/test/a/0.png", picture(0, isDark: true))
      }
      for name in ["true", "false"] {
        let dataset = try load(folder, parts: .test) { $0.directory = "\(folder.path)/\(name)" }
        #expect(dataset.test?.pixels.first == (name == "true" ? 15 : 240))
        #expect(dataset.decisions.contains(.inverted) == (name == "true"))
      }
    }
  }

  @Test func picturesOfOtherSizesAreFittedAndItIsSaid() throws {
    try withTemporaryFolder { folder in
      try folder.write("a/0.png", picture(0, side: 56))
      try folder.write("b/0.pgm", Array("P5 8 4 255\n".utf8) + [UInt8](repeating: 7, count: 32))
      try folder.write("b/notes.txt", [1, 2, 3])
      let dataset = try load(folder) { $0.imageSize = ImageSize(height: 20, width: 16) }
      #expect(dataset.train?.height == 20 && dataset.train?.width == 16)
      #expect(
        dataset.decisions.map(\.description).dropFirst() == [
          "2 pictures of 4 x 8 to 56 x 56 fitted into 20 x 16",
          "one file that is not a picture left aside",
          "dark ink on light paper, inverted",
        ])
    }
  }

  @Test func archivesAreReadAsFoldersAre() throws {
    try withTemporaryFolder { folder in
      var zip = ZipWriter()
      for name in ["a", "b"] {
        let file = picture(name == "a" ? 1 : 2)
        zip.add("letters/train/\(name)/0.png", file, level: 6)
        try folder.write("letters/train/\(name)/0.png", file)
      }
      zip.add("__MACOSX/letters/train/a/._0.png", [1])
      try folder.write("z/mine.zip", zip.finished())
      let archived = try load(folder) { $0.directory = "\(folder.path)/z/mine.zip" }
      let plain = try load(folder) { $0.directory = "\(folder.path)/letters" }
      #expect(archived.train == plain.train && archived.classes == plain.classes)
    }
  }

  @Test func aBrokenPictureIsNamedWithItsPath() throws {
    try withTemporaryFolder { folder in
      for index in 0..<200 { try folder.write("a/\(index).png", picture(index)) }
      try folder.write("b/7.png", Array(picture(1).dropLast(30)))
      try folder.write("b/5.png", [])
      #expect(
        message { _ = try load(folder) }
          == "\(folder.path)/b/5.png: is empty, expected a picture; copy it again")
    }
  }

  @Test func aMissingTestPartIsAnsweredWithASplit() throws {
    try withTemporaryFolder { folder in
      for index in 0..<20 {
        for name in ["a", "b"] { try folder.write("mine/\(name)/\(index).png", picture(index)) }
      }
      #expect(
        message { _ = try load(folder, parts: .all) }
          == "\(folder.path)/mine: data set 'mine' has no test part")
      let dataset = try load(folder, parts: .all) { $0.testSplit = 0.25 }
      #expect(dataset.train?.count == 30 && dataset.test?.count == 10)
    }
  }

  @Test func listingsCountPicturesAndClasses() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b", "c"] { try folder.write("data/mine/train/\(name)/0.png", picture(1)) }
      let locator = DatasetLocator(environment: [:], currentDirectory: folder.path)
      let entry = try #require(locator.listing().flatMap(\.entries).first)
      #expect(entry.name == "mine" && entry.trainCount == 3 && entry.classCount == 3)
      #expect(entry.parts == .train && entry.problem == nil)
    }
  }
}

@Suite struct FittedPictureTests {
  @Test func areasAreAveraged() {
    let picture = GrayPicture(width: 3, height: 3, pixels: [0, 30, 60, 0, 30, 60, 90, 90, 90])
    // A pixel covers one and a half: whole, half, and their quarter.
    #expect(picture.fitted(height: 2, width: 2).pixels == [10, 50, 63, 77])
    #expect(picture.fitted(height: 3, width: 3) == picture)
    #expect(picture.fitted(height: 6, width: 6).pixels.prefix(6) == [0, 0, 30, 30, 60, 60])
  }

  @Test func proportionsAreKeptAndTheFrameIsTheBordersMean() {
    let picture = GrayPicture(width: 4, height: 2, pixels: [8, 8, 8, 8, 8, 8, 8, 16])
    #expect(picture.fitted(height: 4, width: 4).pixels.map { $0 == 9 }[0..<4].allSatisfy { $0 })
    #expect(picture.fitted(height: 2, width: 2).pixels == [8, 10, 9, 9])
    #expect(picture.borderMean == 9)
  }
}
