import Foundation
import NN
import Support
import Tensor
import Testing

@testable import Analysis
@testable import Configuration

@Suite struct BenchmarkTests {
  /// A model that is trained and tested in no time.
  private static let small = """
    {"name": "small", "layers": [
      {"type": "conv2d", "filters": 4, "kernel_size": 3}, {"type": "activation", "function": "relu"},
      {"type": "max_pool"}, {"type": "flatten"}, {"type": "dropout"},
      {"type": "dense", "units": "classes"}]}
    """

  private func smallModel() throws -> MeasuredModel {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).json").path
    try AtomicFile.write(text: Self.small, to: path)
    defer { unlink(path) }
    return try .named(path)
  }

  @Test func theMedianOfAnEvenNumberLiesBetween() {
    #expect(Sample([4, 1, 3]).median == 3)
    #expect(Sample([4, 1, 3, 2]).median == 2.5)
    #expect(Sample([4, 1, 3]).spread == 1)
  }

  /// Multiply-adds of an image: 26² · 9 · 32 + 11² · 288 · 64 + 1600 · 128 + 128 · 47, and the
  /// first layer's input needs no gradient.
  @Test func nominalOperationsAreThoseOfTheDefinition() throws {
    let work = try ModelWork(.named("cnn-2"), largest: 1, device: Device(threads: 1))
    let products = [194_688, 2_230_272, 204_800, 6_016]
    #expect(work.inferenceOperations == 2 * products.reduce(0, +))
    #expect(work.trainingOperations == 6 * products.reduce(0, +) - 2 * products[0])
  }

  @Test func measuredNetworksHaveTheSizesOfOtherPrograms() throws {
    func parameters(_ name: String) throws -> Int {
      let model = try MeasuredModel.named(name)
      return try ModelSummary(model.description, classes: MeasuredModel.classes).parameters
    }
    #expect(try parameters("cnn-2") == 320 + 18_496 + 204_928 + 6_063)
    #expect(try parameters("mlp-3") == 401_920 + 131_328 + 32_896 + 6_063)
    #expect(try parameters("lenet5") == 156 + 2_416 + 30_840 + 10_164 + 3_995)
  }

  @Test func everyGroupIsMeasuredOnceARound() throws {
    let plan = BenchmarkPlan(
      groups: [.peak, .training, .inference], models: [try smallModel()], batch: 4, rounds: 3,
      isQuick: true)
    var rounds: [Int] = []
    let outcome = try Benchmark(plan, on: Device(threads: 1)).run { rounds.append($0) }
    #expect(rounds == [1, 2, 3])
    let groups = outcome.results.map(\.subject.group)
    #expect(groups == SIMDLevel.usable.map { _ in .peak } + [.training, .inference])
    #expect(outcome.peak > 0)
    for result in outcome.results {
      #expect(result.seconds.values.count == 3)
      #expect(result.seconds.least > 0)
    }
  }

  @Test func thePeakIsMeasuredForOtherGroupsToo() throws {
    let plan = BenchmarkPlan(
      groups: [.inference], models: [try smallModel()], batch: 2, rounds: 1, isQuick: true)
    let outcome = try Benchmark(plan, on: Device(level: .portable, threads: 1)).run()
    #expect(outcome.results.map(\.subject.group) == [.inference])
    #expect(outcome.share(of: outcome.results[0]) > 0)
  }

  @Test(arguments: SIMDLevel.usable) func everyCaseIsRightOnEveryLevel(level: SIMDLevel) throws {
    let device = Device(level: level, threads: 2)
    for product in MatmulCase.squares([20]) + MatmulCase.denseLayers(batch: 3) {
      try product.prepared(on: device).check()
    }
    for shape in ConvolutionCases.shapes(batch: 2) {
      for item in shape.prepared(on: device) { try item.check() }
    }
    for filling in AugmentationCase.all(batch: 9) { try filling.prepared(on: device).check() }
    let work = try ModelWork(smallModel(), largest: 8, device: device)
    try work.checkGradient(8)
    try work.checkLogits(8)
  }

  @Test func aWrongElementEndsTheBenchmark() {
    let result = Tensor([1, 2, 3], shape: [3])
    let error = #expect(throws: BenchmarkError.self) {
      try checkElements(of: result, "matmul 1 x 1 x 3") { $0 == 2 ? 4 : Float($0 + 1) }
    }
    #expect(
      error?.description
        == "matmul 1 x 1 x 3: element 2 of the result is 3.0, not 4.0; this is a fault of emnist "
        + "or of the machine, please report it")
    #expect(error?.exitCode == .software)
  }

  @Test func aWrongGradientEndsTheBenchmark() throws {
    let work = try ModelWork(smallModel(), largest: 8, device: Device(threads: 1))
    // A wrong backward pass: the last bias gets a gradient that is not its own.
    work.training.didPass = { [unowned work] index, isBackward in
      if isBackward, index == 2, let weight = work.parameters.last { weight.gradient.fill(1) }
    }
    let error = #expect(throws: BenchmarkError.self) { try work.checkGradient(8) }
    #expect(error?.description.hasPrefix("small: the loss changes by ") == true)
  }

  @Test func aProfileHasEveryPassOfEveryStep() throws {
    let profile = try LayerProfile(
      smallModel(), batch: 4, isQuick: true, on: Device(threads: 1))
    #expect(
      profile.entries.map(\.pass) == [.batch] + passes(.forward, 4) + [.loss]
        + passes(.backward, 4) + [.update])
    #expect(profile.entries[1].layers == ["conv1", "act1", "pool1"])
    // 2 · 26² · 9 · 4 operations for each of 4 images.
    #expect(profile.entries[1].operations == 4 * 2 * 676 * 36)
    let shares = profile.entries.reduce(0) { $0 + profile.share(of: $1) }
    #expect(shares > 0.5 && shares < 1.5)
  }

  private func passes(
    _ pass: LayerProfile.Entry.Pass, _ count: Int
  ) -> [LayerProfile.Entry.Pass] {
    Array(repeating: pass, count: count)
  }
}
