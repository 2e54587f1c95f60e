import Support
import Tensor

/// The largest value of each window, as `torch.nn.MaxPool2d`: `[N, H, W, C]` becomes
/// `[N, (H − size) / stride + 1, …, C]`.
public struct MaxPool: LayerDescription {
  public static let type = "max_pool"
  public static let namePrefix = "pool"

  public let size: Int
  public let stride: Int

  public init(_ size: Int = 2, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }

  public init(_ options: inout LayerOptions) throws {
    (size, stride) = try readWindow(&options, largest: 16)
  }

  public var options: JSONObject { windowOptions(size, stride) }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let g = try poolingGeometry(input.shape, size, stride)
    var outline = try LayerOutline(input, to: [g.outputHeight, g.outputWidth, g.channels])
    outline.work = size == 2 && stride == 2 ? .pooling : nil
    outline.memory.kept = outline.outputShape.count
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    MaxPoolLayer(place.name, outline, try poolingGeometry(outline.inputShape, size, stride))
  }
}

/// The mean of each window, as `torch.nn.AvgPool2d`; shapes as for ``MaxPool``.
public struct AvgPool: LayerDescription {
  public static let type = "avg_pool"
  public static let namePrefix = "pool"

  public let size: Int
  public let stride: Int

  public init(_ size: Int = 2, stride: Int? = nil) {
    self.size = size
    self.stride = stride ?? size
  }

  public init(_ options: inout LayerOptions) throws {
    (size, stride) = try readWindow(&options, largest: LayerOptions.largestExtent)
  }

  public var options: JSONObject { windowOptions(size, stride) }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let g = try poolingGeometry(input.shape, size, stride)
    return try LayerOutline(input, to: [g.outputHeight, g.outputWidth, g.channels])
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    AvgPoolLayer(place.name, outline, try poolingGeometry(outline.inputShape, size, stride))
  }
}

/// The mean of each channel over the whole image: `[N, H, W, C]` becomes `[N, C]` (Lin, Chen and
/// Yan, "Network in Network", 2014), or over all tokens: `[N, T, C]` becomes `[N, C]`.
public struct GlobalAvgPool: LayerDescription {
  public static let type = "global_avg_pool"
  public static let namePrefix = "pool"

  public init() {}
  public init(_ options: inout LayerOptions) throws {}
  public var options: JSONObject { [:] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    guard shape.rank == 2 || shape.rank == 3 else {
      throw LayerProblem("needs images [height, width, channels], not \(shape)")
    }
    return try LayerOutline(input, to: Shape(shape[shape.rank - 1]))
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    let shape = outline.inputShape
    guard shape.rank == 3, shape[0] == shape[1] else { return RowMeanLayer(place.name, outline) }
    return AvgPoolLayer(place.name, outline, try poolingGeometry(shape, shape[0], shape[0]))
  }
}

private func readWindow(
  _ options: inout LayerOptions, largest: Int
) throws -> (size: Int, stride: Int) {
  let size = try options.wholeNumber("size", in: 1...largest, default: 2)
  return (
    size, try options.wholeNumber("stride", in: 1...LayerOptions.largestExtent, default: size)
  )
}

private func windowOptions(_ size: Int, _ stride: Int) -> JSONObject {
  var object: JSONObject = ["size": .integer(size)]
  if stride != size { object["stride"] = .integer(stride) }
  return object
}

private func poolingGeometry(_ input: Shape, _ size: Int, _ stride: Int) throws -> PoolingGeometry {
  guard input.rank == 3 else {
    throw LayerProblem("needs images [height, width, channels], not \(input)")
  }
  guard size <= min(input[0], input[1]) else {
    throw LayerProblem(
      "a window of \(size) x \(size) does not fit into \(input); make it, or 'kernel_size' "
        + "of the layers before it, smaller")
  }
  return PoolingGeometry(
    height: input[0], width: input[1], channels: input[2], size: size, stride: stride)
}

/// ``MaxPool`` at work.
final class MaxPoolLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let geometry: PoolingGeometry
  private var choices: Bytes?

  init(_ name: String, _ outline: LayerOutline, _ geometry: PoolingGeometry) {
    self.name = name
    self.outline = outline
    self.geometry = geometry
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let count = batch * outputShape.count
    if pass.mode == .training, choices?.count ?? 0 < count { choices = Bytes(count: count) }
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.maxPool(x, geometry, choices: pass.mode == .training ? choices : nil, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let choices else { preconditionFailure("MaxPool.backward before forward") }
    if let dx { pass.device.maxPoolBackward(dy, geometry, choices: choices, into: dx) }
  }
}

/// ``AvgPool`` and ``GlobalAvgPool`` at work.
final class AvgPoolLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let geometry: PoolingGeometry

  init(_ name: String, _ outline: LayerOutline, _ geometry: PoolingGeometry) {
    self.name = name
    self.outline = outline
    self.geometry = geometry
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.averagePool(x, geometry, into: y.reshaped(geometry.outputShape(x.shape[0])))
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let dx else { return }
    pass.device.averagePoolBackward(
      dy.reshaped(geometry.outputShape(dy.shape[0])), geometry, into: dx)
  }
}

/// ``GlobalAvgPool`` at work on tokens, and on images that are no squares, whose pixels are rows too.
final class RowMeanLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let rowCount: Int
  private let channels: Int

  init(_ name: String, _ outline: LayerOutline) {
    self.name = name
    self.outline = outline
    channels = outline.outputShape.count
    rowCount = outline.inputShape.count / channels
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.meanOfRows(rows(x), into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if let dx { pass.device.meanOfRowsBackward(dy, into: rows(dx)) }
  }

  private func rows(_ x: Tensor) -> Tensor { x.reshaped([x.shape[0], rowCount, channels]) }
}
