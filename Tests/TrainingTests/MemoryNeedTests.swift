import Configuration
import NN
import Support
import Tensor
import Testing

@testable import Training

@Suite struct MemoryNeedTests {
  private func need(
    _ layers: [any LayerDescription], input: Shape = [28, 28, 1], batch: Int = 128
  ) throws -> MemoryNeed {
    let model = try ModelOutline(
      ModelDescription(name: "m", layers: layers), inputShape: input, classes: 10)
    var settings = TrainingSettings(TrainingConfiguration())
    settings.batchSize = batch
    return MemoryNeed(training: model, settings, images: 100_000, threads: 2)
  }

  @Test func twoDenseLayersOf65536UnitsAreOneSentence() throws {
    let layers: [any LayerDescription] = [
      Flatten(), Dense(.count(65_536)), Dense(.count(65_536)), Dense(.classes),
    ]
    let available = AvailableMemory(bytes: 8_250_000_000, bound: .machine)
    let error = #expect(throws: MemoryError.self) {
      try need(layers).check(against: available)
    }
    #expect(error?.exitCode == .configuration)
    // Values, gradients and packed weights of 65,536 x 65,536 floats, at the least.
    #expect(error?.needed ?? 0 > 3 << 34)
    let needed = byteCount(error?.needed ?? 0)
    #expect(
      error?.description
        == "training model 'm' in batches of 128 needs about \(needed) of memory, but 7.7 GiB are "
        + "available; choose smaller batches or a smaller model")
  }

  @Test func theLimitOfAControlGroupIsSaidBesideWhatIsLeftOfIt() throws {
    let available = AvailableMemory(
      bytes: 10_000, bound: .controlGroup(limit: 2_000_000_000))
    let error = #expect(throws: MemoryError.self) {
      try need([Flatten(), Dense(.classes)], batch: 1).check(against: available)
    }
    #expect(
      error?.description.contains(
        "but 9.8 KiB are left of the 1.9 GiB that this process is allowed")
        == true)
  }

  @Test func whatNobodyCanHoldOverflowsNothing() throws {
    let layers: [any LayerDescription] =
      [Conv2D(65_536, kernelSize: 1_024, padding: 1_024), Conv2D(16, kernelSize: 1_024)]
      + [GlobalAvgPool(), Dense(.classes)]
    let available = AvailableMemory(bytes: 1 << 40, bound: .machine)
    #expect(throws: MemoryError.self) { try need(layers).check(against: available) }
  }

  @Test func enoughMemoryIsNoError() throws {
    let layers: [any LayerDescription] = [Flatten(), Dense(.classes)]
    try need(layers).check(against: AvailableMemory(bytes: 100_000_000, bound: .machine))
    try need(layers).check(against: nil)
  }
}
