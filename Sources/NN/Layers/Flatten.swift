import Support
import Tensor

/// Lays an image out as one row of features: `[N, H, W, C]` becomes `[N, H · W · C]`.
///
/// The elements stay where they are. PyTorch, whose images are `[C, H, W]`, flattens them in
/// another order; checkpoints reorder the weights of the next dense layer (``WeightLayout``).
public struct Flatten: LayerDescription {
  public static let type = "flatten"
  public static let namePrefix = "flatten"

  public init() {}
  public init(_ options: inout LayerOptions) throws {}
  public var options: JSONObject { [:] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    var output = input
    output.shape = Shape(input.shape.count)
    switch input.shape.rank {
    case 3: output.flattenedShape = input.shape
    case 2:
      // Tokens: several patches in a row are no image any more.
      try input.refuseFlattenedImage()
      output.flattenedShape = nil
    default: break
    }
    var outline = try LayerOutline(input, to: output)
    outline.traits.worksInPlace = true
    outline.traits.keepsValues = true
    outline.traits.keepsSign = true
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    FlattenLayer(name: place.name, outline)
  }
}

/// ``Flatten`` at work: nothing to do where it works in place.
final class FlattenLayer: Layer {
  let name: String
  let outline: LayerOutline

  init(name: String, _ outline: LayerOutline) {
    self.name = name
    self.outline = outline
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) { pass.device.copy(x, into: y) }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if let dx { pass.device.copy(dy, into: dx) }
  }
}
