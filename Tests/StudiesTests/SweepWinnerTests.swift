import NN
import Datasets
import Foundation
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Configuration
@testable import Search
@testable import Studies
@testable import Training

@Suite struct SweepWinnerTests: SmallSearch {
  @Test func noTrainingOfTheWinnerBeginsAfterTheTime() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { ($0["trials"], $0["refit"]) = (2, 2) }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      var notes: [String] = []
      var calls = 0
      let result = try winner.run {
        calls += 1
        return calls > 1
      } _: {
        notes.append($0)
      }
      #expect(result == nil && calls == 2)
      #expect(
        notes == [
          "training the winner again, 1 of 2",
          "max_time is over before training 2 of 2 of the winner; the same command does it",
        ])
      #expect(try winner.run { _ in }?.tests.count == 2)
    }
  }

  @Test func theWinnerAloneMeetsTheTestPart() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { $0["trials"] = 3 }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      let result = try #require(try winner.run { _ in })
      #expect(result.trial == record.ranking[0].number && result.tests.count == 1)
      for trial in record.trials {
        let run = RunDirectory(path: StudyPlace(directory).trial(trial.number))
        #expect((access(run.evaluation, F_OK) == 0) == (trial.number == result.trial))
      }
      #expect(try StudyRecord(reading: directory).result == result)
      #expect(try winner.run { _ in Issue.record("trained again") } == result)
    }
  }

  @Test func theWinnerIsTrainedAgainWithSeveralSeedsOnAllImages() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(
        sweep {
          ($0["trials"], $0["refit"]) = (2, 3)
        }, in: directory)
      let winner = try #require(
        SweepWinner(of: record, dataset: TrainingFixtures.digits, device: Device(threads: 1)))
      let result = try #require(try winner.run { _ in })
      #expect(result.tests.map(\.run) == (1...3).map { "\(directory)/winner-\($0)" })
      let seeds = try result.tests.map { test in
        try JSONValue(parsing: readFile(test.run + "/config.json"), path: "")["seed"]?.int
      }
      #expect(seeds == [4, 5, 6])
      #expect(Set(result.tests.map(\.loss)).count == 3)
      #expect(try text(of: result.tests[0].run + "/history.csv").hasSuffix(",,\n"))
    }
  }

  /// A trial's own network and networks that are trained again are no one sample.
  @Test func anotherRefitBeginsItsTestsAnew() throws {
    try withTemporaryDirectory { directory in
      func result(_ refit: Int, on dataset: Dataset = TrainingFixtures.digits) throws -> SweepResult
      {
        let (record, _) = try run(
          sweep {
            ($0["trials"], $0["refit"]) = (2, .integer(refit))
          }, in: directory)
        let winner = try #require(
          SweepWinner(of: record, dataset: dataset, device: Device(threads: 1)))
        return try #require(try winner.run { _ in })
      }
      #expect(try result(0).tests.count == 1)
      let three = try result(3)
      #expect(three.tests.map(\.run) == (1...3).map { "\(directory)/winner-\($0)" })
      let two = try result(2)
      #expect(two.tests == Array(three.tests.prefix(2)))
      #expect(try result(0).tests.count == 1)
      let digits = TrainingFixtures.digits
      let other = Dataset(
        name: digits.name, classes: digits.classes, train: digits.train, test: digits.train)
      #expect(try result(0, on: other).tests.map(\.count) == [160])
    }
  }

  @Test func theBestTrialsCommandTrainsItAgain() throws {
    try withTemporaryDirectory { directory in
      let (record, _) = try run(sweep { $0["trials"] = 2 }, in: directory)
      let best = record.ranking[0]
      let words = record.command(for: best).split(separator: " ").map(String.init)
      #expect(Array(words.prefix(2)) == ["emnist", "train"])
      var layers = LayeredConfiguration()
      for index in stride(from: 2, to: words.count, by: 2) {
        let name = String(words[index].dropFirst(2)).replacing("-", with: "_")
        try layers.layFlag(.known(name), words[index + 1])
      }
      let typed = try layers.resolved(with: recipe(for: layers.configuration)).configuration
      #expect(typed == (try record.sweep.options(of: best.point).configuration))
    }
  }
}
