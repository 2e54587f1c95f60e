import Support
import Tensor

/// Adds to each token a vector that is learned for its place: `y = x + E`, `E` `[T, D]`, normally
/// distributed at first, with deviation 0.02 unless told otherwise (Dosovitskiy et al., "An image is
/// worth 16 x 16 words", 2021). In a checkpoint it is the `weight` of a `torch.nn.Embedding`.
///
///     {"type": "positional_embedding", "deviation": 0.5}
public struct PositionalEmbedding: LayerDescription {
  public static let type = "positional_embedding"
  public static let namePrefix = "pos"

  /// The standard deviation of the initial numbers.
  public let deviation: Double

  public init(deviation: Double = 0.02) { self.deviation = deviation }

  public init(_ options: inout LayerOptions) throws {
    deviation = try options.number("deviation", in: 0..<100, default: 0.02)
  }

  public var options: JSONObject {
    deviation == 0.02 ? [:] : ["deviation": .number(deviation)]
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let shape = input.shape
    guard shape.rank == 2 else { throw LayerProblem("needs tokens [count, width], not \(shape)") }
    try input.refuseFlattenedImage()
    var outline = try LayerOutline(input)
    outline.parameters = shape.count
    outline.traits.worksInPlace = true
    outline.memory.scratch = { batch, _ in
      ScratchSize.sums(rows: batch, columns: shape.count)
    }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    PositionalEmbeddingLayer(deviation: Float(deviation), outline, at: place)
  }
}

/// ``PositionalEmbedding`` at work.
final class PositionalEmbeddingLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let embedding: Parameter

  init(deviation: Float, _ outline: LayerOutline, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    embedding = Parameter(name: "\(name).weight", shape: outline.inputShape, decays: true)
    var random = place.randomStream()
    for i in 0..<embedding.value.count { embedding.value[i] = deviation * random.normal() }
  }

  var parameters: [Parameter] { [embedding] }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.copy(x, into: y)
    pass.device.addToItems(embedding.value, to: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    let count = embedding.gradient.count
    pass.device.sumRows(
      dy.reshaped(Shape(dy.shape[0], count)), into: embedding.gradient.reshaped(Shape(count)))
    if let dx { pass.device.copy(dy, into: dx) }
  }
}
