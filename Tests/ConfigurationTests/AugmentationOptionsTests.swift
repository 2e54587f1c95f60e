import Datasets
import Support
import Tensor
import Testing
import TestSupport

@testable import Configuration

@Suite struct AugmentationOptionsTests {
  private func layers(_ options: KeyValuePairs<String, String>) throws -> LayeredConfiguration {
    var layers = LayeredConfiguration()
    for (name, word) in options { try layers.layFlag(.known(name), word) }
    return layers
  }

  @Test func nothingIsVariedUnlessSomebodySaysSo() throws {
    #expect(TrainingConfiguration().augmentation.augmentation.isIdentity)
    for preset in ["cnn", "mlp"] {
      let layers = try layers(["model": preset])
      let resolved = try layers.resolved(with: recipe(for: layers.configuration))
      #expect(resolved.configuration.augmentation.augmentation.isIdentity)
    }
  }

  @Test func aSingleStrengthWinsOverThePolicys() throws {
    let options = try layers([
      "augment": "heavy", "augment_rotate": "3", "augment_erase": "0", "augment_probability": "1",
    ]).configuration.augmentation
    var expected = AugmentationPolicy.heavy.augmentation
    (expected.rotate, expected.erase, expected.probability) = (3, 0, 1)
    #expect(options.augmentation == expected)
  }

  @Test func aSingleStrengthNeedsNoPolicy() throws {
    var expected = Augmentation()
    expected.shear = 0.25
    #expect(
      try layers(["augment_shear": "0.25"]).configuration.augmentation.augmentation == expected)
  }

  @Test func everyStrengthReachesTheAugmentation() throws {
    let names = ConfigurationOption.augmentation.map(\.name).filter {
      !["augment", "augment_until"].contains($0)
    }
    #expect(names.count == Mirror(reflecting: Augmentation()).children.count)
    for name in names {
      var changed = TrainingConfiguration()
      let option = ConfigurationOption.known(name)
      try option.set(
        &changed, to: .text(name.hasSuffix("sigma") ? "3" : "0.25"), at: .flag(option.flag))
      #expect(changed.augmentation.augmentation != Augmentation(), "\(name)")
    }
  }

  @Test(arguments: [
    (
      "augment_elastic_sigma", "3",
      "--augment-elastic-sigma is of use only together with --augment-elastic; give both"
    ),
    (
      "augment_until", "0.9",
      "--augment-until is of use only together with --augment; give both"
    ),
    (
      "augment_probability", "0.5",
      "--augment-probability is of use only together with --augment; give both"
    ),
  ])
  func whatSaysHowNeedsAWhat(name: String, word: String, expected: String) throws {
    var alone = try layers([:])
    try alone.layFlag(.known(name), word)
    #expect(message { try alone.validate() } == expected)
    try alone.layFlag(.known("augment_elastic"), "20")
    try alone.validate()
  }

  @Test(arguments: [
    ("augment", "strong", "unknown augmentation 'strong'; choose none, light, default or heavy"),
    ("augment_shift", "-1", "--augment-shift must be from 0 to 100, got -1"),
    ("augment_scale", "1", "--augment-scale must be at least 0 and below 1, got 1"),
    (
      "augment_perspective", "0.5",
      "--augment-perspective must be at least 0 and below 0.5, got 0.5"
    ),
    ("augment_elastic_sigma", "0", "--augment-elastic-sigma must be from 0.5 to 32, got 0"),
  ])
  func strengthsHaveBounds(name: String, word: String, expected: String) {
    var layers = LayeredConfiguration()
    #expect(message { try layers.layFlag(.known(name), word) } == expected)
  }

  @Test func imagesAreVariedUntilTheShareIsOver() throws {
    let images = ImageSet(
      height: 28, width: 28, pixels: [UInt8](repeating: 0, count: 784), labels: [0])
    var options = AugmentationOptions()
    let device = Device(threads: 1)
    #expect(options.augmenter(for: images, seed: 0, epochs: 10, on: device) == nil)
    options.policy = .light
    options.until = 0.85
    for (epochs, last) in [(10, 9), (3, 3), (1, 1), (20, 17)] {
      let augmenter = try #require(
        options.augmenter(for: images, seed: 0, epochs: epochs, on: device))
      #expect(augmenter.isActive(epoch: last - 1) && !augmenter.isActive(epoch: last))
    }
  }
}
