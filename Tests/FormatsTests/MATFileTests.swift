import Testing
import TestSupport

@testable import Formats

@Suite struct MATFileTests {
  private static func golden(_ name: String) throws -> [UInt8] {
    try #require(GoldenArrayFiles.all.mat.first { $0.name == name }).bytes
  }

  @Test(arguments: GoldenArrayFiles.all.mat)
  func whatSciPyWritesIsRead(file: GoldenArrayFile) throws {
    let mat = try MATFile(parsing: file.bytes, path: "x.mat")
    let arrays = try #require(file.arrays)
    #expect(mat.names == arrays.map(\.name))
    for array in arrays {
      #expect(mat.shape(of: array.name) == array.shape)
      array.expectEqual(mat[array.name], "\(array.name)")
    }
    if let texts = file.texts { #expect(mat.texts["classes"] == texts) }
  }

  @Test func aDeflatedFileBreaksOffInOneSentence() throws {
    let file = try Self.golden("EMNIST, deflated")
    for length in stride(from: 128 + 9, to: file.count, by: 7) {
      var start = Array(file.prefix(length))
      // The size of the compressed element fits what is there.
      for byte in 0..<4 { start[132 + byte] = UInt8((length - 136) >> (8 * byte) & 255) }
      #expect(
        message { try MATFile(parsing: start, path: "x.mat") }
          == "x.mat: the MATLAB file's compressed data are damaged (it breaks off); copy it again",
        "\(length)")
    }
  }

  @Test func aPlainFileBreaksOffInOneSentence() throws {
    let file = try Self.golden("EMNIST, plain")
    for length in stride(from: 129, to: file.count, by: 9) {
      let text = message { try MATFile(parsing: Array(file.prefix(length)), path: "x.mat") }
      #expect(text.hasPrefix("x.mat: the MATLAB file promises "), "\(text)")
    }
  }

  @Test func otherVersionsAreNamed() throws {
    let header = Array("MATLAB 7.3 MAT-file, Platform: GLNXA64".utf8)
    let version73 = header + [UInt8](repeating: 0x20, count: 512 - header.count)
    let sentence =
      "x.mat: is a MATLAB file of version 7.3, which is HDF5; save it in MATLAB with"
      + " save(file, '-v7') or in Python with numpy.savez"
    #expect(message { try MATFile(parsing: version73, path: "x.mat") } == sentence)
    var file = try Self.golden("u1")
    file[125] = 2
    #expect(message { try MATFile(parsing: file, path: "x.mat") } == sentence)
    #expect(
      message { try MATFile(parsing: [0, 0, 0, 0], path: "x.mat") }
        == "x.mat: is not a MATLAB file of level 5; save it in MATLAB with save(file, '-v7')")
  }

  /// A matrix of 2 × 3 bytes, whose tag says where each piece is.
  private static func matrix(_ shape: [UInt8] = [2, 0, 0, 0, 3, 0, 0, 0]) -> [UInt8] {
    var body: [UInt8] = [6, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]
    body += [5, 0, 0, 0, 8, 0, 0, 0] + shape
    body += [1, 0, 1, 0, 0x78, 0, 0, 0]
    body += [2, 0, 0, 0, 6, 0, 0, 0, 1, 4, 2, 5, 3, 6, 0, 0]
    return [14, 0, 0, 0, UInt8(body.count), 0, 0, 0] + body
  }

  private static func file(_ element: [UInt8]) throws -> [UInt8] {
    try Array(golden("u1").prefix(128)) + element
  }

  @Test func aMatrixByHandIsRead() throws {
    let file = try MATFile(parsing: Self.file(Self.matrix()), path: "x.mat")
    #expect(file["x"]?.doubles() == [1, 2, 3, 4, 5, 6])
  }

  @Test func shapesThatDoNotFitAreSaid() throws {
    let file = try Self.file(Self.matrix([2, 0, 0, 0, 4, 0, 0, 0]))
    #expect(
      message { try MATFile(parsing: file, path: "x.mat") }
        == "x.mat: the MATLAB file has 6 bytes for 2 × 4 numbers of type uint8; copy it again")
    let huge = try Self.file(Self.matrix([255, 255, 255, 127, 255, 255, 255, 127]))
    #expect(
      message { try MATFile(parsing: huge, path: "x.mat") }
        == "x.mat: the MATLAB file has 6 bytes for 2147483647 × 2147483647 numbers of type uint8;"
        + " copy it again")
  }

  @Test func structuresTooDeepAreRefused() throws {
    // A cell of a cell of a cell, and so on.
    var element: [UInt8] = [14, 0, 0, 0, 0, 0, 0, 0]
    for _ in 0..<40 {
      var body: [UInt8] = [6, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
      body += [5, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
      body += [1, 0, 1, 0, 0x78, 0, 0, 0] + element
      element = [14, 0, 0, 0, UInt8(body.count & 255), UInt8(body.count >> 8), 0, 0] + body
    }
    let file = try Self.file(element)
    #expect(
      message { try MATFile(parsing: file, path: "x.mat") }
        == "x.mat: the MATLAB file has structures nested too deeply; save the arrays themselves")
  }

  @Test func aBombIsOneSentence() throws {
    // 100 MB of zeros, as a matrix that promises 4 GB.
    var head: [UInt8] = [14, 0, 0, 0, 255, 255, 255, 255]
    head += [UInt8](repeating: 0, count: 1 << 20)
    let data = Deflate.compress(head, level: 9, frame: .zlib)
    let size = (0..<4).map { UInt8(data.count >> (8 * $0) & 255) }
    let file = try Self.file([15, 0, 0, 0] + size + data)
    #expect(
      message { try MATFile(parsing: file, path: "x.mat") }
        == "x.mat: the MATLAB file promises 4294967295 bytes where \(1032 * data.count - 8) are"
        + " left; copy it again")
  }
}
