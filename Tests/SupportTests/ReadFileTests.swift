import Foundation
import Support
import Testing

@Suite struct ReadFileTests {
  @Test func anEndlessFileEndsInASentence() {
    let error = #expect(throws: FileError.self) { try readFile("/dev/zero", as: .text) }
    #expect(
      error?.description
        == "/dev/zero: holds more than 16 MiB, the most that is read of such a file; check the name"
    )
    #expect(error?.exitCode == .dataError)
  }

  @Test func aFileSaysThatItIsTooLargeBeforeItIsRead() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
    defer { unlink(path) }
    try AtomicFile.write([1, 2, 3], to: path)
    // A hole of a terabyte, which takes no room on the disk.
    try #require(truncate(path, 1 << 40) == 0)
    for kind in [FileKind.text, .table, .data] {
      #expect(throws: FileError.tooLarge(path: path, largest: kind.largestSize)) {
        try readFile(path, as: kind)
      }
    }
  }

  @Test func aPipeThatNobodyWritesToEndsInASentence() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
    defer { unlink(path) }
    try #require(mkfifo(path, 0o600) == 0)
    let error = #expect(throws: FileError.self) { try readFile(path, as: .text) }
    #expect(
      error?.description
        == "\(path): is a pipe that nobody wrote to for 5 seconds; start what writes to it first")
    #expect(error?.exitCode == .noInput)
  }

  /// What is looked at first would be missing from what is read.
  @Test func theStartOfAPipeIsLeftInIt() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
    defer { unlink(path) }
    try #require(mkfifo(path, 0o600) == 0)
    #expect(try FileStart.bytes(of: path, count: 4).isEmpty)
    DispatchQueue.global().async {
      try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data([1, 2, 3]))
    }
    #expect(try readFile(path, as: .text) == [1, 2, 3])
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let path = NSTemporaryDirectory() + "/\(UUID().uuidString)"
    defer { unlink(path) }
    try #require(mkfifo(path, 0o600) == 0)
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    DispatchQueue.global().async {
      try? FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(bytes))
    }
    #expect(try readFile(path, as: .text) == bytes)
  }
}
