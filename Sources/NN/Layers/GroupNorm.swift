import Support
import Tensor

/// Group normalization (Wu and He, "Group normalization", 2018), as `torch.nn.GroupNorm`:
/// `y = γ (x − mean) / √(variance + ε) + β`, mean and biased variance being those of one item's
/// channels of one group, at all places of an image or token. It does the same in training and in
/// inference, whatever the batch.
///
///     {"type": "group_norm", "groups": 8, "epsilon": 1e-05}
public struct GroupNorm: LayerDescription {
  public static let type = "group_norm"
  public static let namePrefix = "gn"

  public var groups: Int
  public let epsilon: Double

  public init(groups: Int = 8, epsilon: Double = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  public init(_ options: inout LayerOptions) throws {
    groups = try options.wholeNumber("groups", in: 1...LayerOptions.largestCount)
    epsilon = try options.number("epsilon", in: 0..<1, default: 1e-5)
  }

  public var options: JSONObject {
    var object: JSONObject = ["groups": .integer(groups)]
    if epsilon != 1e-5 { object["epsilon"] = .number(epsilon) }
    return object
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let channels = input.shape[input.shape.rank - 1]
    guard channels % groups == 0 else {
      throw LayerProblem(
        "'groups' \(groups) does not divide the \(channels) channels of \(input.shape)")
    }
    try input.refuseFlattenedImage()
    var outline = try LayerOutline(input)
    outline.parameters = 2 * channels
    outline.traits.needs = .input
    outline.abilities = .rectification
    outline.memory.kept = 4 * 4 * channels
    outline.memory.inferenceRegions = [4 * channels]
    outline.memory.scratch = { batch, _ in boundedProduct(4, batch, channels) }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    GroupNormLayer(self, outline, at: place)
  }
}

/// ``GroupNorm`` at work.
final class GroupNormLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let geometry: GroupNormGeometry
  private var items: ItemNormalization

  init(_ description: GroupNorm, _ outline: LayerOutline, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    let channels = outline.inputShape[outline.inputShape.rank - 1]
    geometry = GroupNormGeometry(
      places: outline.inputShape.count / max(1, channels), channels: channels,
      groups: description.groups)
    items = ItemNormalization(name, outline, epsilon: description.epsilon)
  }

  var parameters: [Parameter] { items.parameters }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    items.prepare(geometry.statisticsShape(batch), room: room, pass)
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.groupNorm(
      x, geometry, gamma: items.gamma.value, beta: items.beta.value, epsilon: items.epsilon,
      rectifying: pass.fusion.rectifies, statistics: items.statistics(pass), into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    pass.device.groupNormBackward(
      dy, x, geometry, gamma: items.gamma.value, rectifying: pass.fusion.rectifies,
      statistics: items.statistics(pass), gammaGradient: items.gamma.gradient,
      betaGradient: items.beta.gradient, into: dx)
  }
}
