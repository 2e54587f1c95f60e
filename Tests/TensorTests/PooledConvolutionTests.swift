import Tensor
import TestSupport
import Testing

/// A convolution of some images with 2 x 2 max pooling behind it.
struct PooledConvolutionCase: CustomTestStringConvertible {
  let images: Int
  /// Without and with the pooling.
  let whole: ConvolutionGeometry
  var pooled: ConvolutionGeometry { whole.pooled }

  init(_ images: Int, _ side: Int, _ channels: Int, _ filters: Int, kernel: Int, padding: Int = 0) {
    self.images = images
    whole = ConvolutionGeometry(
      height: side, width: side, channels: channels, filters: filters, kernelSize: kernel,
      padding: padding)
  }

  var testDescription: String {
    "\(whole.inputShape(images)) to \(whole.filters), kernel \(whole.kernelSize)"
  }

  var pooling: PoolingGeometry {
    PoolingGeometry(
      height: whole.outputHeight, width: whole.outputWidth, channels: whole.filters, size: 2,
      stride: 2)
  }

  // Small whole numbers: every sum is exact, and there are ties.
  var x: Tensor { .randomIntegers(whole.inputShape(images), seed: 1) }
  var weight: Tensor { .randomIntegers(whole.weightShape, seed: 2) }
  var bias: Tensor { .randomIntegers([whole.filters], seed: 3) }
  var dy: Tensor { .randomIntegers(pooled.pooledShape(images), seed: 4) }

  func padded(_ convolution: Convolution, on device: Device) -> Tensor {
    let padded = Tensor(zeros: whole.paddedShape(images))
    device.pad(x, for: convolution, into: padded)
    return padded
  }

  /// The output and the position of each maximum, from the definitions.
  func reference(rectifying: Bool) -> (y: Reference, choices: [UInt8]) {
    let full = convolutionReference(
      Reference(x), Reference(weight), whole, bias: Reference(bias), rectifying: false)
    let (y, choices) = maxPoolReference(full, pooling)
    guard rectifying else { return (y, choices) }
    var positive = y
    positive.rectify()
    return (positive, zip(choices, y.values).map { $1 > 0 ? $0 : 4 })
  }
}

@Suite struct PooledConvolutionTests {
  /// Even and odd images, one and several vectors of filters, parts and chunks of one image and of
  /// many, a last block that is partly empty.
  static let cases = [
    PooledConvolutionCase(1, 4, 1, 1, kernel: 3),
    PooledConvolutionCase(2, 8, 1, 32, kernel: 3),
    PooledConvolutionCase(3, 7, 3, 17, kernel: 2),
    PooledConvolutionCase(2, 6, 16, 48, kernel: 3, padding: 1),
    PooledConvolutionCase(1, 9, 5, 33, kernel: 5, padding: 2),
    PooledConvolutionCase(70, 3, 2, 6, kernel: 2),
    PooledConvolutionCase(5, 18, 1, 4, kernel: 1),
    PooledConvolutionCase(18, 12, 1, 6, kernel: 5, padding: 2),
    PooledConvolutionCase(2, 13, 5, 6, kernel: 3, padding: 1),
    PooledConvolutionCase(3, 40, 8, 5, kernel: 2),
  ]

  @Test(arguments: cases, [false, true])
  func poolsWhatTheConvolutionGives(_ test: PooledConvolutionCase, rectifying: Bool) {
    let expected = test.reference(rectifying: rectifying)
    expectEverywhere(expected.y, within: .exact) { device, y in
      let convolution = Convolution(test.pooled, on: device)
      let choices = Bytes(count: y.count)
      device.convolveMaxPool(
        test.padded(convolution, on: device), test.weight.guarded, convolution,
        bias: test.bias.guarded, rectifying: rectifying, choices: choices, into: y)
      #expect(choices.values == expected.choices)
    }
  }

  @Test(arguments: cases, [false, true])
  func gradientsMatchTheDefinitions(_ test: PooledConvolutionCase, rectifying: Bool) {
    let choices = test.reference(rectifying: rectifying).choices
    let dy = Reference(test.dy)
    let kept = Reference(
      zip(dy.values, choices).map { $1 == 4 ? 0 : $0 }, shape: test.dy.shape)
    let full = maxPoolGradientReference(
      kept, choices: choices.map { $0 == 4 ? 0 : $0 }, test.pooling)
    let expected = [
      convolutionWeightGradientReference(Reference(test.x), full, test.whole),
      rowSumsReference(kept),
      convolutionInputGradientReference(full, Reference(test.weight), test.whole),
    ]
    expectEverywhere(expected.map { ($0, .exact) }) { device, results in
      let convolution = Convolution(test.pooled, on: device)
      let x = test.padded(convolution, on: device)
      let saved = Bytes(count: test.dy.count)
      device.convolveMaxPool(
        x, test.weight, convolution, bias: test.bias, rectifying: rectifying, choices: saved,
        into: Tensor(zeros: test.dy.shape))
      device.convolveMaxPoolBackward(
        test.dy, x, test.weight, convolution, rectifying: rectifying, choices: saved,
        dW: results[0], dBias: results[1], into: results[2])
    }
  }
}
