import Support
import Tensor

/// Layer normalization over the last extent, as `torch.nn.LayerNorm` (Ba, Kiros and Hinton, "Layer
/// normalization", 2016): `y = γ (x − mean) / √(variance + ε) + β`, mean and biased variance being
/// those of one token or row of features.
///
///     {"type": "layer_norm", "epsilon": 1e-05}
public struct LayerNorm: LayerDescription {
  public static let type = "layer_norm"
  public static let namePrefix = "ln"

  public let epsilon: Double

  public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

  public init(_ options: inout LayerOptions) throws {
    epsilon = try options.number("epsilon", in: 0..<1, default: 1e-5)
  }

  public var options: JSONObject { epsilon == 1e-5 ? [:] : ["epsilon": .number(epsilon)] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    guard shape.rank < 3 else {
      throw LayerProblem("needs tokens or rows of features, not \(shape)")
    }
    let columns = shape[shape.rank - 1]
    let rows = shape.rank == 2 ? shape[0] : 1
    var outline = try LayerOutline(input)
    outline.parameters = 2 * columns
    outline.traits.needs = .input
    outline.memory.kept = 2 * 4 * rows
    outline.memory.inferenceRegions = [2 * rows]
    outline.memory.scratch = { batch, _ in
      ScratchSize.normalization(rows: boundedProduct(batch, rows), columns: columns)
    }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    LayerNormLayer(self, outline, at: place)
  }
}

/// ``LayerNorm`` at work.
final class LayerNormLayer: Layer {
  let name: String
  let outline: LayerOutline
  private var items: ItemNormalization

  init(_ description: LayerNorm, _ outline: LayerOutline, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    items = ItemNormalization(name, outline, epsilon: description.epsilon)
  }

  var parameters: [Parameter] { items.parameters }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let rows = inputShape.rank == 2 ? inputShape[0] : 1
    items.prepare([2 * batch * rows], room: room, pass)
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.layerNorm(
      x, gamma: items.gamma.value, beta: items.beta.value, epsilon: items.epsilon,
      statistics: items.statistics(pass), into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    pass.device.layerNormBackward(
      dy, x, gamma: items.gamma.value, statistics: items.statistics(pass),
      gammaGradient: items.gamma.gradient, betaGradient: items.beta.gradient, into: dx)
  }
}

/// What a normalization of single items has beside its rule: scale and shift of each number of the
/// last extent, and the statistics of the items at hand.
struct ItemNormalization {
  let gamma: Parameter
  let beta: Parameter
  let epsilon: Float
  /// Of the batch: for the backward pass, and within one of inference.
  private var training = Tensor(zeros: [0])
  private var inference = Tensor(zeros: [0])

  /// - Parameter name: that of the layer.
  init(_ name: String, _ outline: LayerOutline, epsilon: Double) {
    self.epsilon = Float(epsilon)
    let columns = outline.inputShape[outline.inputShape.rank - 1]
    let layout = outline.input.featureLayout
    gamma = Parameter(name: "\(name).weight", shape: [columns], layout: layout, decays: false)
    beta = Parameter(name: "\(name).bias", shape: [columns], layout: layout, decays: false)
    gamma.value.fill(1)
  }

  var parameters: [Parameter] { [gamma, beta] }

  /// Makes room for statistics of this shape.
  mutating func prepare(_ shape: Shape, room: SharedRoom, _ pass: Pass) {
    if pass.mode == .training, training.count < shape.count {
      training = Tensor(zeros: shape)
    } else if pass.mode == .inference, inference.count < shape.count {
      var room = room
      inference = room.take(shape)
    }
  }

  /// Those of a pass.
  func statistics(_ pass: Pass) -> Tensor { pass.mode == .training ? training : inference }
}
