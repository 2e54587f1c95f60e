import Tensor
import TestSupport
import Testing

/// A convolution of some images.
struct ConvolutionCase: CustomTestStringConvertible {
  let images: Int
  let geometry: ConvolutionGeometry

  init(
    _ images: Int, _ height: Int, _ width: Int, _ channels: Int, _ filters: Int,
    kernel: Int = 3, stride: Int = 1, padding: Int = 0
  ) {
    self.images = images
    geometry = ConvolutionGeometry(
      height: height, width: width, channels: channels, filters: filters, kernelSize: kernel,
      stride: stride, padding: padding)
  }

  var testDescription: String {
    let g = geometry
    return """
      \(g.inputShape(images)) to \(g.filters), kernel \(g.kernelSize), stride \(g.stride), \
      padding \(g.padding)
      """
  }

  var x: Tensor { .random(geometry.inputShape(images), seed: 1) }
  var weight: Tensor { .random(geometry.weightShape, seed: 2).guarded }
  var bias: Tensor { .random([geometry.filters], seed: 3).guarded }
  var dy: Tensor { .random(geometry.outputShape(images), seed: 4).guarded }

  /// The input as `convolve` wants it: with its padding, NaN around it.
  func padded(_ convolution: Convolution, on device: Device) -> Tensor {
    let padded = GuardedTensor(unwritten: geometry.paddedShape(images))
    device.pad(x.guarded, for: convolution, into: padded.tensor)
    #expect(padded.isIntact)
    return padded.tensor
  }
}

@Suite struct ConvolutionTests {
  /// Channels and filters around every vector width, and so few filters that lanes run over pixels; every kernel size, stride and padding; image
  /// counts that leave a last tile partly filled; images larger and smaller than one chain of the
  /// weights' gradient.
  static let cases = [
    ConvolutionCase(1, 1, 1, 1, 1, kernel: 1),
    ConvolutionCase(1, 5, 4, 1, 32),
    ConvolutionCase(2, 5, 6, 1, 3, kernel: 5),
    ConvolutionCase(3, 4, 5, 3, 1, kernel: 2),
    ConvolutionCase(5, 3, 3, 3, 16),
    ConvolutionCase(1, 4, 6, 16, 17, padding: 1),
    ConvolutionCase(2, 5, 5, 17, 16, padding: 2),
    ConvolutionCase(1, 5, 5, 31, 33),
    ConvolutionCase(2, 3, 4, 33, 31, kernel: 2),
    ConvolutionCase(1, 5, 6, 32, 48),
    ConvolutionCase(1, 4, 4, 48, 32, kernel: 1),
    ConvolutionCase(3, 7, 6, 3, 17, stride: 2),
    ConvolutionCase(2, 8, 7, 1, 16, kernel: 2, stride: 2),
    ConvolutionCase(2, 7, 8, 3, 31, kernel: 1, stride: 2),
    ConvolutionCase(3, 6, 7, 16, 3, kernel: 2, stride: 3),
    ConvolutionCase(2, 7, 7, 3, 33, stride: 2, padding: 1),
    ConvolutionCase(1, 9, 8, 3, 5, kernel: 5, stride: 3, padding: 2),
    ConvolutionCase(4, 5, 5, 2, 8, kernel: 5, padding: 2),
    ConvolutionCase(2, 2, 3, 1, 4, kernel: 1, padding: 1),
    ConvolutionCase(18, 12, 11, 1, 6, kernel: 5, padding: 2),
    ConvolutionCase(2, 9, 7, 8, 6, padding: 1),
    ConvolutionCase(2, 6, 20, 3, 4, kernel: 2),
    ConvolutionCase(13, 3, 3, 1, 9, kernel: 2),
    ConvolutionCase(70, 2, 3, 2, 7, kernel: 2),
    ConvolutionCase(3, 16, 17, 1, 3, kernel: 1),
    ConvolutionCase(11, 17, 17, 1, 2, kernel: 2),
  ]

  @Test(arguments: cases)
  func resultsMatchTheDefinition(_ test: ConvolutionCase) {
    let (x, weight, bias) = (test.x, test.weight, test.bias)
    for (bias, rectifying) in [(nil, false), (bias, true)] {
      let expected = convolutionReference(
        Reference(x), Reference(weight), test.geometry, bias: bias.map(Reference.init),
        rectifying: rectifying)
      expectEverywhere(expected, within: .sum(of: test.geometry.depth + 1)) { device, y in
        let convolution = Convolution(test.geometry, on: device)
        device.convolve(
          test.padded(convolution, on: device), weight, convolution, bias: bias,
          rectifying: rectifying, into: y)
      }
    }
  }

  @Test(arguments: cases)
  func inputGradientsMatchTheDefinition(_ test: ConvolutionCase) {
    let (dy, weight, g) = (test.dy, test.weight, test.geometry)
    let expected = convolutionInputGradientReference(Reference(dy), Reference(weight), g)
    let terms = g.kernelSize * g.kernelSize * g.filters
    expectEverywhere(expected, within: .sum(of: terms)) { device, dx in
      device.convolveInputGradient(dy, weight, Convolution(g, on: device), into: dx)
    }
  }

  @Test(arguments: cases)
  func weightGradientsMatchTheDefinition(_ test: ConvolutionCase) {
    let (x, dy, g) = (test.x, test.dy, test.geometry)
    let expected = convolutionWeightGradientReference(Reference(x), Reference(dy), g)
    let terms = test.images * g.outputHeight * g.outputWidth
    // Up to eight partial sums are added besides.
    expectEverywhere(expected, within: .sum(of: terms + 8)) { device, dW in
      let convolution = Convolution(g, on: device)
      device.convolveWeightGradient(
        test.padded(convolution, on: device), dy, convolution, into: dW)
    }
  }

  @Test func paddingIsZeroAllAround() {
    let test = ConvolutionCase(2, 2, 3, 2, 1, padding: 1)
    let device = Device(threads: 2)
    let padded = test.padded(Convolution(test.geometry, on: device), on: device)
    let x = test.x.values
    for (index, value) in padded.values.enumerated() {
      let (image, row, column) = (index / 40, index / 10 % 4 - 1, index / 2 % 5 - 1)
      let isInside = row >= 0 && row < 2 && column >= 0 && column < 3
      let place = ((image * 2 + row) * 3 + column) * 2 + index % 2
      #expect(value == (isInside ? x[place] : 0))
    }
  }

  @Test func noImagesHaveNoResultAndNoGradient() {
    for level in SIMDLevel.usable {
      let test = ConvolutionCase(0, 5, 5, 3, 17)
      let device = Device(level: level, threads: 2)
      let convolution = Convolution(test.geometry, on: device)
      let dW = Tensor.random(test.geometry.weightShape)
      device.convolve(test.x, test.weight, convolution, into: test.dy)
      device.convolveInputGradient(test.dy, test.weight, convolution, into: test.x)
      device.convolveWeightGradient(test.x, test.dy, convolution, into: dW)
      #expect(dW.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func whatIsNotANumberReachesItsPatchesOnly() {
    let test = ConvolutionCase(2, 5, 5, 3, 17)
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 2)
      let x = test.x
      x[((1 * 5 + 4) * 5 + 0) * 3 + 1] = .nan
      let y = Tensor(zeros: test.geometry.outputShape(2))
      device.convolve(
        x, test.weight, Convolution(test.geometry, on: device), rectifying: true, into: y)
      // Only the patch in the lower left corner of the second image holds that pixel.
      for (index, value) in y.values.enumerated() {
        #expect(value.isNaN == (index / 17 == 9 + 6), "\(level) at \(index)")
      }
    }
  }
}
