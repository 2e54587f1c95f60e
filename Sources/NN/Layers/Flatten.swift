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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape { Shape(input.count) }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    FlattenLayer(name: place.name, inputShape: place.inputShape)
  }
}

/// ``Flatten`` at work: nothing to do where it works in place.
final class FlattenLayer: Layer {
  let name: String
  let inputShape: Shape

  init(name: String, inputShape: Shape) {
    self.name = name
    self.inputShape = inputShape
  }

  var outputShape: Shape { Shape(inputShape.count) }
  var worksInPlace: Bool { true }
  var keepsSign: Bool { true }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) { pass.device.copy(x, into: y) }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if let dx { pass.device.copy(dy, into: dx) }
  }
}
