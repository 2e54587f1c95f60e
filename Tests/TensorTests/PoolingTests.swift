import Tensor
import TestSupport
import Testing

/// A pooling of some images.
struct PoolingCase: CustomTestStringConvertible {
  let images: Int
  let geometry: PoolingGeometry

  init(_ images: Int, _ height: Int, _ width: Int, _ channels: Int, size: Int, stride: Int) {
    self.images = images
    geometry = PoolingGeometry(
      height: height, width: width, channels: channels, size: size, stride: stride)
  }

  var testDescription: String {
    "\(geometry.inputShape(images)), size \(geometry.size), stride \(geometry.stride)"
  }
  var inputShape: Shape { geometry.inputShape(images) }
  var outputShape: Shape { geometry.outputShape(images) }
}

@Suite struct PoolingTests {
  /// Windows that overlap, touch, leave gaps and leave a border; channels around a vector.
  static let cases =
    [1, 3, 15, 16, 17, 33].map { PoolingCase(2, 5, 6, $0, size: 2, stride: 2) } + [
      PoolingCase(1, 6, 5, 17, size: 3, stride: 1),
      PoolingCase(3, 7, 7, 5, size: 3, stride: 2),
      PoolingCase(4, 5, 7, 4, size: 2, stride: 3),
      PoolingCase(5, 4, 4, 18, size: 4, stride: 1),
      PoolingCase(1, 3, 3, 2, size: 1, stride: 1),
      PoolingCase(1, 16, 16, 1, size: 16, stride: 16),
    ]

  @Test(arguments: cases)
  func largestValuesAndTheirPlacesMatchTheDefinition(_ test: PoolingCase) {
    // Whole numbers, so that there are ties.
    let x = Tensor.randomIntegers(test.inputShape).guarded
    let expected = maxPoolReference(Reference(x), test.geometry)
    expectEverywhere([(expected.y, .exact), (expected.y, .exact)]) { device, results in
      let choices = Bytes(count: test.outputShape.count)
      device.maxPool(x, test.geometry, choices: choices, into: results[0])
      #expect(choices.values == expected.choices)
      device.maxPool(x, test.geometry, into: results[1])
    }
  }

  @Test(arguments: cases)
  func gradientsGoToTheChosenPlaces(_ test: PoolingCase) {
    let x = Tensor.randomIntegers(test.inputShape)
    let dy = Tensor.random(test.outputShape, seed: 2).guarded
    let choices = maxPoolReference(Reference(x), test.geometry).choices
    let expected = maxPoolGradientReference(
      Reference(dy), choices: choices, test.geometry)
    expectEverywhere(expected, within: .sum(of: windowsOfAPixel(test))) { device, dx in
      let saved = Bytes(count: test.outputShape.count)
      device.maxPool(x, test.geometry, choices: saved, into: Tensor(zeros: test.outputShape))
      device.maxPoolBackward(dy, test.geometry, choices: saved, into: dx)
    }
  }

  @Test(arguments: cases)
  func meansMatchTheDefinition(_ test: PoolingCase) {
    let x = Tensor.random(test.inputShape).guarded
    let expected = averagePoolReference(Reference(x), test.geometry)
    // The factor and the product round too.
    let terms = test.geometry.size * test.geometry.size + 2
    expectEverywhere(expected, within: .sum(of: terms)) { device, y in
      device.averagePool(x, test.geometry, into: y)
    }
  }

  @Test(arguments: cases)
  func gradientsOfMeansMatchTheDefinition(_ test: PoolingCase) {
    let dy = Tensor.random(test.outputShape).guarded
    let expected = averagePoolGradientReference(Reference(dy), test.geometry)
    expectEverywhere(expected, within: .sum(of: windowsOfAPixel(test) + 2)) { device, dx in
      device.averagePoolBackward(dy, test.geometry, into: dx)
    }
  }

  @Test func whatIsNotANumberIsLargerThanAnyNumber() {
    let test = PoolingCase(1, 2, 6, 17, size: 2, stride: 2)
    for position in 0..<4 {
      let x = Tensor.randomIntegers(test.inputShape)
      // In the second window, channel 16.
      let (row, column) = (position / 2, 2 + position % 2)
      x[(row * 6 + column) * 17 + 16] = .nan
      let expected = maxPoolReference(Reference(x), test.geometry)
      expectEverywhere(expected.y, within: .exact) { device, y in
        let choices = Bytes(count: test.outputShape.count)
        device.maxPool(x, test.geometry, choices: choices, into: y)
        #expect(choices.values == expected.choices)
      }
      #expect(expected.choices[33] == position)
    }
  }

  private func windowsOfAPixel(_ test: PoolingCase) -> Int {
    let across = (test.geometry.size + test.geometry.stride - 1) / test.geometry.stride
    return across * across
  }
}
