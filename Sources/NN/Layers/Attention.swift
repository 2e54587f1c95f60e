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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    guard input.rank == 2 else { throw LayerProblem("needs tokens [count, width], not \(input)") }
    guard input[1] % heads == 0 else {
      throw LayerProblem("'heads' \(heads) does not divide the last extent of \(input)")
    }
    return input
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    try place.refuseFlattenedImage()
    let shape = place.inputShape
    return AttentionLayer(
      AttentionGeometry(tokens: shape[0], width: shape[1], heads: heads), place)
  }
}

/// ``Attention`` at work.
final class AttentionLayer: Layer, FoldableLayer {
  let name: String
  private let geometry: AttentionGeometry
  private let inputWeight: Parameter
  private let inputBias: Parameter
  private let outputWeight: Parameter
  private let outputBias: Parameter
  private var values: Values?
  private var gradients: (mixed: Tensor, projected: Tensor)?
  private var packed: (input: PackedMatrix, output: PackedMatrix)?

  /// What lies between the input and the output.
  private struct Values {
    let batch: Int
    /// Queries, keys and values.
    let projected: Tensor
    let weights: Tensor
    /// The heads' outputs.
    let mixed: Tensor
  }

  init(_ geometry: AttentionGeometry, _ place: LayerPlace) {
    name = place.name
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

  var inputShape: Shape { Shape(geometry.tokens, geometry.width) }
  var outputShape: Shape { inputShape }
  var parameters: [Parameter] { [inputWeight, inputBias, outputWeight, outputBias] }
  var needs: BackwardNeeds { .input }
  var multiplyAdds: Int {
    4 * geometry.tokens * geometry.width * geometry.width + geometry.multiplyAdds
  }

  func prepare(batch: Int, training: Bool, on device: Device) {
    if values?.batch ?? 0 < batch {
      values = Values(
        batch: batch, projected: Tensor(zeros: geometry.projectedShape(batch)),
        weights: Tensor(zeros: geometry.weightShape(batch)),
        mixed: Tensor(zeros: geometry.outputShape(batch)))
    }
    let count = geometry.outputShape(batch).count
    if training, gradients?.mixed.count ?? 0 < count {
      gradients = (
        Tensor(zeros: geometry.outputShape(batch)), Tensor(zeros: geometry.projectedShape(batch))
      )
    }
  }

  func foldNormalization(on device: Device) {
    packed = (
      PackedMatrix(inputWeight.value, on: device), PackedMatrix(outputWeight.value, on: device)
    )
  }

  /// The values of a batch of `count`.
  private func values(_ count: Int) -> Values {
    guard let values else { preconditionFailure("Attention '\(name)' was not prepared") }
    return Values(
      batch: count, projected: values.projected.prefix(geometry.projectedShape(count)),
      weights: values.weights.prefix(geometry.weightShape(count)),
      mixed: values.mixed.prefix(geometry.outputShape(count)))
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let (device, v) = (pass.device, values(x.shape[0]))
    let (start, end) = (inputBias.value, outputBias.value)
    if pass.mode == .inference, let packed {
      device.matmul(x, packed.input, bias: start, into: v.projected)
      device.attention(v.projected, geometry, weights: v.weights, into: v.mixed)
      device.matmul(v.mixed, packed.output, bias: end, into: y)
    } else {
      device.matmul(x, inputWeight.value, bias: start, into: v.projected)
      device.attention(v.projected, geometry, weights: v.weights, into: v.mixed)
      device.matmul(v.mixed, outputWeight.value, bias: end, into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let gradients else { preconditionFailure("Attention.backward before forward") }
    let (device, v) = (pass.device, values(x.shape[0]))
    let mixed = gradients.mixed.prefix(v.mixed.shape)
    let projected = gradients.projected.prefix(v.projected.shape)
    // y = O · W + b  ⇒  dW = Oᵀ · dy, db = Σ rows of dy, dO = dy · Wᵀ; likewise the projections.
    device.matmul(v.mixed, dy, transposingA: true, into: outputWeight.gradient)
    device.sumRows(dy, into: outputBias.gradient)
    device.matmul(dy, outputWeight.value, transposingB: true, into: mixed)
    device.attentionBackward(mixed, v.projected, geometry, weights: v.weights, into: projected)
    device.matmul(x, projected, transposingA: true, into: inputWeight.gradient)
    device.sumRows(projected, into: inputBias.gradient)
    if let dx { device.matmul(projected, inputWeight.value, transposingB: true, into: dx) }
  }
}
