import Foundation
import Support
import Testing
import TestSupport

@testable import Studies

@Suite struct SweepJournalTests {
  @Test func whatIsAppendedIsRead() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/journal.jsonl"
      let one = try Journal(path: path)
      let other = try Journal(path: path)
      try one.append { _ in [["a": 1], ["b": "ü\n"]] }
      #expect(try other.readNew() == [["a": 1], ["b": "ü\n"]])
      try other.append { seen in
        #expect(seen.isEmpty)
        return [["c": 0.1]]
      }
      #expect(try one.readNew() == [["c": 0.1]])
      #expect(try one.readNew().isEmpty)
    }
  }

  @Test func nothingIsAppendedToAFileThatNobodyFinds() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/journal.jsonl"
      let journal = try Journal(path: path)
      unlink(path)
      #expect(throws: JournalError.removed(path: path)) { try journal.append { _ in [["a": 1]] } }
      try AtomicFile.write(text: "mine", to: directory + "/victim")
      symlink(directory + "/victim", path)
      #expect(throws: FileError.cannotCreate(path: path, reason: ELOOP)) {
        _ = try Journal(path: path)
      }
    }
  }

  /// The checksum is zlib's: `zlib.crc32(b'{"event":"report","trial":3')` in Python.
  @Test func aLineEndsWithTheChecksumOfAllBefore() {
    let line = JournalLine.encode(["event": "report", "trial": 3])
    #expect(
      String(decoding: line, as: UTF8.self)
        == "{\"event\":\"report\",\"trial\":3,\"crc32\":\"e173b4d5\"}\n")
  }

  /// Whatever part of the last line is there, it is dropped, and the next one takes its place.
  @Test func aTornLastLineIsDroppedAndWrittenOver() throws {
    let line = JournalLine.encode(["b": 2])
    for kept in 1..<line.count {
      try withTemporaryDirectory { directory in
        let path = directory + "/journal.jsonl"
        let start = JournalLine.encode(["a": 1])
        try AtomicFile.write(start + line.prefix(kept), to: path)
        let journal = try Journal(path: path)
        try journal.append { seen in
          #expect(seen == [["a": 1]])
          return [["c": 3]]
        }
        #expect(
          journal.notes == ["\(path): line 2, the last, was not written whole and is dropped"])
        #expect(try readFile(path) == start + JournalLine.encode(["c": 3]))
      }
    }
  }

  @Test func aDamagedLastLineIsDropped() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/journal.jsonl"
      var bytes = JournalLine.encode(["a": 1]) + JournalLine.encode(["b": 2])
      bytes[bytes.count - 25] ^= 1
      try AtomicFile.write(bytes, to: path)
      let journal = try Journal(path: path)
      #expect(try journal.readNew() == [["a": 1]])
      #expect(journal.notes.count == 1)
    }
  }

  /// Any flipped bit of any byte of a line in the middle.
  @Test func aDamagedMiddleLineIsNamed() throws {
    let lines = (1...3).map { JournalLine.encode(["number": .integer($0)]) }
    for byte in 0..<lines[1].count - 1 {
      try withTemporaryDirectory { directory in
        let path = directory + "/journal.jsonl"
        var bytes = lines.flatMap { $0 }
        bytes[lines[0].count + byte] ^= 0x04
        try AtomicFile.write(bytes, to: path)
        #expect(
          message { _ = try Journal(path: path).readNew() }
            == "\(path): line 2 is damaged: its checksum does not fit; restore the file from a copy, "
            + "or remove the line if its trial may be lost")
      }
    }
  }
}

extension SweepJournalTests {
  /// Any byte that is no line break, behind any of three lines, whole or torn.
  @Test func aDamagedLineBreakIsNamedAndDropsNothing() throws {
    let lines = (1...3).map { JournalLine.encode(["number": .integer($0)]) }
    let file = lines.flatMap { $0 }
    for (line, end) in [(1, lines[0].count - 1), (2, lines[0].count + lines[1].count - 1)] {
      for (byte, kept) in [(UInt8(0), file.count), (0x0B, file.count - 3), (0x20, file.count - 1)] {
        try withTemporaryDirectory { directory in
          let path = directory + "/journal.jsonl"
          var bytes = file
          bytes[end] = byte
          try AtomicFile.write(bytes.prefix(kept), to: path)
          let journal = try Journal(path: path)
          #expect(
            message { try journal.append { _ in [["lost": 1]] } }
              == "\(path): line \(line) is whole, but byte \(end) behind it is no line break; "
              + "put one there, or restore the file from a copy")
          #expect(try readFile(path) == Array(bytes.prefix(kept)))
        }
      }
    }
  }
}

extension SweepJournalTests {
  @Test func aLaterVersionsJournalIsRefused() throws {
    try withTemporaryDirectory { directory in
      let path = Study.journalPath(directory)
      try AtomicFile.write(
        JournalLine.encode(["event": "study", "schema": 2, "sweep": [:]]), to: path)
      let line = try #require(try Journal(path: path).readNew().first)
      #expect(throws: FormatVersion.self) {
        _ = try StudyEvent.read(line, of: path)
      }
      try AtomicFile.write(text: "{\"schema\": 2}", to: directory + "/winner.json")
      #expect(throws: FormatVersion.self) {
        try SweepResult.checkFormat(of: directory + "/winner.json")
      }
    }
  }
}
