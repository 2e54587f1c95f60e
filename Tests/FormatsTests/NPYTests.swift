import Testing
import TestSupport

@testable import Formats

@Suite struct NPYTests {
  @Test(arguments: GoldenArrayFiles.all.npy)
  func whatNumPyWritesIsRead(file: GoldenArrayFile) throws {
    switch try NPY.decode(file.bytes, path: "x.npy") {
    case .numbers(let array): try #require(file.arrays?.first).expectEqual(array)
    case .texts(let texts, let shape):
      #expect(texts == file.texts)
      #expect(shape == [texts.count])
    }
  }

  /// What NumPy wrote in row-major order with version 1.0, little-endian, is written again byte for
  /// byte.
  @Test(arguments: GoldenArrayFiles.all.npy)
  func whatIsWrittenIsWhatNumPyWrites(file: GoldenArrayFile) throws {
    let isOther = file.name.hasPrefix("Fortran") || ["version 2", "version 3"].contains(file.name)
    guard !isOther, case .numbers(let array) = try NPY.decode(file.bytes, path: "x.npy") else {
      return
    }
    #expect(NPY.encode(array) == file.bytes)
  }

  @Test(arguments: GoldenArrayFiles.all.npz)
  func archivesOfArraysAreRead(file: GoldenArrayFile) throws {
    let archive = try ZipArchive(parsing: file.bytes, path: "x.npz")
    let arrays = try #require(file.arrays)
    #expect(archive.members.map(\.name) == arrays.map { "\($0.name).npy" })
    for (member, expected) in zip(archive.members, arrays) {
      let start = try archive.start(of: member, count: NPY.largestHeader)
      #expect(try NPY.shape(ofStart: start, path: "x") == expected.shape)
      guard case .numbers(let array) = try NPY.decode(archive.contents(of: member), path: "x")
      else {
        Issue.record("\(member.name) holds texts")
        continue
      }
      expected.expectEqual(array)
    }
  }

  @Test func whatIsArchivedIsReadAgain() throws {
    let array = NumberArray(.uint16, [2, 2], bytes: [1, 0, 2, 0, 3, 0, 4, 0])
    for level in [0, 6] {
      let file = NPZ.encode([("a", array), ("b", array)], level: level)
      let zip = try ZipArchive(parsing: file, path: "x.npz")
      #expect(zip.members.map(\.name) == ["a.npy", "b.npy"])
      let member = try #require(zip["b.npy"])
      #expect(try NPY.decode(zip.contents(of: member), path: "x") == .numbers(array))
    }
  }

  private static func file(_ header: String, major: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
    let size = (0..<(major == 1 ? 2 : 4)).map { UInt8(header.utf8.count >> (8 * $0) & 255) }
    return [0x93] + Array("NUMPY".utf8) + [major, 0] + size + Array(header.utf8) + data
  }

  @Test(arguments: [
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }",
    #"{"shape":(2,),"descr":"u1","fortran_order":False}"#,
    "{'descr': '|u1', 'fortran_order': True, 'shape': (2L,), }   \n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2)}",
  ])
  func whatNumPyTakesIsTaken(header: String) throws {
    let contents = try NPY.decode(Self.file(header, data: [7, 8]), path: "x.npy")
    guard case .numbers(let array) = contents else {
      Issue.record("texts")
      return
    }
    #expect(array.doubles() == [7, 8])
  }

  struct BadFile: CustomTestStringConvertible, Sendable {
    let header: String
    let sentence: String
    var testDescription: String { header }
  }

  static let badFiles = [
    BadFile(
      header: "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
      sentence: "holds Python objects (pickle), which only Python can read; save it as plain"
        + " numbers with array.astype('uint8')"),
    BadFile(
      header: "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }",
      sentence: "holds elements of type '<c8', whole numbers and floats of 8 to 64 bits are read;"
        + " convert it with array.astype('float32')"),
    BadFile(
      header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
      sentence: "holds structures, expected plain numbers; save each field as an array of its own"),
    BadFile(
      header: "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }",
      sentence: "its header promises 3 bytes of numbers, the file has 2; copy it again"),
    BadFile(
      header: "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }",
      sentence: "its header promises 1 bytes of numbers, the file has 2; copy it again"),
    BadFile(
      header: "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
      sentence: "4294967296 × 4294967296 elements are more than a file can hold; copy it again"),
    BadFile(
      header: "{'descr': '|u1', 'fortran_order': False, 'shape': [2], }",
      sentence:
        "its header is not that of a NumPy array ('{'descr': '|u1', 'fortran_order': False,'); write it"
        + " with numpy.save"),
    BadFile(
      header: "{'descr': '|u1', 'fortran_order': False, 'shape': (2), }",
      sentence:
        "its header is not that of a NumPy array ('{'descr': '|u1', 'fortran_order': False,'); write it"
        + " with numpy.save"),
    BadFile(
      header: "{'descr': '|u1', 'shape': (2,), }",
      sentence: "its header is not that of a NumPy array ('{'descr': '|u1', 'shape': (2,), }');"
        + " write it with numpy.save"),
    BadFile(
      header: "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), }",
      sentence:
        "its header is not that of a NumPy array ('{'descr': '|u1', 'fortran_order': False,'); write it"
        + " with numpy.save"),
  ]

  @Test(arguments: badFiles)
  func whatIsWrongIsSaid(file: BadFile) {
    #expect(
      message { try NPY.decode(Self.file(file.header, data: [7, 8]), path: "x.npy") }
        == "x.npy: \(file.sentence)")
  }

  @Test func headersThatBreakOffAreSaid() {
    let file = Self.file("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", data: [1, 2])
    #expect(
      message { try NPY.decode(Array(file.prefix(20)), path: "x.npy") }
        == "x.npy: breaks off within the header of a NumPy array; copy it again")
    #expect(
      message { try NPY.decode([1, 2, 3], path: "x.npy") }
        == "x.npy: is not a NumPy array; write it with numpy.save")
    #expect(
      message { try NPY.decode(Self.file("{}", major: 4), path: "x.npy") }
        == "x.npy: has version 4.0 of NumPy's format, 1.0, 2.0 and 3.0 are read; save it again")
    let long: [UInt8] = [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255]
    #expect(
      message { try NPY.decode(long, path: "x.npy") }
        == "x.npy: its header says that it is 4294967295 bytes long, at most 65536 are read;"
        + " copy it again")
  }
}
