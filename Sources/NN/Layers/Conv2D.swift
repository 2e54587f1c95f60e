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

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let g = try geometry(for: input.shape)
    var outline = try LayerOutline(input, to: Shape(g.outputHeight, g.outputWidth, filters))
    outline.parameters = boundedProduct(g.depth, filters) + (bias ? filters : 0)
    outline.multiplyAdds = boundedProduct(g.outputHeight, g.outputWidth, g.depth, filters)
    outline.traits.needs = .input
    outline.abilities = [.normalization, .rectification, .pooling, .poolingAlone]
    outline.masksGradient = true
    if padding > 0 {
      let count = boundedProduct(g.paddedShape(1).array)
      outline.memory.kept = 4 * count
      outline.memory.inferenceRegions = [count]
    }
    outline.memory.fixed = Convolution.tableSize(g)
    outline.memory.packed = PackedMatrix.size(rows: g.depth, columns: filters)
    outline.memory.scratch = { ScratchSize.convolution(g, images: $0, threads: $1) }
    return outline
  }

  func geometry(for input: Shape) throws -> ConvolutionGeometry {
    guard input.rank == 3 else {
      throw LayerProblem("needs images [height, width, channels], not \(input)")
    }
    guard min(input[0], input[1]) + 2 * padding >= kernelSize else {
      let largest = min(input[0], input[1]) + 2 * padding
      throw LayerProblem(
        "a kernel of \(kernelSize) x \(kernelSize) does not fit into \(input) with 'padding' "
          + "\(padding); 'kernel_size' must be at most \(largest) here")
    }
    return ConvolutionGeometry(
      height: input[0], width: input[1], channels: input[2], filters: filters,
      kernelSize: kernelSize, stride: stride, padding: padding)
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    Conv2DLayer(try geometry(for: outline.inputShape), outline, bias: bias, at: place)
  }
}

/// ``Conv2D`` at work.
final class Conv2DLayer: Layer {
  let name: String
  let outline: LayerOutline
  let geometry: ConvolutionGeometry
  let weight: Parameter
  let bias: Parameter?
  /// The input with its border of zeros: kept for the backward pass, and within one of inference.
  private var padded = Tensor(zeros: [0])
  private var inferencePadded = Tensor(zeros: [0])
  private var folded: FoldedWeights?
  /// The tables of the convolution, with and without pooling, as far as they are in use.
  private var plain: Convolution?
  private var pooled: Convolution?
  private var choices: Bytes?

  init(
    _ geometry: ConvolutionGeometry, _ outline: LayerOutline, bias hasBias: Bool,
    at place: LayerPlace
  ) {
    name = place.name
    self.outline = outline
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

  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    folded = FoldedWeights(weight.value, bias?.value, normalization, on: device)
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let (pools, isTraining) = (pass.fusion.pools, pass.mode == .training)
    if pools, pooled == nil { pooled = Convolution(geometry.pooled, on: pass.device) }
    if !pools, plain == nil { plain = Convolution(geometry, on: pass.device) }
    let outputs = geometry.pooled.pooledShape(batch).count
    if isTraining, pools, choices?.count ?? 0 < outputs { choices = Bytes(count: outputs) }
    let shape = geometry.paddedShape(batch)
    guard geometry.padding > 0, paddedInput(pass.mode).count < shape.count else { return }
    if isTraining {
      padded = Tensor(zeros: shape)
    } else {
      var room = room
      inferencePadded = room.take(shape)
    }
  }

  private func convolution(pooling: Bool) -> Convolution {
    guard let convolution = pooling ? pooled : plain else {
      preconditionFailure("Conv2D '\(name)' was not prepared")
    }
    return convolution
  }

  /// The place of the input with its border.
  private func paddedInput(_ mode: Pass.Mode) -> Tensor {
    mode == .training ? padded : inferencePadded
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let convolution = convolution(pooling: pass.fusion.pools)
    var input = x
    if geometry.padding > 0 {
      input = paddedInput(pass.mode).prefix(geometry.paddedShape(x.shape[0]))
      pass.device.pad(x, for: convolution, into: input)
    }
    if pass.mode == .inference { return infer(input, convolution, into: y, pass) }
    let rectifies = pass.fusion.rectifies
    if pass.fusion.pools {
      pass.device.convolveMaxPool(
        input, weight.value, convolution, bias: bias?.value, rectifying: rectifies,
        choices: choices, into: y)
    } else {
      pass.device.convolve(
        input, weight.value, convolution, bias: bias?.value, rectifying: rectifies, into: y)
    }
  }

  private func infer(
    _ input: Tensor, _ convolution: Convolution, into y: Tensor, _ pass: Pass
  ) {
    guard let folded else { preconditionFailure("Conv2D '\(name)': weights were not taken in") }
    let rectifies = pass.fusion.rectifies
    if pass.fusion.pools {
      pass.device.convolveMaxPool(
        input, folded.weight, convolution, bias: folded.bias, rectifying: rectifies, choices: nil,
        into: y)
    } else {
      pass.device.convolve(
        input, folded.weight, convolution, bias: folded.bias, rectifying: rectifies, into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    let (device, fusion) = (pass.device, pass.fusion)
    let convolution = convolution(pooling: fusion.pools)
    let input = geometry.padding > 0 ? padded.prefix(geometry.paddedShape(x.shape[0])) : x
    if fusion.pools, let choices {
      device.convolveMaxPoolBackward(
        dy, input, weight.value, convolution, rectifying: fusion.rectifies, choices: choices,
        dW: weight.gradient, dBias: bias?.gradient, into: dx)
      return
    }
    if fusion.rectifies { device.activateBackward(.relu, saved: y, dy, into: dy) }
    device.convolveWeightGradient(input, dy, convolution, into: weight.gradient)
    if let bias { device.sumRows(dy, into: bias.gradient) }
    if let dx { device.convolveInputGradient(dy, weight.value, convolution, into: dx) }
  }
}
