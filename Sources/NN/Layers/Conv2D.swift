import Support
import Tensor

/// A two-dimensional convolution with a square kernel, as `torch.nn.Conv2d` (cross-correlation).
///
/// With a batch of `N`: input `[N, H, W, C]`, `weight` `[R, S, C, K]`, `bias` `[K]`, output
/// `[N, (H + 2 padding − R) / stride + 1, …, K]`.
public struct Conv2D: LayerDescription {
  public static let type = "conv2d"
  public static let namePrefix = "conv"

  public let filters: Int
  public let kernelSize: Int
  public let stride: Int
  public let padding: Int
  public let bias: Bool

  public init(
    _ filters: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
    self.bias = bias
  }

  public init(_ options: inout LayerOptions) throws {
    let extents = 1...LayerOptions.largestExtent
    filters = try options.wholeNumber("filters", in: 1...LayerOptions.largestCount)
    kernelSize = try options.wholeNumber("kernel_size", in: extents)
    stride = try options.wholeNumber("stride", in: extents, default: 1)
    padding = try options.wholeNumber("padding", in: 0...extents.upperBound, default: 0)
    bias = try options.truth("bias", default: true)
  }

  public var options: JSONObject {
    var object: JSONObject = ["filters": .integer(filters), "kernel_size": .integer(kernelSize)]
    if stride != 1 { object["stride"] = .integer(stride) }
    if padding != 0 { object["padding"] = .integer(padding) }
    if !bias { object["bias"] = false }
    return object
  }

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    let g = try geometry(for: input)
    return [g.outputHeight, g.outputWidth, filters]
  }

  func geometry(for input: Shape) throws -> ConvolutionGeometry {
    guard input.rank == 3 else {
      throw LayerProblem("needs images [height, width, channels], not \(input)")
    }
    guard min(input[0], input[1]) + 2 * padding >= kernelSize else {
      let largest = min(input[0], input[1]) + 2 * padding
      throw LayerProblem(
        "a kernel of \(kernelSize) x \(kernelSize) does not fit into \(input) with 'padding' "
          + "\(padding); 'kernel_size' (--kernel-size) must be at most \(largest) here")
    }
    return ConvolutionGeometry(
      height: input[0], width: input[1], channels: input[2], filters: filters,
      kernelSize: kernelSize, stride: stride, padding: padding)
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    Conv2DLayer(try geometry(for: place.inputShape), bias: bias, place)
  }
}

/// ``Conv2D`` at work.
final class Conv2DLayer: Layer, FoldableLayer {
  let name: String
  let geometry: ConvolutionGeometry
  let weight: Parameter
  let bias: Parameter?
  /// The input with its border of zeros, kept for the backward pass.
  private var padded = Tensor(zeros: [0])
  private var folded: FoldedWeights?
  /// What this layer does of those behind it.
  private var training = Fusion()
  private var inference = Fusion()
  /// The tables of the convolution, with and without pooling, as far as they are in use.
  private var plain: Convolution?
  private var pooled: Convolution?
  private var choices: Bytes?

  init(_ geometry: ConvolutionGeometry, bias hasBias: Bool, _ place: LayerPlace) {
    name = place.name
    self.geometry = geometry
    weight = Parameter(
      name: "\(name).weight", shape: geometry.weightShape, layout: .convolution, decays: true)
    bias =
      hasBias ? Parameter(name: "\(name).bias", shape: [geometry.filters], decays: false) : nil
    var random = place.randomStream()
    place.initializer.fill(
      weight.value, fanIn: geometry.depth,
      fanOut: geometry.kernelSize * geometry.kernelSize * geometry.filters, using: &random)
  }

  var inputShape: Shape { Shape(geometry.height, geometry.width, geometry.channels) }
  var outputShape: Shape { Shape(geometry.outputHeight, geometry.outputWidth, geometry.filters) }
  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
  var multiplyAdds: Int { geometry.multiplyAdds }
  var needs: BackwardNeeds {
    training.rectifies && !training.pools ? [.input, .outputSign] : .input
  }

  var spoilsGradient: Bool { training.rectifies && !training.pools }

  func absorb(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode) -> Int {
    let fusion = Fusion(following, mode, pooling: true)
    if mode == .training { training = fusion } else { inference = fusion }
    return fusion.count
  }

  func foldNormalization(on device: Device) {
    folded = FoldedWeights(weight.value, bias?.value, inference.normalization, on: device)
  }

  func prepare(batch: Int, training isTraining: Bool, on device: Device) {
    let pools = isTraining ? training.pools : inference.pools
    if pools, pooled == nil { pooled = Convolution(geometry.pooled, on: device) }
    if !pools, plain == nil { plain = Convolution(geometry, on: device) }
    let shape = geometry.paddedShape(batch)
    if geometry.padding > 0, padded.count < shape.count { padded = Tensor(zeros: shape) }
    let outputs = geometry.pooled.pooledShape(batch).count
    if isTraining, pools, choices?.count ?? 0 < outputs { choices = Bytes(count: outputs) }
  }

  private func convolution(pooling: Bool) -> Convolution {
    guard let convolution = pooling ? pooled : plain else {
      preconditionFailure("Conv2D '\(name)' was not prepared")
    }
    return convolution
  }

  /// The input with its border.
  private func paddedInput(_ count: Int) -> Tensor { padded.prefix(geometry.paddedShape(count)) }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let fusion = pass.mode == .training ? training : inference
    let convolution = convolution(pooling: fusion.pools)
    var input = x
    if geometry.padding > 0 {
      input = paddedInput(x.shape[0])
      pass.device.pad(x, for: convolution, into: input)
    }
    if pass.mode == .inference, let folded {
      infer(input, folded, convolution, into: y, on: pass.device)
    } else if fusion.pools {
      pass.device.convolveMaxPool(
        input, weight.value, convolution, bias: bias?.value, rectifying: fusion.rectifies,
        choices: pass.mode == .training ? choices : nil, into: y)
    } else {
      pass.device.convolve(
        input, weight.value, convolution, bias: bias?.value, rectifying: fusion.rectifies, into: y)
    }
  }

  private func infer(
    _ input: Tensor, _ folded: FoldedWeights, _ convolution: Convolution, into y: Tensor,
    on device: Device
  ) {
    if inference.pools {
      device.convolveMaxPool(
        input, folded.weight, convolution, bias: folded.bias, rectifying: inference.rectifies,
        choices: nil, into: y)
    } else {
      device.convolve(
        input, folded.weight, convolution, bias: folded.bias, rectifying: inference.rectifies,
        into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    let (device, convolution) = (pass.device, convolution(pooling: training.pools))
    let input = geometry.padding > 0 ? paddedInput(x.shape[0]) : x
    if training.pools, let choices {
      device.convolveMaxPoolBackward(
        dy, input, weight.value, convolution, rectifying: training.rectifies, choices: choices,
        dW: weight.gradient, dBias: bias?.gradient, into: dx)
      return
    }
    if training.rectifies { device.activateBackward(.relu, saved: y, dy, into: dy) }
    device.convolveWeightGradient(input, dy, convolution, into: weight.gradient)
    if let bias { device.sumRows(dy, into: bias.gradient) }
    if let dx { device.convolveInputGradient(dy, weight.value, convolution, into: dx) }
  }
}
