import Foundation
import Support
import Testing
import TestSupport

@testable import Reports
@testable import Search
@testable import Studies

@Suite struct StudyTextTests {
  private func text(
    _ record: StudyRecord, width: Int = 120, color: Bool = false, unicode: Bool = true
  ) -> String {
    StudyText.text(
      of: record,
      terminal: Terminal(
        width: width, canRedraw: true, allowsColor: color, allowsUnicode: unicode))
  }

  private func lines(_ fixture: StudyFixture, width: Int = 120) throws -> [String] {
    text(try fixture.record, width: width).components(separatedBy: "\n")
  }

  @Test func everythingIsSaid() throws {
    let sweep = try StudyFixture(
      #"{"lr": {"values": [0.5, 0.125]}, "epochs": {"value": 3}, "optimizer": {"values": ["sgd"]}}"#
    ).sweep
    func trial(
      _ number: Int, _ lr: Double, _ change: (inout StudyTrial) -> Void
    ) throws -> StudyTrial {
      let parameters: JSONObject = ["lr": .number(lr), "epochs": 3, "optimizer": "sgd"]
      let point = try #require(SearchPoint(parameters, in: sweep.space))
      var trial = StudyTrial(number: number, point: point, worker: "w")
      change(&trial)
      return trial
    }
    let trials = try [
      trial(0, 0.5) {
        ($0.state, $0.reports, $0.value, $0.seconds) = (.finished, [0.1, 0.7, 0.6], 0.7, 65)
      },
      trial(1, 0.125) {
        ($0.state, $0.reports, $0.value, $0.seconds) = (.finished, [0.1, 0.2, 0.8], 0.8, 4.25)
      },
      trial(2, 0.5) { ($0.state, $0.reason, $0.seconds) = (.failed, "out of luck", 1) },
      trial(3, 0.5) { ($0.state, $0.reports, $0.seconds) = (.pruned, [0.1], 1) },
    ]
    let record = StudyRecord(
      directory: "sweeps/demo", sweep: sweep, trials: trials, notes: ["line 9 is torn"])
    #expect(
      text(record) == """
        sweeps/demo: 4 trials to maximize val_accuracy: 2 finished, 1 pruned, 1 failed; trained for 1 min 11 s

        rank  trial  val_accuracy  epochs        time  lr
        ────  ─────  ────────────  ──────  ──────────  ─────
           1      1       80.00 %       3       4.2 s  0.125
           2      0       70.00 %       3  1 min 05 s  0.5

        The best one again
          emnist train --epochs 3 --monitor val_accuracy --optimizer sgd --lr 0.125 --seed 0

        Failed
          trial 2: out of luck

        note: line 9 is torn

        """)
  }

  @Test(arguments: [60, 80, 100, 200]) func theTableFitsTheTerminal(width: Int) throws {
    let lines = try lines(StudyFixture(), width: width)
    let table = lines.drop { !$0.hasPrefix("rank") }.prefix { !$0.isEmpty }
    #expect(table.prefix(12).map(\.count).max() ?? 999 <= width)
    #expect(table.contains { $0.hasPrefix("not shown here: ") } == (width < 100))
    // What matters most stays to the last.
    #expect(table.first?.contains(width > 60 ? "lr" : "rank") == true)
  }

  @Test func anOptionOfSeveralParametersHasOneColumn() throws {
    let lines = try lines(StudyFixture(StudyFixture.nested))
    let header = try #require(lines.first { $0.hasPrefix("rank") })
    #expect(
      header.split(separator: " ").suffix(5)
        == ["optimizer", "momentum", "nesterov", "dropout", "lr"])
    #expect(!lines.contains { $0.contains("drawn") })
  }

  @Test func importanceIsNotShownAsIfItWereKnown() throws {
    let record = try StudyFixture().record
    let lines = text(record).split(separator: "\n")
    let known = try #require(lines.first { $0.hasPrefix("optimizer ") && $0.contains(" to ") })
    #expect(!known.contains("too few trials"))
    let unknown = try #require(lines.first { $0.hasPrefix("lr ") && $0.contains(" to ") })
    #expect(unknown.contains("too few trials  0."))
    #expect(text(record, unicode: false).utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func aStudyWithoutAFinishedTrialSaysSo() throws {
    let none = try lines(StudyFixture { $0.count = 0 })
    #expect(none == ["sweeps/demo: no trial has begun", ""])
    let running = try lines(StudyFixture { ($0.count, $0.running) = (2, 2) })
    #expect(
      running == [
        "sweeps/demo: 2 trials to maximize val_accuracy: 2 running; trained for 0.0 s", "",
        "No trial has finished yet.", "",
      ])
  }

  @Test func trialsOfSeveralTrainingsAreCountedInThem() throws {
    let lines = try lines(StudyFixture { $0.more = #", "emnist": {"folds": 5}"# })
    #expect(lines.contains { $0.contains(" trainings ") })
  }

  @Test func theTestOfTheWinnerHasItsInterval() throws {
    try withTemporaryDirectory { folder in
      let record = try StudyFixture { $0.directory = folder }.record
      let best = try #require(record.ranking.first).number
      func write(_ accuracies: [Double]) throws -> [String] {
        let tests: [JSONValue] = accuracies.map {
          ["run": "w", "count": 1000, "loss": 0.5, "accuracy": .number($0)]
        }
        let json: JSONValue = ["trial": .integer(best), "tests": .array(tests)]
        try AtomicFile.write(text: json.text(), to: StudyPlace(folder).winner)
        return text(record).components(separatedBy: "\n")
      }
      #expect(try write([0.9]).contains("95 % interval                  87.98 to 91.71 %"))
      let three = try write([0.9, 0.91, 0.92])
      #expect(three.contains("mean                                         91.00 %"))
      #expect(three.contains("standard deviation                            1.00 %"))
      #expect(three.contains("95 % interval                       88.52 to 93.48 %"))
      let heading = "Test of trial \(best), trained again on training and validation images"
      #expect(three.contains(heading + " with 3 seeds"))
    }
  }

  @Test func failuresOfOneKindShareALine() throws {
    let lines = try lines(StudyFixture { ($0.failed, $0.pruned, $0.epochs) = (1, 0, 1) })
    #expect(
      lines.contains("  trials 0, 1, 2, 3, 4 and 35 more: the loss of epoch 1 is not a number"))
  }

  @Test(arguments: [
    (0.003127, "0.003127"), (0.5, "0.5"), (0, "0"), (-12.345678, "-12.35"), (3e-7, "3e-7"),
    (1234567, "1234567"), (0.99999, "1"), (123.45, "123.5"), (.infinity, "inf"),
  ]) func numbersHaveFourDigits(number: Double, expected: String) {
    #expect(significant(number) == expected)
  }
}
