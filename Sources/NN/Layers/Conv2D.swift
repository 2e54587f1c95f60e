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
      throw LayerProblem(
        "'kernel_size' \(kernelSize) does not fit into \(input) with 'padding' \(padding)")
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
  let convolution: Convolution
  let weight: Parameter
  let bias: Parameter?
  /// The input with its border of zeros, kept for the backward pass.
  private var padded = Tensor(zeros: [0])
  private var folded: FoldedWeights?
  private var rectifying = false

  init(_ geometry: ConvolutionGeometry, bias hasBias: Bool, _ place: LayerPlace) {
    name = place.name
    convolution = Convolution(geometry, on: place.device)
    weight = Parameter(
      name: "\(name).weight", shape: geometry.weightShape, layout: .convolution, decays: true)
    bias =
      hasBias ? Parameter(name: "\(name).bias", shape: [geometry.filters], decays: false) : nil
    var random = place.randomStream()
    place.initializer.fill(
      weight.value, fanIn: geometry.depth,
      fanOut: geometry.kernelSize * geometry.kernelSize * geometry.filters, using: &random)
  }

  private var geometry: ConvolutionGeometry { convolution.geometry }
  var inputShape: Shape { [geometry.height, geometry.width, geometry.channels] }
  var outputShape: Shape { [geometry.outputHeight, geometry.outputWidth, geometry.filters] }
  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
  var multiplyAdds: Int { geometry.multiplyAdds }
  var needs: BackwardNeeds { .input }

  func prepare(batch: Int, training: Bool, on device: Device) {
    let shape = geometry.paddedShape(batch)
    if geometry.padding > 0, padded.count < shape.count { padded = Tensor(zeros: shape) }
  }

  func absorb(_ next: any Layer) -> Absorption {
    rectifying = (next as? ActivationLayer)?.function == .relu
    return rectifying ? .forward : .nothing
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    var input = x
    if geometry.padding > 0 {
      input = padded.prefix(geometry.paddedShape(x.shape[0]))
      pass.device.pad(x, for: convolution, into: input)
    }
    if pass.mode == .inference, let folded {
      pass.device.convolve(
        input, folded.weight, convolution, bias: folded.bias, rectifying: folded.rectifying,
        into: y)
    } else {
      pass.device.convolve(
        input, weight.value, convolution, bias: bias?.value, rectifying: rectifying, into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    let input = geometry.padding > 0 ? padded.prefix(geometry.paddedShape(x.shape[0])) : x
    pass.device.convolveWeightGradient(input, dy, convolution, into: weight.gradient)
    if let bias { pass.device.sumRows(dy, into: bias.gradient) }
    if let dx { pass.device.convolveInputGradient(dy, weight.value, convolution, into: dx) }
  }

  func fold(scale: Tensor, shift: Tensor) {
    folded = FoldedWeights(weight.value, bias?.value, scale: scale, shift: shift)
  }

  func unfold() { folded = nil }

  func rectifyFolded() { folded?.rectifying = true }
}
