import Support
import Tensor

/// Dropout of whole channels, in training only: each channel of an image is zero with probability
/// `rate`, the others are divided by `1 − rate` (Tompson, Goroshin, Jain, LeCun and Bregler,
/// "Efficient object localization using convolutional networks", 2015; `torch.nn.Dropout2d`).
///
///     {"type": "spatial_dropout", "rate": 0.1}
///
/// The mask is a function of seed, step, layer, item and channel. The probability is a multiple of
/// 2^-16.
public struct SpatialDropout: LayerDescription {
  public static let type = "spatial_dropout"
  public static let namePrefix = "dropout"

  public let rate: Double

  /// - Parameter rate: from 0 to less than 1.
  public init(_ rate: Double) { self.rate = rate }

  public init(_ options: inout LayerOptions) throws {
    rate = try options.number("rate", in: 0..<1, default: 0.5)
  }

  public var options: JSONObject { ["rate": .number(rate)] }

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    guard input.rank > 1 else {
      throw LayerProblem("needs images [height, width, channels], not \(input); use dropout")
    }
    return input
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    SpatialDropoutLayer(rate: rate, place)
  }
}

/// ``SpatialDropout`` at work.
final class SpatialDropoutLayer: Layer {
  let name: String
  let inputShape: Shape
  private let rate: Double
  private let index: Int
  /// A byte for each channel of each item.
  private var mask = Bytes(count: 0)

  init(rate: Double, _ place: LayerPlace) {
    self.rate = rate
    index = place.index
    name = place.name
    inputShape = place.inputShape
  }

  var outputShape: Shape { inputShape }
  var worksInPlace: Bool { true }
  var keepsSign: Bool { true }

  private var channels: Int { inputShape[inputShape.rank - 1] }
  private var factor: Float { Float(1 / (1 - rate)) }

  func prepare(batch: Int, training: Bool, on device: Device) {
    if training, mask.count < batch * channels { mask = Bytes(count: batch * channels) }
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard pass.mode == .training, rate > 0 else { return pass.device.copy(x, into: y) }
    pass.device.fillDropoutMask(
      mask, count: x.shape[0] * channels, rate: rate, seed: pass.seed, step: pass.step,
      layer: index)
    pass.device.applyChannelMask(mask, x, factor: factor, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let dx else { return }
    guard rate > 0 else { return pass.device.copy(dy, into: dx) }
    pass.device.applyChannelMask(mask, dy, factor: factor, into: dx)
  }
}
