import Foundation
import Testing
import TestSupport

@testable import Support

@Suite struct AtomicFileTests {
  @Test func nothingButTheFileIsLeft() throws {
    try withTemporaryDirectory { folder in
      for text in ["one", "two"] {
        try AtomicFile.write(text: text, to: folder + "/file")
        #expect(try readFile(folder + "/file") == Array(text.utf8))
      }
      #expect(try files(in: folder) == ["file"])
    }
  }

  @Test func aFailureLeavesTheOldFileAndNoOther() throws {
    try withTemporaryDirectory { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/full/inner", withIntermediateDirectories: true)
      #expect(throws: FileError.cannotCreate(path: folder + "/full", reason: EISDIR)) {
        try AtomicFile.write([1], to: folder + "/full")
      }
      #expect(throws: FileError.cannotCreate(path: folder + "/none/file", reason: ENOENT)) {
        try AtomicFile.write([1], to: folder + "/none/file")
      }
      #expect(try files(in: folder) == ["full"])
    }
  }

  @Test func aLinkIsReplacedAndNotFollowed() throws {
    try withTemporaryDirectory { folder in
      try AtomicFile.write(text: "mine", to: folder + "/victim")
      symlink(folder + "/victim", folder + "/file")
      try AtomicFile.write(text: "new", to: folder + "/file")
      #expect(try readFile(folder + "/victim") == Array("mine".utf8))
      symlink(folder + "/victim", folder + "/growing")
      try GrowingFile.write(Array("mine and more".utf8), to: folder + "/growing")
      #expect(try readFile(folder + "/victim") == Array("mine".utf8))
      #expect(try readFile(folder + "/growing") == Array("mine and more".utf8))
    }
  }

  @Test func aDeviceIsWrittenIntoAndStaysOne() throws {
    #expect(throws: FileError.cannotWrite(path: "/dev/full", reason: ENOSPC)) {
      try AtomicFile.write([1], to: "/dev/full")
    }
    try AtomicFile.write([1], to: "/dev/null")
    #expect(FileSystem.status("/dev/null").map { $0.st_mode & S_IFMT } == S_IFCHR)
  }

  /// Linux's directory in memory has files like any other's, although it is below `/dev`.
  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
  func aFileInMemoryIsReplacedToo() throws {
    let folder = "/dev/shm/emnist-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for text in ["one", "two"] { try AtomicFile.write(text: text, to: folder + "/file") }
    #expect(try readFile(folder + "/file") == Array("two".utf8))
  }

  @Test func whatAKilledProcessLeftIsRemovedAndNothingElse() throws {
    try withTemporaryDirectory { folder in
      let left = ".emnist-0123456789abcdef.tmp"
      let others = [
        ".emnist-0123456789ABCDEF.tmp", ".emnist-0123456789abcde.tmp", ".emnist-.tmp",
        ".other-0123456789abcdef.tmp", "file.12.tmp",
      ]
      for name in others + [left] { try AtomicFile.write([1], to: "\(folder)/\(name)") }
      // Somebody is still writing this one.
      guard let busy = TemporaryFile(in: folder) else { throw FileError.missing(path: folder) }
      symlink("\(folder)/file.12.tmp", folder + "/.emnist-ffffffffffffffff.tmp")
      Leftovers.remove(from: folder)
      #expect(!FileSystem.exists("\(folder)/\(left)") && FileSystem.exists(busy.path))
      #expect(Leftovers.others(in: folder).sorted() == others.sorted())
      _ = busy.removed { .cannotWrite(path: folder, reason: $0) }
    }
  }
}
