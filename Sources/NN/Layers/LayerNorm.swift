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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    guard input.rank < 3 else {
      throw LayerProblem("needs tokens or rows of features, not \(input)")
    }
    return input
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer { LayerNormLayer(self, place) }
}

/// ``LayerNorm`` at work.
final class LayerNormLayer: Layer {
  let name: String
  let inputShape: Shape
  private let gamma: Parameter
  private let beta: Parameter
  private let epsilon: Float
  /// Of the rows of the batch.
  private var statistics = Tensor(zeros: [0])

  init(_ description: LayerNorm, _ place: LayerPlace) {
    name = place.name
    inputShape = place.inputShape
    epsilon = Float(description.epsilon)
    let columns = inputShape[inputShape.rank - 1]
    let layout = place.featureLayout
    gamma = Parameter(name: "\(name).weight", shape: [columns], layout: layout, decays: false)
    beta = Parameter(name: "\(name).bias", shape: [columns], layout: layout, decays: false)
    gamma.value.fill(1)
  }

  var outputShape: Shape { inputShape }
  var parameters: [Parameter] { [gamma, beta] }
  var needs: BackwardNeeds { .input }

  func prepare(batch: Int, training: Bool, on device: Device) {
    let count = 2 * batch * (inputShape.rank == 2 ? inputShape[0] : 1)
    if statistics.count < count { statistics = Tensor(zeros: [count]) }
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.layerNorm(
      x, gamma: gamma.value, beta: beta.value, epsilon: epsilon, statistics: statistics, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    pass.device.layerNormBackward(
      dy, x, gamma: gamma.value, statistics: statistics, gammaGradient: gamma.gradient,
      betaGradient: beta.gradient, into: dx)
  }
}
