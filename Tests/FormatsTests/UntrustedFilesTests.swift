import Foundation
import Support
import Testing
import TestSupport

@testable import Formats

/// What files of strangers promise is checked against what they are before anything is allocated.
@Suite struct UntrustedFilesTests {
  /// A small file that promises much, and its reader.
  struct Lie: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let read: @Sendable ([UInt8]) throws -> Void
  }

  /// The header of an IDX file, without what it promises.
  private static func idx(_ dimensions: [Int]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)]
      + dimensions.flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 255) } }
  }

  private static func npy(_ shape: String) -> [UInt8] {
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(shape)), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + [UInt8](repeating: 0, count: 64)
  }

  private static let most = 0xFFFF_FFFF
  private static func readIDX(_ bytes: [UInt8]) throws {
    _ = try IDXFile(parsing: bytes, path: "x")
  }
  private static func readNPY(_ bytes: [UInt8]) throws { _ = try NPY.decode(bytes, path: "x") }
  private static func readZip(_ bytes: [UInt8]) throws {
    let zip = try ZipArchive(parsing: bytes, path: "x")
    for member in zip.members {
      let content = try zip.contents(of: member)
      if NPY.isArray(content) { try readNPY(content) } else { try readIDX(content) }
    }
  }
  private static func zip(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    var writer = ZipWriter()
    writer.add(name, bytes, level: 9)
    return writer.finished()
  }

  static let lies = [
    Lie(testDescription: "idx", bytes: idx([most, 28, 28]), read: readIDX),
    Lie(
      testDescription: "idx beyond counting", bytes: idx([most, most, most, most]), read: readIDX),
    Lie(testDescription: "idx in gzip", bytes: Gzip.compress(idx([most, 28, 28])), read: readIDX),
    Lie(testDescription: "npy", bytes: npy("1000000, 1000000"), read: readNPY),
    Lie(
      testDescription: "npy beyond counting",
      bytes: npy("9223372036854775807, 9223372036854775807"), read: readNPY),
    Lie(testDescription: "npy below nothing", bytes: npy("-1, 28, 28"), read: readNPY),
    Lie(testDescription: "npy in zip", bytes: zip("x.npy", npy("1000000, 1000000")), read: readZip),
    Lie(
      testDescription: "idx in gzip in zip",
      bytes: zip("x.gz", Gzip.compress(idx([most, 28, 28]))), read: readZip),
  ]

  @Test(arguments: lies) func aPromiseIsRefusedInASentence(lie: Lie) {
    do {
      try lie.read(lie.bytes)
      Issue.record("read")
    } catch let error as any UserError {
      #expect(error.exitCode == .dataError && !error.description.contains("\n"), "\(error)")
    } catch {
      Issue.record("\(error)")
    }
  }

  /// Nothing of an archive is ever unpacked: its members are read where they lie, and a path that
  /// leads out of it names none.
  @Test(arguments: ["../secret", "a/../../secret", "/secret", "./../secret"])
  func aPathOutOfAnArchiveNamesNothing(path: String) throws {
    try withTemporaryFolder { folder in
      try folder.write("secret", Array("secret".utf8))
      let archive = try folder.write("d/x.zip", Self.zip("a/b", [1]))
      #expect(throws: (any Error).self) { try SourceFile("\(archive)/\(path)").bytes() }
      #expect(try SourceFile("\(archive)/a/b").bytes() == [1])
      #expect(try files(in: folder.path + "/d") == ["x.zip"])
    }
  }
}
