import Support
import Tensor

/// A branch of layers whose output is put beside its input along the channels: `y = [x, body(x)]`
/// (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", 2017).
///
///     {"type": "concatenate", "layers": […]}
public struct Concatenate: LayerDescription {
  public static let type = "concatenate"
  public static let namePrefix = "concat"

  public let layers: [any LayerDescription]

  public init(_ layers: [any LayerDescription]) { self.layers = layers }

  public init(_ options: inout LayerOptions) throws {
    layers = try options.requiredLayers("layers")
  }

  public var options: JSONObject { ["layers": layers.json] }
  public var branches: [LayerBranch] { [LayerBranch("layers", layers)] }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let body = try ChainOutline(layers, for: input)
    let (added, rank) = (body.outputShape, input.shape.rank)
    guard added.array.dropLast() == input.shape.array.dropLast(), added.rank > 0 else {
      throw LayerProblem(
        "'layers' gives \(added), but the input is \(input.shape); the extents must be the same, "
          + "but for the last one")
    }
    try input.refuseFlattenedImage()
    var output = input.shape
    output[rank - 1] += added[rank - 1]
    var outline = try LayerOutline(input, to: output)
    outline.add([BranchOutline(prefix: "", chain: body, placesOutput: false)])
    outline.traits.needs = body.needs
    outline.memory.backwardRegions = [added.count]
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    ConcatenateLayer(
      name: place.name, outline,
      body: try LayerChain(outline.branches[0].chain, at: place.branch()))
  }
}

/// ``Concatenate`` at work.
final class ConcatenateLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let body: LayerChain
  private var training: (batch: Int, buffers: TrainingBuffers, gradient: Tensor)?
  private var inference: (batch: Int, buffers: InferenceBuffers)?

  init(name: String, _ outline: LayerOutline, body: LayerChain) {
    self.name = name
    self.outline = outline
    self.body = body
  }

  var branches: [LayerChain] { [body] }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    if pass.mode == .training, training?.batch ?? 0 < batch {
      var room = room
      let gradient = room.take(body.outputShape.batched(batch))
      let layout = outline.branches[0].trainingLayout
      training = (
        batch, TrainingBuffers(body, layout, batch: batch, room: room, pass), gradient
      )
    } else if pass.mode == .inference, inference?.batch ?? 0 < batch {
      inference = (batch, InferenceBuffers(body, batch: batch, room: room, pass))
    }
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let added =
      pass.mode == .training
      ? training?.buffers.forward(x, pass) : inference?.buffers.run(x, pass)
    guard let added else { preconditionFailure("Concatenate '\(name)' was not prepared") }
    pass.device.concatenate(x, added, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let training else { preconditionFailure("Concatenate.backward before forward") }
    // y = [x, body(x)]  ⇒  dx is the first part of dy and what the body makes of the second.
    let gradient = training.gradient.prefix(body.outputShape.batched(x.shape[0]))
    pass.device.copyColumns(of: dy, from: inputShape[inputShape.rank - 1], into: gradient)
    training.buffers.backward(gradient, x: x, into: dx, pass)
    if let dx { pass.device.addColumns(of: dy, from: 0, to: dx) }
  }
}
