import Support
import Tensor

/// Self-attention of several heads over tokens `[T, D]`, as `torch.nn.MultiheadAttention` with
/// `batch_first` (Vaswani, Shazeer, Parmar et al., "Attention is all you need", 2017).
///
///     {"type": "attention", "heads": 4}
///
/// `Q`, `K`, `V` `= x · W + b`, `[T, D]` each, `in_proj_weight` `[D, 3 D]` holding them side by
/// side; each head takes `E = D / heads` of their columns, `O = softmax(Q Kᵀ / √E) V`; and
/// `y = O · out_proj.weight + out_proj.bias`.
public struct Attention: LayerDescription {
  public static let type = "attention"
  public static let namePrefix = "attn"

  public let heads: Int

  public init(heads: Int) { self.heads = heads }

  public init(_ options: inout LayerOptions) throws {
    heads = try options.wholeNumber("heads", in: 1...LayerOptions.largestExtent)
  }

  public var options: JSONObject { ["heads": .integer(heads)] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    guard shape.rank == 2 else { throw LayerProblem("needs tokens [count, width], not \(shape)") }
    guard shape[1] % heads == 0 else {
      throw LayerProblem("'heads' \(heads) does not divide the last extent of \(shape)")
    }
    try input.refuseFlattenedImage()
    let (tokens, width) = (shape[0], shape[1])
    let g = AttentionGeometry(tokens: tokens, width: width, heads: heads)
    var outline = try LayerOutline(input)
    outline.parameters = boundedSum([boundedProduct(4, width, width), boundedProduct(4, width)])
    outline.multiplyAdds = boundedSum([
      boundedProduct(4, tokens, width, width), boundedProduct(2, tokens, tokens, width),
    ])
    outline.traits.needs = .input
    let item = boundedProduct(tokens, width)
    outline.memory.kept = boundedProduct(4, 4, item)
    outline.memory.backwardRegions = [item, boundedProduct(3, item)]
    outline.memory.inferenceRegions = [boundedProduct(3, item), item]
    outline.memory.packed = 4 * PackedMatrix.size(rows: width, columns: width)
    outline.memory.scratch = { ScratchSize.attention(g, items: $0, threads: $1) }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    let shape = outline.inputShape
    return AttentionLayer(
      AttentionGeometry(tokens: shape[0], width: shape[1], heads: heads), outline, at: place)
  }
}

/// ``Attention`` at work.
final class AttentionLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let geometry: AttentionGeometry
  private let inputWeight: Parameter
  private let inputBias: Parameter
  private let outputWeight: Parameter
  private let outputBias: Parameter
  private var training: Values?
  private var inference: Values?
  private var gradients: (mixed: Tensor, projected: Tensor)?
  private var packed: (input: PackedMatrix, output: PackedMatrix)?

  /// What lies between the input and the output.
  private struct Values {
    let batch: Int
    /// Queries, keys and values.
    let projected: Tensor
    /// The heads' outputs.
    let mixed: Tensor
  }

  init(_ geometry: AttentionGeometry, _ outline: LayerOutline, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    self.geometry = geometry
    let width = geometry.width
    inputWeight = Parameter(
      name: "\(name).in_proj_weight", shape: [width, 3 * width], layout: .dense, decays: true)
    inputBias = Parameter(name: "\(name).in_proj_bias", shape: [3 * width], decays: false)
    outputWeight = Parameter(
      name: "\(name).out_proj.weight", shape: [width, width], layout: .dense, decays: true)
    outputBias = Parameter(name: "\(name).out_proj.bias", shape: [width], decays: false)
    var random = place.randomStream()
    // Each of the three projections has as many outputs as inputs.
    place.initializer.fill(inputWeight.value, fanIn: width, fanOut: width, using: &random)
    place.initializer.fill(outputWeight.value, fanIn: width, fanOut: width, using: &random)
  }

  var parameters: [Parameter] { [inputWeight, inputBias, outputWeight, outputBias] }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let (projected, mixed) = (geometry.projectedShape(batch), geometry.outputShape(batch))
    var room = room
    if pass.mode == .training, training?.batch ?? 0 < batch {
      training = Values(
        batch: batch, projected: Tensor(zeros: projected), mixed: Tensor(zeros: mixed))
      gradients = (room.take(mixed), room.take(projected))
    } else if pass.mode == .inference, inference?.batch ?? 0 < batch {
      inference = Values(batch: batch, projected: room.take(projected), mixed: room.take(mixed))
    }
  }

  func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    packed = (
      PackedMatrix(inputWeight.value, on: device), PackedMatrix(outputWeight.value, on: device)
    )
  }

  /// The values of a batch of `count`.
  private func values(_ count: Int, _ mode: Pass.Mode) -> Values {
    guard let values = mode == .training ? training : inference else {
      preconditionFailure("Attention '\(name)' was not prepared")
    }
    return Values(
      batch: count, projected: values.projected.prefix(geometry.projectedShape(count)),
      mixed: values.mixed.prefix(geometry.outputShape(count)))
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let (device, v) = (pass.device, values(x.shape[0], pass.mode))
    let (start, end) = (inputBias.value, outputBias.value)
    if pass.mode == .inference {
      guard let packed else {
        preconditionFailure("Attention '\(name)': weights were not taken in")
      }
      device.matmul(x, packed.input, bias: start, into: v.projected)
      device.attention(v.projected, geometry, into: v.mixed)
      device.matmul(v.mixed, packed.output, bias: end, into: y)
    } else {
      device.matmul(x, inputWeight.value, bias: start, into: v.projected)
      device.attention(v.projected, geometry, into: v.mixed)
      device.matmul(v.mixed, outputWeight.value, bias: end, into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let gradients else { preconditionFailure("Attention.backward before forward") }
    let (device, v) = (pass.device, values(x.shape[0], .training))
    let mixed = gradients.mixed.prefix(v.mixed.shape)
    let projected = gradients.projected.prefix(v.projected.shape)
    // y = O · W + b  ⇒  dW = Oᵀ · dy, db = Σ rows of dy, dO = dy · Wᵀ; likewise the projections.
    device.matmul(v.mixed, dy, transposingA: true, into: outputWeight.gradient)
    device.sumRows(dy, into: outputBias.gradient)
    device.matmul(dy, outputWeight.value, transposingB: true, into: mixed)
    device.attentionBackward(mixed, v.projected, geometry, into: projected)
    device.matmul(x, projected, transposingA: true, into: inputWeight.gradient)
    device.sumRows(projected, into: inputBias.gradient)
    if let dx { device.matmul(projected, inputWeight.value, transposingB: true, into: dx) }
  }
}
