import Datasets
import Metrics
import NN
import Support
import Tensor
import Testing
import TestSupport

@testable import Training

@Suite struct RunTesterTests {
  /// A data set of blank images.
  private func dataset(_ labels: [String], height: Int = 4, width: Int = 5) -> Dataset {
    Dataset(
      name: "blank", classes: ClassTable(labels: labels), train: nil,
      test: ImageSet(
        height: height, width: width, pixels: [UInt8](repeating: 7, count: 3 * height * width),
        labels: [0, 1, 1]))
  }

  /// Tests a run that knows the classes `a` and `b` and images of 4 × 5 pixels.
  private func test(on dataset: Dataset, rehearsing: Bool = false, batch: Int = 2) throws
    -> TestResult
  {
    try withTemporaryDirectory { folder in
      let device = Device(threads: 1)
      let description = ModelDescription(name: "m", layers: [Flatten(), Dense(.classes)])
      let model = try Model(description, inputShape: [4, 5, 1], classes: 2, on: device)
      let run = RunDirectory(path: folder)
      try Checkpoint(
        model: model, classes: ClassTable(labels: ["a", "b"]),
        normalization: Normalization(mean: 0, standardDeviation: 1), dataset: "d", epoch: 1,
        step: 1
      ).write(model, to: run.best)
      let test = try #require(dataset.test)
      do {
        return try RunTester(
          run: RunDirectory(path: "R"), checkpointPath: run.best, device: device
        ).test(Selection(test), dataset: dataset, batch: batch, isRehearsal: rehearsing)
      }
    }
  }

  @Test func theResultNamesRunAndData() throws {
    let result = try test(on: dataset(["a", "b"]))
    #expect(result.run == "R" && result.dataset == "blank")
    #expect(result.indices == [0, 1, 2] && result.evaluation.count == 3)
  }

  @Test func aRehearsalTestsOneBatch() throws {
    let result = try test(on: dataset(["a", "b"]), rehearsing: true)
    #expect(result.indices == [0, 1] && result.evaluation.count == 2)
  }

  @Test func otherDataIsRefused() {
    #expect(
      message { _ = try test(on: dataset(["a", "b", "c"])) }
        == "R: was trained on 2 classes, but 'blank' has 3")
    #expect(
      message { _ = try test(on: dataset(["a", "B"])) }
        == "R: class 1 is 'b', but in 'blank' it is 'B'")
    #expect(
      message { _ = try test(on: dataset(["a", "b"], height: 5, width: 4)) }
        == "R: was trained on images of 4 x 5 pixels, but 'blank' has 5 x 4")
    #expect(
      RunError.classesDiffer(run: "R", trained: 1, dataset: "d", found: 2).exitCode == .dataError)
  }

  @Test func aRunWithoutACheckpointIsNamed() throws {
    let tester = RunTester(
      run: RunDirectory(path: "R"), checkpointPath: "R/best.safetensors",
      device: Device(threads: 1))
    let data = dataset(["a", "b"])
    let images = try #require(data.test)
    #expect(
      message { _ = try tester.test(Selection(images), dataset: data) }
        == "R/best.safetensors: no such checkpoint; the run ended before its first epoch, "
        + "train it again")
    #expect(RunError.noCheckpoint(path: "x").exitCode == .noInput)
  }
}
