import Datasets
import Foundation
import Support
import Tensor
import Testing
import TestSupport
import TrainingFixtures

@testable import Analysis
@testable import Configuration
@testable import Metrics
@testable import Training

@Suite struct ConfidentJointTests {
  /// Eight samples of three classes, of which none is labelled 2. Thresholds: (0.9 + 0.7 + 0.2 +
  /// 0.7) / 4 = 0.625 and (0.8 + 0.6 + 0.1 + 0.6) / 4 = 0.525.
  private let joint = ConfidentJoint(
    probabilities: [
      0.9, 0.1, 0, 0.7, 0.2, 0.1, 0.2, 0.8, 0, 0.7, 0.1, 0.2, 0.1, 0.8, 0.1, 0.3, 0.6, 0.1, 0.9,
      0.1, 0, 0.3, 0.6, 0.1,
    ].map { Float($0) }, labels: [0, 0, 0, 0, 1, 1, 1, 1], classCount: 3)

  @Test func aSampleCountsForTheClassOfWhichItIsSure() {
    #expect(zip(joint.thresholds, [0.625, 0.525]).allSatisfy { abs($0 - $1) < 1e-7 })
    #expect(joint.thresholds[2].isNaN)
    #expect(joint.confidentClasses == [0, 0, 1, 0, 1, 1, 0, 1])
    #expect(joint.counts.rows == [[3, 1, 0], [1, 3, 0], [0, 0, 0]])
  }

  /// cleanlab 2.9's `compute_confident_joint(labels, probabilities, calibrate=False)`.
  @Test func countsAreThoseOfCleanlab() {
    let labels: [UInt16] = (0..<40).map { (i: Int) -> UInt16 in UInt16((i * i + i / 3) % 4) }
    var probabilities: [Float] = []
    for (i, label) in labels.enumerated() {
      let likely = (Int(label) + (i % 5 == 0 ? 1 : 0)) % 4
      let row: [Int] = (0..<4).map { (c: Int) -> Int in
        1 + (i * 7 + c * 5) % 11 + (c == likely ? 12 : 0)
      }
      let sum = row.reduce(0, +)
      probabilities += row.map { Float($0) / Float(sum) }
    }
    let joint = ConfidentJoint(probabilities: probabilities, labels: labels, classCount: 4)
    #expect(joint.counts.rows == [[7, 2, 0, 0], [0, 4, 1, 0], [0, 0, 9, 3], [0, 0, 0, 3]])
  }

  @Test func countsAreScaledToAllSamples() {
    #expect(joint.errorEstimate == 2)
    #expect(joint.noise.map(\.wrong) == [1, 1, 0] && joint.noise.map(\.missing) == [1, 1, 0])
    let unsure = ConfidentJoint(
      probabilities: [0.9, 0.1, 0.5, 0.5, 0.1, 0.9], labels: [0, 0, 0], classCount: 2)
    // Thresholds 0.5 and none: two of three are sure, of their own class.
    #expect(unsure.counts.rows == [[2, 0], [0, 0]])
    #expect(unsure.errorEstimate == 0)
  }
}

@Suite struct TemperatureTests {
  @Test func doubtThatIsTooGreatIsTakenAway() {
    // 90 of 100 are right, but each is only said with 0.6: sharpness s with
    // 0.6 ^ s / (0.6 ^ s + 0.4 ^ s) = 0.9, so s = log 9 / log 1.5.
    let labels: [UInt16] = (0..<100).map { $0 % 10 == 0 ? 1 : 0 }
    let probabilities = labels.flatMap { _ -> [Float] in [0.6, 0.4] }
    let fitted = Temperature(fitting: probabilities, labels: labels, classCount: 2)
    #expect(abs(fitted.sharpness - log(9) / log(1.5)) < 1e-4)
    let sharp = fitted.apply(to: probabilities, classCount: 2)
    #expect(abs(sharp[0] - 0.9) < 1e-5 && abs(sharp[1] - 0.1) < 1e-5)
  }

  @Test func certaintyAndEmptinessAreNoTrap() {
    let certain = Temperature(fitting: [1, 0, 0, 1], labels: [0, 0], classCount: 2)
    let row = certain.apply(to: [1, 0], classCount: 2)
    #expect(row[0].isFinite && row[1].isFinite)
    #expect(Temperature(fitting: [], labels: [], classCount: 2).sharpness == 1)
  }
}

@Suite struct LabelAuditTests {
  private let device = Device(threads: 1)

  /// The digits, the labels of every eighth training image moved on by one.
  private func spoiled() throws -> (dataset: Dataset, wrong: Set<Int>) {
    let train = try #require(TrainingFixtures.digits.train)
    let wrong = Set(stride(from: 0, to: train.count, by: 8))
    let labels = train.labels.enumerated().map {
      wrong.contains($0.offset) ? ($0.element + 1) % 10 : $0.element
    }
    let images = ImageSet(
      height: train.height, width: train.width, pixels: train.pixels, labels: labels)
    return (
      Dataset(
        name: "spoiled", classes: .digits, train: images, test: TrainingFixtures.digits.test),
      wrong
    )
  }

  private func folds(
    on dataset: Dataset, in folder: String, finish: Int = 4
  ) throws -> RunDirectory {
    let configuration = try TrainingFixtures.configuration(
      ["folds": "4", "epochs": "12", "hidden": "32", "out": folder + "/cv"])
    let validation = try TrainingSeries(
      configuration, dataset: dataset,
      description: modelDescription(for: configuration.configuration), device: device)
    for number in 1...finish { _ = try validation.session(number).train(Witness()) }
    return validation.directory
  }

  @Test func labelsThatWereMovedAreFoundByTheFolds() throws {
    try withTemporaryDirectory { folder in
      let (dataset, wrong) = try spoiled()
      let directory = try folds(on: dataset, in: folder)
      let auditor = try LabelAuditor(directory, device: device)
      #expect(auditor.unseenPart == .train)
      let audit = try auditor.audit(.train, of: dataset)
      #expect(audit.count == 160 && audit.part == .train)
      let first = audit.issues.prefix(20).map(\.index)
      #expect(wrong.intersection(first).count >= 12)
      let confidences = audit.issues.map(\.selfConfidence)
      #expect(confidences == confidences.sorted() && confidences.allSatisfy { $0 < 0.5 })
      #expect(audit.issues.allSatisfy { $0.given == dataset.train?.labels[$0.index] })
      #expect((8...60).contains(audit.joint.errorEstimate))
      let test = try auditor.audit(.test, of: dataset)
      #expect(test.count == 40)
      let rows = audit.csvText.split(separator: "\n")
      #expect(rows[0] == "index,given,suggested,self_confidence,margin,confident")
      #expect(rows.count == audit.issues.count + 1)
      #expect(
        audit.json.keys == [
          "schema", "run", "dataset", "part", "count", "estimated_errors", "issues", "classes",
          "joint",
        ])
    }
  }

  @Test func whatWasLearnedIsNotJudged() throws {
    try withTemporaryDirectory { folder in
      let session = try TrainingFixtures.session(["epochs": "1"], in: folder)
      _ = try session.train(Witness())
      let auditor = try LabelAuditor(session.run, device: device)
      #expect(auditor.unseenPart == .test)
      #expect(
        message { try auditor.check(.train) }
          == "\(session.run.path): has learned the labels of its training part and cannot judge "
          + "them")
      let test = try auditor.audit(.test, of: TrainingFixtures.digits)
      #expect(test.count == 40)
    }
  }

  @Test func everyFoldMustBeThere() throws {
    try withTemporaryDirectory { folder in
      let directory = try folds(on: TrainingFixtures.digits, in: folder, finish: 1)
      let auditor = try LabelAuditor(directory, device: device)
      #expect(
        message { try auditor.check(.train) }
          == "\(directory.path): has 1 of 4 folds")
    }
    #expect(AuditError.seen(run: "r").exitCode == .usage)
    #expect(AuditError.foldsMissing(run: "r", found: 1, wanted: 2).exitCode == .dataError)
  }
}
