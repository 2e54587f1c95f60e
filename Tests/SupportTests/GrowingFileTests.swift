import Foundation
import Support
import Testing

@Suite struct GrowingFileTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
    defer { unlink(path) }
    try body(path)
  }

  private func number(ofFile path: String) -> UInt64 {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  @Test func whatIsNewIsAppended() throws {
    try withFile { path in
      try GrowingFile.write([1, 2, 3], to: path)
      let file = number(ofFile: path)
      try GrowingFile.write([1, 2, 3, 4, 5], to: path)
      #expect(try readFile(path) == [1, 2, 3, 4, 5])
      try GrowingFile.write([1, 2, 3, 4, 5], to: path)
      #expect(try readFile(path) == [1, 2, 3, 4, 5])
      #expect(number(ofFile: path) == file)
    }
  }

  @Test(arguments: [[1, 2], [7, 2, 3, 4], []] as [[UInt8]])
  func anotherContentReplacesTheFile(bytes: [UInt8]) throws {
    try withFile { path in
      try GrowingFile.write([1, 2, 3], to: path)
      let file = number(ofFile: path)
      try GrowingFile.write(bytes, to: path)
      #expect(try readFile(path) == bytes)
      #expect(number(ofFile: path) != file)
    }
  }
}
