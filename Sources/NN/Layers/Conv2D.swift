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
