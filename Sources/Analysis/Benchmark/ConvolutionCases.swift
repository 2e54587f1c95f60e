import Tensor

/// The three passes of a convolution of one shape, on a batch.
struct ConvolutionCases {
  let geometry: ConvolutionGeometry
  let batch: Int

  /// The convolutions of the measured networks, and one whose weights are large.
  static func shapes(batch: Int) -> [ConvolutionCases] {
    let shapes = [
      (28, 1, 32, 0), (13, 32, 64, 0), (14, 32, 48, 1), (7, 48, 96, 1), (7, 96, 128, 0),
      (14, 64, 128, 1),
    ]
    return shapes.map { extent, channels, filters, padding in
      ConvolutionCases(
        geometry: ConvolutionGeometry(
          height: extent, width: extent, channels: channels, filters: filters, kernelSize: 3,
          padding: padding), batch: batch)
    }
  }

  private var name: String {
    let g = geometry
    return "\(g.height) x \(g.width) x \(g.channels) -> \(g.filters)"
      + (g.padding > 0 ? ", padded" : "")
  }

  /// The gradient of an image is of no use, so it is not measured for one channel.
  func prepared(on device: Device) -> [BenchmarkCase] {
    let operands = ConvolutionOperands(geometry, batch: batch, device: device)
    let passes = geometry.channels == 1 ? Pass.allCases.filter { $0 != .input } : Pass.allCases
    return passes.map { pass in
      BenchmarkCase(
        subject: BenchmarkSubject(
          group: .convolution, name: name, variant: pass.rawValue, batch: batch,
          threads: device.threadCount, operations: 2 * geometry.multiplyAdds * batch),
        check: { try operands.check(pass, name: name) }, run: { operands.run(pass) })
    }
  }

  enum Pass: String, CaseIterable {
    case forward
    case input = "input gradient"
    case weight = "weight gradient"
  }
}

/// The tensors of a convolution's passes. Forward includes the copy that gives an image its border.
private final class ConvolutionOperands {
  private let g: ConvolutionGeometry
  private let device: Device
  private let convolution: Convolution
  private let x: Tensor
  private let padded: Tensor
  private let weight: Tensor
  private let y: Tensor
  private let dy: Tensor
  private let dx: Tensor
  private let dW: Tensor

  init(_ geometry: ConvolutionGeometry, batch: Int, device: Device) {
    g = geometry
    self.device = device
    convolution = Convolution(g, on: device)
    x = .smallIntegers(g.inputShape(batch), seed: 1)
    padded = g.padding > 0 ? Tensor(zeros: g.paddedShape(batch)) : x
    if g.padding > 0 { device.pad(x, for: convolution, into: padded) }
    weight = .smallIntegers(g.weightShape, seed: 2)
    y = Tensor(zeros: g.outputShape(batch))
    dy = .smallIntegers(g.outputShape(batch), seed: 3)
    dx = Tensor(zeros: g.inputShape(batch))
    dW = Tensor(zeros: g.weightShape)
  }

  func run(_ pass: ConvolutionCases.Pass) {
    switch pass {
    case .forward:
      if g.padding > 0 { device.pad(x, for: convolution, into: padded) }
      device.convolve(padded, weight, convolution, into: y)
    case .input: device.convolveInputGradient(dy, weight, convolution, into: dx)
    case .weight: device.convolveWeightGradient(padded, dy, convolution, into: dW)
    }
  }

  func check(_ pass: ConvolutionCases.Pass, name: String) throws {
    run(pass)
    let subject = "convolution \(name), \(pass.rawValue)"
    switch pass {
    case .forward: try checkElements(of: y, subject, output)
    case .input: try checkElements(of: dx, subject, inputGradient)
    case .weight: try checkElements(of: dW, subject, weightGradient)
    }
  }

  // The definitions, for one element. An index is that of the element in its tensor.

  private func output(_ index: Int) -> Float {
    let (pixel, k) = index.quotientAndRemainder(dividingBy: g.filters)
    var sum: Float = 0
    for tap in 0..<g.kernelSize * g.kernelSize {
      guard let from = inputPixel(ofOutput: pixel, tap) else { continue }
      for c in 0..<g.channels { sum += x[from * g.channels + c] * weight(tap, c, k) }
    }
    return sum
  }

  private func inputGradient(_ index: Int) -> Float {
    let (pixel, c) = index.quotientAndRemainder(dividingBy: g.channels)
    let outputs = g.outputHeight * g.outputWidth
    let image = pixel / (g.height * g.width)
    var sum: Float = 0
    for output in image * outputs..<(image + 1) * outputs {
      for tap in 0..<g.kernelSize * g.kernelSize where inputPixel(ofOutput: output, tap) == pixel {
        for k in 0..<g.filters { sum += dy[output * g.filters + k] * weight(tap, c, k) }
      }
    }
    return sum
  }

  private func weightGradient(_ index: Int) -> Float {
    let (place, k) = index.quotientAndRemainder(dividingBy: g.filters)
    let (tap, c) = place.quotientAndRemainder(dividingBy: g.channels)
    return (0..<dy.count / g.filters).reduce(0) { sum, output in
      guard let from = inputPixel(ofOutput: output, tap) else { return sum }
      return sum + x[from * g.channels + c] * dy[output * g.filters + k]
    }
  }

  private func weight(_ tap: Int, _ channel: Int, _ filter: Int) -> Float {
    weight[(tap * g.channels + channel) * g.filters + filter]
  }

  /// The pixel of the input, counted over the batch, that an output's tap looks at; `nil` in the
  /// border.
  private func inputPixel(ofOutput pixel: Int, _ tap: Int) -> Int? {
    let (image, place) = pixel.quotientAndRemainder(dividingBy: g.outputHeight * g.outputWidth)
    let y = place / g.outputWidth * g.stride + tap / g.kernelSize - g.padding
    let x = place % g.outputWidth * g.stride + tap % g.kernelSize - g.padding
    guard (0..<g.height).contains(y), (0..<g.width).contains(x) else { return nil }
    return (image * g.height + y) * g.width + x
  }
}
