import TestSupport
import Testing

@testable import Tensor

/// Convolutions by Winograd's algorithm against the definition in double precision, on every instruction
/// set and for 1, 2, 3 and 8 threads, which must give the same bits.
@Suite struct WinogradConvolutionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let images: Int
    let geometry: ConvolutionGeometry

    init(
      _ images: Int, _ height: Int, _ width: Int, _ channels: Int, _ filters: Int, padding: Int = 1
    ) {
      self.images = images
      geometry = ConvolutionGeometry(
        height: height, width: width, channels: channels, filters: filters, kernelSize: 3,
        padding: padding)
    }

    var testDescription: String {
      "\(images) x \(geometry.height) x \(geometry.width), \(geometry.channels) to "
        + "\(geometry.filters), padding \(geometry.padding)"
    }

    var x: Tensor { .normal(geometry.inputShape(images), seed: 1) }
    var weight: Tensor { .normal(geometry.weightShape, seed: 2) }
    var dy: Tensor { .normal(geometry.outputShape(images), seed: 3) }
  }

  /// Every class of tile: sides of 4, 3 and 2 with and without others, images without a whole tile,
  /// panels of 32 and of 16, more images than go together.
  static let cases = [
    Case(3, 14, 14, 32, 48), Case(5, 7, 7, 48, 32), Case(2, 7, 7, 32, 64, padding: 0),
    Case(2, 4, 4, 32, 32), Case(3, 3, 3, 32, 16), Case(2, 2, 2, 16, 32), Case(1, 9, 6, 16, 80),
    Case(1, 10, 11, 32, 16, padding: 0), Case(2, 4, 8, 64, 16, padding: 0),
    Case(60, 4, 5, 16, 32), Case(200, 2, 2, 32, 16), Case(7, 5, 21, 32, 32),
  ]

  @Test(arguments: cases)
  func outputsMatchTheDefinition(_ test: Case) {
    let (x, weight) = (test.x, test.weight)
    let bias = Tensor.normal([test.geometry.filters], seed: 4)
    for (bias, rectifying) in [(nil, false), (bias, true)] {
      let expected = convolutionReference(
        Reference(x), Reference(weight), test.geometry, bias: bias.map(Reference.init),
        rectifying: rectifying)
      expectClose(expected) { device, y in
        device.convolve(
          x.guarded, weight.guarded, WinogradConvolution(test.geometry),
          end: ConvolutionEnd(bias: bias, rectifying: rectifying), into: y)
      }
    }
  }

  @Test(arguments: cases)
  func gradientsMatchTheDefinition(_ test: Case) {
    let (x, weight, dy, g) = (test.x, test.weight, test.dy, test.geometry)
    let convolution = WinogradConvolution(g)
    expectClose(convolutionInputGradientReference(Reference(dy), Reference(weight), g)) {
      device, dx in
      let dW = Tensor(zeros: g.weightShape)
      device.convolveBackward(
        dy.guarded, x.guarded, weight.guarded, convolution, into: dW, dx)
    }
    expectClose(convolutionWeightGradientReference(Reference(x), Reference(dy), g)) {
      device, dW in
      device.convolveBackward(dy.guarded, x.guarded, weight, convolution, into: dW, nil)
    }
  }

  /// What the documentation states: in standard deviations of the result a mean error of at most 2e-6,
  /// and none above 5e-5.
  private func expectClose(
    _ expected: Reference, sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: (_ device: Device, _ result: Tensor) -> Void
  ) {
    let squares = expected.values.reduce(0) { $0 + $1 * $1 }
    let deviation = (squares / Double(expected.values.count)).squareRoot()
    expectEverywhere(
      expected, within: Tolerance(roundings: 0, absolute: 5e-5 * deviation), threads: [1, 2, 3, 8],
      sourceLocation: sourceLocation
    ) { device, result in
      // What an operation before left behind must not matter.
      device.scratch(1 << 20).update(repeating: .nan, count: 1 << 20)
      operation(device, result)
      let errors = zip(result.values, expected.values).map { abs(Double($0) - $1) }
      let mean = errors.reduce(0, +) / Double(errors.count) / deviation
      #expect(mean <= 2e-6, sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    Case(3, 14, 14, 32, 48), Case(2, 7, 9, 16, 32, padding: 0), Case(2, 6, 5, 32, 16),
  ])
  func poolingTakesTheLargestOfTheSameBits(_ test: Case) {
    let (x, weight, g) = (test.x, test.weight, test.geometry)
    let bias = Tensor.normal([g.filters], seed: 4)
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 2)
      let full = Tensor(zeros: g.pooled.outputShape(test.images))
      let plain = ConvolutionGeometry(
        height: g.pooled.outputHeight + 2 - 2 * g.padding,
        width: g.pooled.outputWidth + 2 - 2 * g.padding, channels: g.channels, filters: g.filters,
        kernelSize: 3, padding: g.padding)
      let isCut = plain != g
      if !isCut {
        device.convolve(
          x, weight, WinogradConvolution(plain), end: ConvolutionEnd(bias: bias), into: full)
      }
      let found = GuardedTensor(unwritten: g.pooledShape(test.images))
      let choices = Bytes(count: found.tensor.count)
      device.convolve(
        x, weight, WinogradConvolution(g.pooled),
        end: ConvolutionEnd(bias: bias, rectifying: true, choices: choices), into: found.tensor)
      #expect(found.isIntact)
      checkPooled(found.tensor, choices, of: isCut ? nil : full, test, bias)
    }
  }

  /// Compares with the definition, and bit for bit with the full outputs where no pixel is cut off.
  private func checkPooled(
    _ found: Tensor, _ choices: Bytes, of full: Tensor?, _ test: Case, _ bias: Tensor
  ) {
    let g = test.geometry.pooled
    let definition = convolutionReference(
      Reference(test.x), Reference(test.weight), g, bias: Reference(bias))
    for index in 0..<found.count {
      let (pixel, filter) = index.quotientAndRemainder(dividingBy: g.filters)
      let (rest, column) = pixel.quotientAndRemainder(dividingBy: g.outputWidth / 2)
      let (image, row) = rest.quotientAndRemainder(dividingBy: g.outputHeight / 2)
      let places = (0..<4).map { position in
        ((image * g.outputHeight + 2 * row + position / 2) * g.outputWidth + 2 * column
          + position % 2) * g.filters + filter
      }
      let largest = places.map { definition.values[$0] }.max() ?? 0
      #expect(abs(Double(found[index]) - max(0, largest)) < 1e-3)
      guard let full else { continue }
      let values = places.map { full[$0] }
      let best = values.max() ?? 0
      #expect(found[index] == max(0, best))
      #expect(Int(choices.pointer[index]) == (best > 0 ? values.firstIndex(of: best) ?? -1 : 4))
    }
  }

  @Test func pooledGradientsAreThoseOfTheSpreadGradient() {
    let test = Case(5, 10, 8, 32, 16)
    let (x, weight, g) = (test.x, test.weight, test.geometry)
    let dy = Tensor.normal(g.pooledShape(5), seed: 5)
    let choices = Bytes(count: dy.count)
    for index in 0..<dy.count { choices.pointer[index] = UInt8(index * 7 % 4) }
    let full = Tensor(zeros: g.outputShape(5))
    for index in 0..<dy.count {
      let (pixel, filter) = index.quotientAndRemainder(dividingBy: g.filters)
      let (rest, column) = pixel.quotientAndRemainder(dividingBy: g.outputWidth / 2)
      let position = Int(choices.pointer[index])
      let row = 2 * rest + position / 2
      full[(row * g.outputWidth + 2 * column + position % 2) * g.filters + filter] = dy[index]
    }
    for level in SIMDLevel.usable {
      let device = Device(level: level, threads: 3)
      let (dW, dx) = (Tensor(zeros: g.weightShape), Tensor(zeros: g.inputShape(5)))
      let (pooledW, pooledX) = (Tensor(zeros: g.weightShape), Tensor(zeros: g.inputShape(5)))
      device.convolveBackward(full, x, weight, WinogradConvolution(g), into: dW, dx)
      device.convolveBackward(
        dy, x, weight, WinogradConvolution(g.pooled), choices: choices, into: pooledW, pooledX)
      #expect(bitMismatch(pooledW, dW) == nil)
      #expect(bitMismatch(pooledX, dx) == nil)
    }
  }

  @Test func anImageComesToTheSameAloneAndAmongOthers() {
    let test = Case(9, 7, 7, 32, 48)
    let (x, weight, convolution) = (test.x, test.weight, WinogradConvolution(test.geometry))
    let device = Device(threads: 2)
    let together = Tensor(zeros: test.geometry.outputShape(9))
    device.convolve(x, weight, convolution, into: together)
    let filters = WinogradFilters(weight, for: convolution, on: device)
    for image in 0..<9 {
      let alone = Tensor(zeros: test.geometry.outputShape(1))
      device.convolve(x.items(from: image, count: 1), filters, convolution, into: alone)
      let wanted = together.items(from: image, count: 1)
      #expect(bitMismatch(alone, wanted) == nil)
    }
  }

  @Test func noImagesHaveNoResultAndNoGradient() {
    let test = Case(0, 7, 7, 32, 32)
    let device = Device(threads: 2)
    let dW = Tensor.random(test.geometry.weightShape)
    let convolution = WinogradConvolution(test.geometry)
    device.convolve(test.x, test.weight, convolution, into: test.dy)
    device.convolveBackward(test.dy, test.x, test.weight, convolution, into: dW, test.x)
    #expect(dW.values.allSatisfy { $0 == 0 })
  }

  @Test func theRuleKnowsShapesOnly() {
    func suits(_ side: Int, _ channels: Int, _ filters: Int, kernel: Int = 3, stride: Int = 1)
      -> Bool
    {
      WinogradConvolution.suits(
        ConvolutionGeometry(
          height: side, width: side, channels: channels, filters: filters, kernelSize: kernel,
          stride: stride, padding: 1))
    }
    #expect(suits(14, 32, 48) && suits(2, 16, 32) && suits(28, 64, 64))
    #expect(!suits(28, 1, 32) && !suits(14, 16, 16) && !suits(14, 32, 40) && !suits(1, 64, 64))
    #expect(!suits(14, 32, 48, kernel: 5) && !suits(14, 32, 48, stride: 2))
  }
}

extension Tensor {
  /// Numbers of about a normal distribution: sums of four uniform ones.
  fileprivate static func normal(_ shape: Shape, seed: UInt64) -> Tensor {
    let sum = Tensor(zeros: shape)
    for part in 0..<4 {
      let more = Tensor.random(shape, seed: 10 * seed + UInt64(part))
      for index in 0..<sum.count { sum[index] += more[index] }
    }
    return sum
  }
}
