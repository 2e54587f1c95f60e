import NN
import Datasets
import Foundation
import Support
import Synchronization
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Search
@testable import Studies
@testable import Training

/// A study, and what lies in its directory, is not taken for another's.
@Suite struct StudyOwnershipTests: SmallSearch {
  @Test func aStudyStaysWithItsImages() throws {
    try withTemporaryDirectory { directory in
      try run(sweep { $0["trials"] = 1 }, in: directory)
      let engine = SweepEngine(
        directory: directory, sweep: try sweep { $0["trials"] = 2 },
        plan: SweepPlan(try sweep().settings), dataset: TrainingFixtures.senseless,
        observer: SweepWitness())
      #expect(throws: JournalError.otherData(path: directory + "/journal.jsonl")) {
        try engine.prepare(isFirst: true)
      }
      let manifest = try Manifest(reading: StudyPlace(directory).manifest)
      #expect(manifest.kind == .study && manifest.sessions.count == 1)
    }
  }

  @Test func whatIsNoStudysIsLeftAlone() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/journal.jsonl"
      for text in ["{\"step\": 1}\n", "notes"] {
        try AtomicFile.write(text: text, to: path)
        #expect(throws: JournalError.foreign(path: path)) { try run(sweep(), in: directory) }
        #expect(try readFile(path) == Array(text.utf8))
      }
      unlink(path)
      try AtomicFile.write(text: "mine", to: directory + "/thesis.txt")
      #expect(throws: StudyError.notEmpty(path: directory)) {
        try StudyPlace(directory).checkEmptyOrStudy()
      }
    }
  }

  @Test func aTrialDoesNotGoOnFromAnotherSweepsCheckpoint() throws {
    try withTemporaryDirectory { directory in
      let options = ["model": "mlp", "hidden": "16", "batch_size": "32", "epochs": "4"]
      let place = StudyPlace(directory).trial(0)
      let other = try TrainingFixtures.configuration(
        options.merging(["lr": "0.3", "max_steps": "5", "out": place]) { $1 })
      try FileManager.default.createDirectory(
        atPath: StudyPlace(directory).trials, withIntermediateDirectories: true)
      // The directory is locked while the session lives.
      do {
        let session = try TrainingSession(
          other.naming(TrainingFixtures.digits), dataset: TrainingFixtures.digits,
          description: modelDescription(for: other.configuration), device: Device(threads: 1))
        _ = try session.train(Witness())
      }
      let text = """
        {"method": "grid", "parameters": {"lr": {"values": [0.01]}}, "emnist":
          {"base": {"model": "mlp", "hidden": [16], "batch_size": 32, "epochs": 2}}}
        """
      let (mixed, _) = try run(sweep(text), in: directory)
      let (clean, _) = try run(sweep(text), in: directory + "/clean")
      #expect(table(mixed) == table(clean))
    }
  }

  @Test func aDirectoryWithoutAStudyIsNone() throws {
    try withTemporaryDirectory { directory in
      #expect(throws: StudyError.notAStudy(path: directory)) {
        _ = try StudyRecord(reading: directory)
      }
    }
    #expect(
      StudyError.isBusy(path: "runs/a").description
        == "runs/a: another sweep is at work here")
  }

  @Test func aLockIsHeldByOneAtATime() throws {
    try withTemporaryDirectory { directory in
      var lock = DirectoryLock(directory)
      #expect(lock != nil)
      #expect(DirectoryLock(directory) == nil)
      withExtendedLifetime(lock) {}
      lock = nil
      #expect(DirectoryLock(directory) != nil, "it goes with its holder")
    }
  }
}
