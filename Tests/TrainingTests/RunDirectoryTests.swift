import Foundation
import Support
import Testing
import TestSupport

@testable import Training

@Suite struct RunDirectoryTests {
  private func create(under root: String) throws -> String {
    try RunDirectory.create(out: nil, name: nil, stem: "cnn-mnist", force: false, root: root).path
  }

  @Test func runsWithoutANameAreNumbered() throws {
    try withTemporaryDirectory { folder in
      let root = folder + "/deep/runs"
      var paths = try [create(under: root), create(under: root)]
      rmdir("\(root)/cnn-mnist-1")
      paths += try [create(under: root), create(under: root)]
      #expect(paths == [1, 2, 1, 3].map { "\(root)/cnn-mnist-\($0)" })
    }
  }

  @Test func aNameStandsUnderRunsAndAPlaceWhereItIs() throws {
    try withTemporaryDirectory { folder in
      let named = try RunDirectory.create(
        out: nil, name: "mine", stem: "s", force: false, root: folder)
      #expect(named.path == folder + "/mine")
      let placed = try RunDirectory.create(
        out: folder + "/a/b", name: "mine", stem: "s", force: false, root: folder)
      #expect(placed.path == folder + "/a/b")
      #expect(try files(in: folder) == ["a", "mine"])
    }
  }

  @Test func aDirectoryWithFilesIsLeftAlone() throws {
    try withTemporaryDirectory { folder in
      try AtomicFile.write(text: "x", to: folder + "/best.safetensors")
      #expect(
        message {
          _ = try RunDirectory.create(out: folder, name: nil, stem: "s", force: false)
        }
          == "\(folder): is not empty")
      #expect(RunError.exists(path: "x").exitCode == .cannotCreate)
      #expect(try text(of: folder + "/best.safetensors") == "x")
    }
  }

  /// As an end leaves it while the first file of a run, or of a cross-validation, is written.
  @Test(arguments: ["", "fold-1/"])
  func aDirectoryWithNothingWholeCountsAsEmpty(place: String) throws {
    try withTemporaryDirectory { folder in
      try makeDirectories("\(folder)/\(place)")
      let left = "\(folder)/\(place).emnist-0123456789abcdef.tmp"
      try AtomicFile.write(text: "x", to: left)
      _ = try RunDirectory.create(out: folder, name: nil, stem: "s", force: false)
      _ = try RunDirectory.create(out: folder + "/fold-1", name: nil, stem: "s", force: false)
      #expect(!FileSystem.exists(left))
    }
  }

  @Test func forceRemovesTheOldRunAndNothingElse() throws {
    try withTemporaryDirectory { folder in
      for name in [
        "config.json", "history.csv", "steps.csv", "events.out.tfevents.emnist", "last.safetensors",
        "notes.txt",
      ] {
        try AtomicFile.write(text: "x", to: "\(folder)/\(name)")
      }
      _ = try RunDirectory.create(out: folder, name: nil, stem: "s", force: true)
      #expect(try files(in: folder) == ["notes.txt"])
    }
  }

  @Test func aReportTakesItsOwnPicturesWithItAndNoOthers() throws {
    try withTemporaryDirectory { folder in
      let run = RunDirectory(path: folder)
      try makeDirectories(run.pictures)
      for name in ["report/loss.svg", "report/loss.png", "report/mine.svg", "best.svg"] {
        try AtomicFile.write(text: "x", to: "\(folder)/\(name)")
      }
      let figures = ["loss", "../best"].map { "<figure class=\"wide\" id=\"\($0)\"></figure>" }
      try AtomicFile.write(text: figures.joined(), to: run.report)
      run.removeReport()
      #expect(try files(in: folder) == ["best.svg", "report"])
      #expect(try files(in: run.pictures) == ["mine.svg"])
    }
  }

  @Test func aPlaceThatCannotBeMadeIsNamed() throws {
    try withTemporaryDirectory { folder in
      let file = folder + "/file"
      try AtomicFile.write(text: "x", to: file)
      for path in [file, file + "/run"] {
        let create = { _ = try RunDirectory.create(out: path, name: nil, stem: "s", force: true) }
        #expect(
          message(of: create)
            == "\(path): cannot be created: not a directory; "
            + "choose another place or change its permissions")
        #expect(throws: FileError.cannotCreate(path: path, reason: ENOTDIR), performing: create)
      }
      #expect(
        message {
          _ = try RunDirectory.create(out: nil, name: nil, stem: "s", force: false, root: file)
        }
          == "\(file): cannot be created: not a directory; "
          + "choose another place or change its permissions")
    }
  }

  @Test(.disabled(if: getuid() == 0, "root may write everywhere"))
  func aDirectoryThatMayNotBeWrittenIsNamed() throws {
    try withTemporaryDirectory { folder in
      chmod(folder, 0o500)
      #expect(
        message { _ = try RunDirectory.create(out: folder, name: nil, stem: "s", force: false) }
          == "\(folder): cannot be created: permission denied; "
          + "choose another place or change its permissions")
    }
  }

  @Test func theNewestRunIsTheOneWhoseCheckpointIs() throws {
    try withTemporaryDirectory { root in
      // The newest of all has no checkpoint yet.
      for (name, age) in [("a", 30.0), ("b", 10), ("c", 20), ("d", nil)] {
        let run = RunDirectory(path: "\(root)/\(name)")
        mkdir(run.path, 0o755)
        try AtomicFile.write(text: "{}", to: run.config)
        guard let age else { continue }
        try AtomicFile.write(text: "x", to: run.last)
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: run.last)
      }
      #expect(try RunDirectory.find(nil, root: root).path == root + "/b")
      #expect(try RunDirectory.find(root + "/a").path == root + "/a")
      // A directory of repeats is as new as the newest of them.
      let group = RunDirectory(path: root + "/group")
      try makeDirectories(group.path + "/repeat-1")
      try AtomicFile.write(
        text: "{}", to: RunDirectory(path: group.path + "/repeat-1").config)
      try AtomicFile.write(text: "x", to: RunDirectory(path: group.path + "/repeat-1").last)
      #expect(try RunDirectory.newest(root: root).path == group.path)
      #expect(throws: RunError.holdsSeveral(path: group.path, .repeats)) {
        try RunDirectory.find(nil, root: root)
      }
    }
  }

  @Test func whatIsNoRunIsNamed() throws {
    try withTemporaryDirectory { folder in
      #expect(
        message { _ = try RunDirectory.find(nil, root: folder + "/runs") }
          == "runs: no run found here")
      #expect(
        message { _ = try RunDirectory.find(folder) }
          == "\(folder): has no config.json, so it is not a run directory")
      #expect(
        message { _ = try RunDirectory.find(folder + "/no") }
          == "\(folder)/no: no such run, here or under runs/")
      try AtomicFile.write(text: "", to: "\(folder)/\(RunDirectory.studyJournal)")
      #expect(
        message { _ = try RunDirectory.find(folder) }
          == "\(folder): is a study, not a run; name one of its runs, as \(folder)/trials/0000")
      mkdir("\(folder)/cnn-mnist-1", 0o755)
      #expect(
        message { _ = try RunDirectory.named("cnn-mnst-1", root: folder) }
          == "cnn-mnst-1: no such run, here or under runs/; did you mean \(folder)/cnn-mnist-1?")
      let found = try RunDirectory.named("cnn-mnist-1", root: folder)
      #expect(found.path == "\(folder)/cnn-mnist-1")
    }
    #expect(RunError.noRuns.exitCode == .noInput)
    #expect(RunError.notARun(path: "x").exitCode == .noInput)
  }
}
