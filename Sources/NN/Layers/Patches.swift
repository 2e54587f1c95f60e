import Support
import Tensor

/// Cuts an image into square patches, each laid out as a token: `[N, H, W, C]` becomes
/// `[N, H / size · W / size, size · size · C]` (Dosovitskiy et al., "An image is worth 16 x 16
/// words", 2021). With a dense layer behind it it is a convolution of that stride.
///
///     {"type": "patches", "size": 4}
///
/// PyTorch's `torch.nn.Unfold`, its result transposed, has the numbers of a patch in another order
/// if there are several channels; checkpoints reorder the weights of the next dense layer.
public struct Patches: LayerDescription {
  public static let type = "patches"
  public static let namePrefix = "patches"

  public let size: Int

  public init(_ size: Int) { self.size = size }

  public init(_ options: inout LayerOptions) throws {
    size = try options.wholeNumber("size", in: 1...LayerOptions.largestExtent)
  }

  public var options: JSONObject { ["size": .integer(size)] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let g = try geometry(for: input.shape)
    var output = input
    output.shape = Shape(g.count, g.patchSize)
    output.flattenedShape = Shape(size, size, input.shape[2])
    return try LayerOutline(input, to: output)
  }

  private func geometry(for input: Shape) throws -> PatchGeometry {
    guard input.rank == 3 else {
      throw LayerProblem("needs images [height, width, channels], not \(input)")
    }
    guard input[0] % size == 0, input[1] % size == 0 else {
      throw LayerProblem("'size' \(size) does not divide the sides of \(input)")
    }
    return PatchGeometry(height: input[0], width: input[1], channels: input[2], size: size)
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    PatchesLayer(place.name, outline, try geometry(for: outline.inputShape))
  }
}

/// ``Patches`` at work.
final class PatchesLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let geometry: PatchGeometry

  init(_ name: String, _ outline: LayerOutline, _ geometry: PatchGeometry) {
    self.name = name
    self.outline = outline
    self.geometry = geometry
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.cutPatches(x, geometry, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if let dx { pass.device.joinPatches(dy, geometry, into: dx) }
  }
}
