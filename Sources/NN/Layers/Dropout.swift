import Support
import Tensor

/// Sets each element to zero with probability `rate` and divides the others by `1 − rate`, in
/// training only (Srivastava et al., "Dropout", 2014).
///
/// The mask is a function of seed, step, layer and element, so no order of work changes it. The
/// probability is a multiple of 2^-16.
public struct Dropout: LayerDescription {
  public static let type = "dropout"
  public static let namePrefix = "dropout"

  public let rate: Double

  /// - Parameter rate: from 0 to less than 1.
  public init(_ rate: Double) { self.rate = rate }

  public init(_ options: inout LayerOptions) throws {
    rate = try options.number("rate", in: 0..<1, default: 0.5)
  }

  public var options: JSONObject { ["rate": .number(rate)] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    var outline = try LayerOutline(input)
    outline.traits.worksInPlace = true
    outline.traits.keepsSign = true
    outline.memory.kept = input.shape.count
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    DropoutLayer(rate: rate, outline, at: place)
  }
}

/// ``Dropout`` at work.
final class DropoutLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let rate: Double
  private let index: Int
  private var mask: Bytes?

  init(rate: Double, _ outline: LayerOutline, at place: LayerPlace) {
    self.rate = rate
    self.outline = outline
    index = place.index
    name = place.name
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let count = batch * inputShape.count
    if pass.mode == .training, mask?.count ?? 0 < count { mask = Bytes(count: count) }
  }

  private var factor: Float { Float(1 / (1 - rate)) }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard pass.mode == .training, rate > 0, let mask else {
      return pass.device.copy(x, into: y)
    }
    pass.device.fillDropoutMask(
      mask, count: x.count, rate: rate, seed: pass.seed, step: pass.step, layer: index)
    pass.device.applyMask(mask, x, factor: factor, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let dx else { return }
    guard rate > 0, let mask else {
      return pass.device.copy(dy, into: dx)
    }
    pass.device.applyMask(mask, dy, factor: factor, into: dx)
  }
}

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

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    guard shape.rank > 1 else {
      throw LayerProblem("needs images [height, width, channels], not \(shape); use dropout")
    }
    var outline = try LayerOutline(input)
    outline.traits.worksInPlace = true
    outline.traits.keepsSign = true
    outline.memory.kept = shape[shape.rank - 1]
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    SpatialDropoutLayer(rate: rate, outline, at: place)
  }
}

/// ``SpatialDropout`` at work.
final class SpatialDropoutLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let rate: Double
  private let index: Int
  /// A byte for each channel of each item.
  private var mask = Bytes(count: 0)

  init(rate: Double, _ outline: LayerOutline, at place: LayerPlace) {
    self.rate = rate
    self.outline = outline
    index = place.index
    name = place.name
  }

  private var channels: Int { inputShape[inputShape.rank - 1] }
  private var factor: Float { Float(1 / (1 - rate)) }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let count = batch * channels
    if pass.mode == .training, mask.count < count { mask = Bytes(count: count) }
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
