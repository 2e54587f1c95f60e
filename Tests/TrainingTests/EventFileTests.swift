import Interchange
import Support
import Testing
import TestSupport

@testable import Training

@Suite struct EventFileTests {
  private func record(_ epoch: Int, loss: Double) -> EpochRecord {
    EpochRecord(
      epoch: epoch, seconds: 2, imagesPerSecond: 10, learningRate: 0.1, trainLoss: loss,
      trainAccuracy: 0.5, validationLoss: nil, validationAccuracy: nil)
  }

  @Test func aHistorysFileGrows() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/events"
      let history = [record(1, loss: 1), record(2, loss: .nan)]
      try Array(history.prefix(1)).writeEvents(to: path)
      let first = try readFile(path)
      let time = try #require(TensorBoardEvents.time(ofFile: path))
      #expect(abs(time + 2 - wallClockSeconds()) < 60)
      try history.writeEvents(to: path)
      let second = try readFile(path)
      #expect(second.count > first.count && second.starts(with: first))
      // A history that was taken back begins the file anew, with the time that it had.
      try [record(1, loss: 3)].writeEvents(to: path)
      #expect(try readFile(path).count == first.count)
      #expect(TensorBoardEvents.time(ofFile: path) == time)
    }
  }
}
