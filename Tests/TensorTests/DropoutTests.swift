import Tensor
import TestSupport
import Testing

@Suite struct DropoutTests {
  @Test(arguments: [1, 8, 15, 63, 64, 65, 1000], [0, 0.3, 0.5, 1])
  func masksAreThoseOfTheScalarGenerator(_ count: Int, rate: Double) {
    let expected = dropoutMaskReference(
      count: count, rate: rate, seed: 0x1234_5678_9ABC_DEF0, step: 5, layer: 3)
    for level in SIMDLevel.usable {
      for threads in [1, 2, 3] {
        let mask = Bytes(count: count)
        Device(level: level, threads: threads).fillDropoutMask(
          mask, count: count, rate: rate, seed: 0x1234_5678_9ABC_DEF0, step: 5, layer: 3)
        #expect(mask.values == expected, "\(level), \(threads) threads")
      }
    }
  }

  @Test func longMasksDoNotDependOnThreads() {
    let count = 64 * 1000
    let expected = dropoutMaskReference(count: count, rate: 0.25, seed: 7, step: 1, layer: 0)
    let mask = Bytes(count: count)
    for level in SIMDLevel.usable {
      for threads in [1, 2, 8] {
        Device(level: level, threads: threads).fillDropoutMask(
          mask, count: count, rate: 0.25, seed: 7, step: 1, layer: 0)
        #expect(mask.values == expected, "\(level), \(threads) threads")
      }
    }
    let kept = expected.reduce(0) { $0 + Int($1) }
    // Five standard deviations of a binomial distribution: √(n · 0.25 · 0.75) = 110.
    #expect(abs(kept - count * 3 / 4) < 550)
  }

  @Test func stepsAndLayersHaveMasksOfTheirOwn() {
    let device = Device(threads: 1)
    let masks = [(0, 0), (0, 1), (1, 0)].map { step, layer in
      let mask = Bytes(count: 256)
      device.fillDropoutMask(mask, count: 256, rate: 0.5, seed: 1, step: step, layer: layer)
      return mask.values
    }
    #expect(Set(masks).count == 3)
  }

  @Test(arguments: edgeCounts)
  func keptElementsAreScaledAndOthersZero(_ count: Int) {
    let x = Tensor.random([count]).guarded
    let keep = dropoutMaskReference(count: count, rate: 0.5, seed: 1, step: 0, layer: 0)
    let expected = Reference(
      zip(x.values, keep).map { $1 == 1 ? Double($0) * Double(Float(1.7)) : 0 }, shape: [count])
    expectEverywhere(expected, within: .exact) { device, y in
      let mask = Bytes(count: count)
      device.fillDropoutMask(mask, count: count, rate: 0.5, seed: 1, step: 0, layer: 0)
      device.applyMask(mask, x, factor: 1.7, into: y)
    }
  }

  @Test func droppingMayReplaceTheInput() {
    let device = Device(threads: 1)
    let (x, y, mask) = (Tensor.random([50]), Tensor(zeros: [50]), Bytes(count: 50))
    device.fillDropoutMask(mask, count: 50, rate: 0.5, seed: 1, step: 0, layer: 0)
    device.applyMask(mask, x, factor: 2, into: y)
    device.applyMask(mask, x, factor: 2, into: x)
    #expect(bitMismatch(x, y) == nil)
  }
  @Test func aMaskOfItemsDropsWholeItems() {
    let (items, size) = (70, 300)
    let x = Tensor.random([items, size])
    let mask = Bytes(count: items)
    Device(threads: 1).fillDropoutMask(mask, count: items, rate: 0.25, seed: 1, step: 2, layer: 3)
    let expected = x.values.indices.map {
      Double(x.values[$0]) * Double(mask.values[$0 / size]) * 1.5
    }
    expectEverywhere(Reference(expected, shape: x.shape), within: .exact) {
      $0.applyItemMask(mask, x.guarded, factor: 1.5, into: $1)
    }
  }

  @Test func aMaskOfChannelsDropsWholeChannels() {
    let (items, pixels, channels) = (5, 12, 19)
    let x = Tensor.random([items, pixels, channels])
    let mask = Bytes(count: items * channels)
    Device(threads: 1).fillDropoutMask(
      mask, count: mask.count, rate: 0.25, seed: 1, step: 2, layer: 3)
    let expected = x.values.indices.map { index in
      let keep = mask.values[index / (pixels * channels) * channels + index % channels]
      return Double(x.values[index]) * Double(keep) * 1.5
    }
    expectEverywhere(Reference(expected, shape: x.shape), within: .exact) {
      $0.applyChannelMask(mask, x.guarded, factor: 1.5, into: $1)
    }
  }
}
