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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    let added = try layers.outputShapes(for: input, classes: classes).last ?? input
    var output = input
    guard added.array.dropLast() == input.array.dropLast(), added.rank > 0 else {
      throw LayerProblem(
        "'layers' gives \(added), but the input is \(input); the extents must be the same, but for "
          + "the last one")
    }
    output[input.rank - 1] += added[input.rank - 1]
    return output
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    try place.refuseFlattenedImage()
    return ConcatenateLayer(
      name: place.name, body: try LayerChain(layers, at: place.branch()),
      outputShape: try outputShape(for: place.inputShape, classes: place.classes))
  }
}

/// ``Concatenate`` at work.
final class ConcatenateLayer: Layer, FoldableLayer {
  let name: String
  let outputShape: Shape
  private let body: LayerChain
  private var training: (batch: Int, buffers: TrainingBuffers, gradient: Tensor)?
  private var inference: (batch: Int, buffers: InferenceBuffers)?

  init(name: String, body: LayerChain, outputShape: Shape) {
    self.name = name
    self.body = body
    self.outputShape = outputShape
  }

  var inputShape: Shape { body.inputShape }
  var branches: [LayerChain] { [body] }
  var needs: BackwardNeeds { body.needs }

  func prepare(batch: Int, training isTraining: Bool, on device: Device) {
    if isTraining, training?.batch ?? 0 < batch {
      training = (
        batch,
        TrainingBuffers(
          body, batch: batch, on: device, mayOverwriteInput: false, placesOutput: false),
        Tensor(zeros: body.outputShape.batched(batch))
      )
    } else if !isTraining, inference?.batch ?? 0 < batch {
      inference = (batch, InferenceBuffers(body, batch: batch, on: device))
    }
  }

  func foldNormalization(on device: Device) { body.foldNormalization(on: device) }

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
