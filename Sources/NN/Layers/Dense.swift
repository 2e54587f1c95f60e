import Support
import Tensor

/// A fully connected layer: `y = x · W + b`.
///
/// With a batch of `N`: input `[N, in]`, `weight` `[in, out]`, `bias` `[out]`, output `[N, out]`.
/// Of tokens, `[N, T, in]`, each goes through it for itself.
public struct Dense: LayerDescription {
  public static let type = "dense"
  public static let namePrefix = "fc"

  /// The number of outputs.
  public enum Units: Equatable, Sendable {
    case count(Int)
    /// As many as the data has classes.
    case classes
  }

  public let units: Units
  public let bias: Bool

  public init(_ units: Units, bias: Bool = true) {
    self.units = units
    self.bias = bias
  }

  public init(_ options: inout LayerOptions) throws {
    if options.value("units") == .string("classes") {
      units = .classes
    } else {
      units = .count(try options.wholeNumber("units", in: 1...LayerOptions.largestCount))
    }
    bias = try options.truth("bias", default: true)
  }

  public var options: JSONObject {
    var object = JSONObject()
    object["units"] = if case .count(let count) = units { .integer(count) } else { "classes" }
    if !bias { object["bias"] = false }
    return object
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let rank = input.shape.rank
    guard rank < 3 else {
      throw LayerProblem(
        "needs rows of features, not \(input.shape); put a flatten layer before it")
    }
    let inputs = input.shape[rank - 1]
    let outputs = if case .count(let count) = units { count } else { input.classes }
    var output = LayerInput(input.shape, classes: input.classes)
    output.shape[rank - 1] = outputs
    var outline = try LayerOutline(input, to: output)
    outline.parameters = boundedProduct(inputs, outputs) + (bias ? outputs : 0)
    outline.multiplyAdds = boundedProduct(input.shape.count, outputs)
    outline.traits.needs = .input
    outline.abilities = [.normalization, .rectification]
    outline.masksGradient = true
    outline.memory.packed = PackedMatrix.size(rows: inputs, columns: outputs)
    let rows = input.shape.count / max(1, inputs)
    outline.memory.scratch = { batch, threads in
      ScratchSize.denseLayer(
        rows: boundedProduct(batch, rows), inputs: inputs, outputs: outputs, threads: threads)
    }
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    DenseLayer(outline, bias: bias, at: place)
  }
}

/// ``Dense`` at work.
final class DenseLayer: Layer {
  let name: String
  let outline: LayerOutline
  let weight: Parameter
  let bias: Parameter?
  private var packed: PackedMatrix?
  private var foldedBias: Tensor?

  init(_ outline: LayerOutline, bias hasBias: Bool, at place: LayerPlace) {
    name = place.name
    self.outline = outline
    let (inputShape, outputShape) = (outline.inputShape, outline.outputShape)
    let (inputs, outputs) = (inputShape[inputShape.rank - 1], outputShape[outputShape.rank - 1])
    var layout = WeightLayout.dense
    if let image = outline.input.flattenedShape {
      layout = .denseAfterImage(height: image[0], width: image[1], channels: image[2])
    }
    weight = Parameter(
      name: "\(name).weight", shape: [inputs, outputs], layout: layout, decays: true)
    bias = hasBias ? Parameter(name: "\(name).bias", shape: [outputs], decays: false) : nil
    var random = place.randomStream()
    place.initializer.fill(weight.value, fanIn: inputs, fanOut: outputs, using: &random)
  }

  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    let folded = FoldedWeights(weight.value, bias?.value, normalization)
    packed = PackedMatrix(folded.weight, on: device)
    foldedBias = folded.bias
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let rectifies = pass.fusion.rectifies
    guard pass.mode == .inference else {
      return pass.device.matmul(
        x, weight.value, bias: bias?.value, rectifying: rectifies, into: y)
    }
    guard let packed else { preconditionFailure("Dense '\(name)': weights were not taken in") }
    pass.device.matmul(x, packed, bias: foldedBias, rectifying: rectifies, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if pass.fusion.rectifies { pass.device.activateBackward(.relu, saved: y, dy, into: dy) }
    // y = x · W + b  ⇒  dW = xᵀ · dy, db = Σ rows of dy, dx = dy · Wᵀ
    pass.device.matmul(x, dy, transposingA: true, into: weight.gradient)
    if let bias { pass.device.sumRows(dy, into: bias.gradient) }
    if let dx { pass.device.matmul(dy, weight.value, transposingB: true, into: dx) }
  }
}
