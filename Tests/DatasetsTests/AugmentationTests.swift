import Support
import Tensor
import Testing
import TestSupport

@testable import Datasets

/// A transformation and a strength that shows.
private let transformations:
  [(path: WritableKeyPath<Augmentation, Double> & Sendable, strength: Double)] = [
    (\.shift, 3), (\.rotate, 30), (\.scale, 0.4), (\.shear, 0.4), (\.perspective, 0.4),
    (\.elastic, 60), (\.thickness, 1), (\.noise, 0.3), (\.erase, 0.6),
  ]

/// Random images of 13 × 18 pixels.
private let images: ImageSet = {
  var random = RandomStream(seed: 3, purpose: .testing)
  return ImageSet(
    height: 13, width: 18, pixels: (0..<40 * 13 * 18).map { _ in UInt8(random.below(256)) },
    labels: [UInt16](repeating: 0, count: 40))
}()

private let normalization = Normalization(mean: 0.13, standardDeviation: 0.31)

/// All images of `set`, as an epoch shows them.
private func shown(
  _ augmentation: Augmentation?, of set: ImageSet = images, epoch: Int = 0, seed: UInt64 = 1,
  epochs: Range<Int> = 0..<Int.max, on device: Device = Device(threads: 1)
) -> Tensor {
  let batches = Batches(
    Selection(set), normalizedBy: normalization,
    augmenter: augmentation.map {
      Augmenter(
        $0, height: set.height, width: set.width, seed: seed, epochs: epochs, on: device)
    })
  let input = Tensor(zeros: [set.count, set.height, set.width, 1])
  var labels = [UInt16](repeating: 0, count: set.count)
  batches.fill(0..<set.count, epoch: epoch, input: input, labels: &labels, on: device)
  return input
}

@Suite struct AugmentationTests {
  @Test(arguments: SIMDLevel.usable)
  func strengthsOfZeroLeaveEveryBit(level: SIMDLevel) {
    let device = Device(level: level, threads: 1)
    let plain = shown(nil, on: device)
    var nothing = Augmentation()
    #expect(nothing.isIdentity)
    #expect(bitMismatch(shown(nothing, on: device), plain) == nil)
    nothing.probability = 0
    for item in transformations { nothing[keyPath: item.path] = item.strength }
    #expect(nothing.isIdentity)
    #expect(bitMismatch(shown(nothing, on: device), plain) == nil)
  }

  @Test(arguments: transformations.indices)
  func oneStrengthAloneIsWhatIsDrawnOfAllOfThem(index: Int) {
    // The others at zero take part in the one map, and change nothing.
    var (alone, all) = (Augmentation(), Augmentation())
    alone[keyPath: transformations[index].path] = transformations[index].strength
    for item in transformations { all[keyPath: item.path] = item.strength }
    #expect(!alone.isIdentity)
    let device = Device(threads: 1)
    #expect(bitMismatch(shown(alone, on: device), shown(nil, on: device)) != nil)
    for image in 0..<5 {
      var (one, every) = (
        RandomStream(seed: 1, purpose: .augmentation, minor: image),
        RandomStream(seed: 1, purpose: .augmentation, minor: image)
      )
      let (drawn, whole) = (Variation(alone, using: &one), Variation(all, using: &every))
      var expected = Variation()
      (expected.elasticWindow, expected.noiseStart) = (whole.elasticWindow, whole.noiseStart)
      (expected.erasureForm, expected.erasurePlace) = (whole.erasureForm, whole.erasurePlace)
      switch index {
      case 0: expected.shift = whole.shift
      case 1: expected.rotation = whole.rotation
      case 2: expected.growth = whole.growth
      case 3: expected.shear = whole.shear
      case 4: expected.tilt = whole.tilt
      case 5: expected.elastic = whole.elastic
      case 6: expected.thickness = whole.thickness
      case 7: expected.noise = whole.noise
      default: expected.erasure = whole.erasure
      }
      #expect(drawn == expected)
    }
  }

  @Test func anImageDependsOnSeedEpochAndItsNumberAlone() {
    let heavy = AugmentationPolicy.heavy.augmentation
    let all = shown(heavy, epoch: 2)
    #expect(bitMismatch(shown(heavy, epoch: 2, on: Device(threads: 3)), all) == nil)
    #expect(bitMismatch(shown(heavy, epoch: 3), all) != nil)
    #expect(bitMismatch(shown(heavy, epoch: 2, seed: 2), all) != nil)
    // Another selection, another order, batches of three.
    let device = Device(threads: 2)
    let order: [Int32] = [7, 39, 0, 12, 5]
    let batches = Batches(
      Selection(images, indices: order), normalizedBy: normalization,
      augmenter: Augmenter(heavy, height: 13, width: 18, seed: 1, on: device))
    var labels: [UInt16] = [0, 0, 0]
    for first in [0, 3] {
      let positions = first..<min(first + 3, order.count)
      let input = Tensor(zeros: [positions.count, 13, 18, 1])
      batches.fill(positions, epoch: 2, input: input, labels: &labels, on: device)
      for position in positions {
        let (found, wanted) = (
          input.items(from: position - first, count: 1),
          all.items(from: Int(order[position]), count: 1)
        )
        #expect(bitMismatch(found, wanted) == nil, "position \(position)")
      }
    }
  }

  @Test func imagesStayAsTheyAreOutsideTheEpochs() {
    let heavy = AugmentationPolicy.heavy.augmentation
    let plain = shown(nil)
    #expect(bitMismatch(shown(heavy, epoch: 4, epochs: 0..<4), plain) == nil)
    #expect(bitMismatch(shown(heavy, epoch: 3, epochs: 0..<4), plain) != nil)
  }

  @Test func theProbabilityIsThatOfEachTransformation() {
    var limits = AugmentationPolicy.heavy.augmentation
    limits.probability = 0.25
    let drawn = (0..<2000).map { image in
      var random = RandomStream(seed: 5, purpose: .augmentation, minor: image)
      return Variation(limits, using: &random)
    }
    let counts = [
      drawn.count { $0.shift != SIMD2() }, drawn.count { $0.rotation != 0 },
      drawn.count { $0.growth != 0 }, drawn.count { $0.shear != 0 },
      drawn.count { $0.tilt != SIMD2() }, drawn.count { $0.elastic != 0 },
      drawn.count { $0.noise != 0 }, drawn.count { $0.erasure != 0 },
      drawn.count { $0.shift != SIMD2() && $0.rotation != 0 } * 4,
    ]
    // Four standard deviations of 2000 draws, twice that for the last.
    #expect(counts.dropLast().allSatisfy { abs($0 - 500) < 78 }, "\(counts)")
    #expect(abs(counts[8] - 500) < 175)
  }

  @Test(arguments: [(1, 1), (1, 5), (3, 1), (2, 2), (40, 9)])
  func everySizeCanBeVaried(_ size: (height: Int, width: Int)) {
    let set = ImageSet(
      height: size.height, width: size.width,
      pixels: [UInt8](repeating: 200, count: 20 * size.height * size.width),
      labels: [UInt16](repeating: 0, count: 20))
    var heavy = AugmentationPolicy.heavy.augmentation
    heavy.erase = 1
    for epoch in 0..<3 {
      #expect(shown(heavy, of: set, epoch: epoch).values.allSatisfy { $0.isFinite })
    }
  }

  @Test func imagesThatAreTooLargeAreRefused() throws {
    func images(_ height: Int, _ width: Int) -> ImageSet {
      ImageSet(
        height: height, width: width, pixels: [UInt8](repeating: 0, count: height * width),
        labels: [0])
    }
    try Augmenter.check(images(2000, 2000))
    let error = #expect(throws: AugmentationError.self) {
      try Augmenter.check(images(2048, 2048))
    }
    #expect(
      error?.description
        == "images of 2048 x 2048 pixels are too large to be varied, which goes up to 4 million "
        + "pixels; train without augmentation, or make them smaller")
    #expect(error?.exitCode == .dataError)
  }

  @Test func policiesGrow() {
    #expect(AugmentationPolicy.none.augmentation.isIdentity)
    let (light, standard, heavy) = (
      AugmentationPolicy.light.augmentation, AugmentationPolicy.default.augmentation,
      AugmentationPolicy.heavy.augmentation
    )
    for item in transformations {
      #expect(light[keyPath: item.path] <= standard[keyPath: item.path])
      #expect(standard[keyPath: item.path] <= heavy[keyPath: item.path])
    }
    #expect(!light.isIdentity && light != standard && standard != heavy)
  }
}
