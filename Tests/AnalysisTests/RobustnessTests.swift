import Datasets
import Metrics
import Support
import Tensor
import Testing
import TestSupport
import Training
import TrainingFixtures

@testable import Analysis

@Suite struct RobustnessTests {
  private func trained(in folder: String) throws -> TrainingSession {
    let session = try TrainingFixtures.session(["epochs": "6", "hidden": "32"], in: folder)
    _ = try session.train(Witness())
    _ = try session.test()
    return session
  }

  private func curves(
    of session: TrainingSession, _ ranges: [PerturbationRange], seed: UInt64 = 0
  ) throws -> (robustness: RunRobustness, plain: TestResult) {
    let test = Selection(try #require(TrainingFixtures.digits.test))
    return try RobustnessTest(
      run: session.run, checkpointPath: session.run.best, device: Device(threads: 1)
    ).curves(of: test, of: .test, dataset: TrainingFixtures.digits, ranges, seed: seed)
  }

  @Test func curvesBeginWithTheTestAndFall() throws {
    try withTemporaryDirectory { folder in
      let session = try trained(in: folder)
      let before = try readFile(session.run.evaluation)
      let ranges = PerturbationKind.allCases.map { PerturbationRange($0) }
      let (robustness, plain) = try curves(of: session, ranges)
      #expect(robustness.curves.map(\.kind) == PerturbationKind.allCases)
      let recorded = try RecordedTest(reading: session.run.evaluation)
      #expect(plain.evaluation.accuracy == recorded.accuracy)
      for curve in robustness.curves {
        #expect(curve.points.first?.accuracy == recorded.accuracy)
        #expect(curve.meanAccuracy <= recorded.accuracy)
        #expect(curve.points.allSatisfy { $0.interval95.lower <= $0.accuracy })
      }
      let shift = try #require(robustness.curves.first)
      let farthest = try #require(shift.points.last)
      #expect(farthest.accuracy < recorded.accuracy)
      #expect(try readFile(session.run.evaluation) == before)
    }
  }

  @Test func theSameSeedGivesTheSameCurves() throws {
    try withTemporaryDirectory { folder in
      let session = try trained(in: folder)
      let ranges = [PerturbationRange(.noise), PerturbationRange(.rotate, largest: 45)]
      func json(_ seed: UInt64) throws -> JSONObject {
        try Robustness([curves(of: session, ranges, seed: seed).robustness]).json
      }
      let first = try json(1)
      #expect(first == (try json(1)))
      #expect(first["runs"] != (try json(2))["runs"])
      #expect(
        first.keys == ["schema", "dataset", "part", "count", "images_sha256", "seed", "runs"])
      #expect(
        first["runs"]?.array?.first?["curves"]?.array?.first?.object?.keys == [
          "perturbation", "unit", "strengths", "accuracy", "interval95", "loss", "mean_accuracy",
        ])
    }
  }

  private func robustness(_ run: String, images: String) -> RunRobustness {
    let points = [0.0, 1, 2].map {
      RobustnessCurve.Point(strength: $0, loss: $0, accuracy: 0.9 - 0.1 * $0, count: 100)
    }
    return RunRobustness(
      run: run, checkpoint: run + "/best.safetensors", dataset: "d", part: .test, images: images,
      count: 100, seed: 0, curves: [RobustnessCurve(kind: .shift, points: points)])
  }

  @Test func runsOnOtherImagesAreNotDrawnTogether() {
    #expect(throws: RobustnessError.otherImages(first: "r/a", second: "r/b")) {
      _ = try Robustness([robustness("r/a", images: "1"), robustness("r/b", images: "2")])
    }
  }

  @Test func theTableHasARowForEachStrengthOfEachRun() throws {
    let both = try Robustness([robustness("r,a", images: "1"), robustness("r/b", images: "1")])
    let rows = both.csvText.split(separator: "\n")
    #expect(rows.count == 7)
    #expect(rows[0] == "run,perturbation,strength,count,accuracy,lower,upper,loss")
    #expect(rows[1].hasPrefix("\"r,a\",shift,0.0,100,0.9,"))
    #expect(both.names == ["r,a", "b"])
    let alike = try Robustness([robustness("r/a", images: "1"), robustness("s/a", images: "1")])
    #expect(alike.names == ["r/a", "s/a"])
  }
}
