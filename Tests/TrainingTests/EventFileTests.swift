import Metrics
import Support
import Testing
import TestSupport
import TrainingFixtures

@testable import Interchange
@testable import Training

@Suite struct EventFileTests {
  /// An event of a file: a step of the training, and the tags that it has numbers or pictures for.
  private struct Event {
    let step: Int
    let tags: [String]
    let hasGraph: Bool
  }

  /// Reads records: length, checksum, message, checksum.
  private func events(_ path: String) throws -> [Event] {
    var rest = try readFile(path)[...]
    var events: [Event] = []
    while !rest.isEmpty {
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      let event = try ProtobufFields(parsing: rest.dropFirst(12).prefix(length), path: path)
      rest = rest.dropFirst(16 + length)
      let tags = try event.messages(5).flatMap { try $0.messages(1).map { $0.text(1) } }
      events.append(
        Event(step: try event.integer(2), tags: tags, hasGraph: event.numbers.contains(4)))
    }
    return events
  }

  @Test func layersOptionsSamplesAndTheTestAreThere() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "2"], in: folder)
      _ = try session.train(Witness())
      _ = try session.test()
      let found = try events(session.run.events)
      #expect(found.count { $0.hasGraph } == 1)
      for tag in ["configuration", "samples"] {
        #expect(found.count { $0.tags == [tag] && $0.step == 0 } == 1)
      }
      let last = try #require(found.last)
      #expect(last.tags == ["confusion/test"] && last.step == session.trainer.bestEpoch)
      #expect(found.filter { $0.tags.contains("loss/train") }.map(\.step) == [1, 2])
    }
  }

  /// Trains for an epoch and tests.
  ///
  /// - Returns: the file before the test.
  private func trainedAndTested(in folder: String) throws -> [UInt8] {
    let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
    _ = try session.train(Witness())
    let first = try readFile(session.run.events)
    _ = try session.test()
    #expect(try readFile(session.run.events).starts(with: first))
    return first
  }

  @Test func aTrainingThatIsGoneOnWithHasNoPointTwice() throws {
    try withTemporaryDirectory { folder in
      let first = try trainedAndTested(in: folder)
      let longer = try TrainingFixtures.resumed(["epochs": "3"], run: folder + "/run")
      _ = try longer.train(Witness())
      // What was written before is the same, so that whoever follows the file misses nothing.
      #expect(try readFile(longer.run.events).starts(with: first))
      _ = try longer.test()
      let points = try events(longer.run.events).flatMap { event in
        event.tags.map { "\($0) \(event.step)" }
      }
      #expect(Set(points).count == points.count)
      let losses = points.filter { $0.hasPrefix("loss/val") }
      #expect(losses == ["loss/val 1", "loss/val 2", "loss/val 3"])
    }
  }

  @Test func aHistoryThatWasTakenBackBeginsTheFileAnew() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "2"], in: folder)
      _ = try session.train(Witness())
      let path = session.run.events
      let (whole, time) = (try readFile(path), TensorBoardEvents.time(ofFile: path))
      let history = session.trainer.history
      try TrainingEvents(session).write(Array(history.prefix(1)), to: path)
      #expect(try readFile(path).count < whole.count && whole.starts(with: readFile(path)))
      #expect(TensorBoardEvents.time(ofFile: path) == time && time != nil)
      #expect(abs((time ?? 0) - wallClockSeconds()) < 600)
    }
  }

  @Test func theMatrixOfManyClassesIsAPictureOfTheWorst() throws {
    var matrix = ConfusionMatrix(labels: (0..<300).map { "class \($0)" })
    for c in 0..<300 { matrix[c, c] = 5 }
    matrix[7, 200] = 3
    let picture = TrainingPictures.confusion(matrix)
    #expect(picture.width == picture.height && picture.width < 1500 && !picture.png.isEmpty)
  }
}
