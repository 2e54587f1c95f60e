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

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    guard input.rank < 3 else {
      throw LayerProblem("needs rows of features, not \(input); put a flatten layer before it")
    }
    var output = input
    output[input.rank - 1] = if case .count(let count) = units { count } else { classes }
    return output
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    DenseLayer(
      outputShape: try outputShape(for: place.inputShape, classes: place.classes), bias: bias,
      place)
  }
}

/// ``Dense`` at work.
final class DenseLayer: Layer, FoldableLayer {
  let name: String
  let inputShape: Shape
  let outputShape: Shape
  let weight: Parameter
  let bias: Parameter?
  private var folded: FoldedWeights?
  /// What this layer does of those behind it.
  private var training = Fusion()
  private var inference = Fusion()

  init(outputShape: Shape, bias hasBias: Bool, _ place: LayerPlace) {
    name = place.name
    inputShape = place.inputShape
    self.outputShape = outputShape
    let (inputs, outputs) = (inputShape[inputShape.rank - 1], outputShape[outputShape.rank - 1])
    var layout = WeightLayout.dense
    if let image = place.flattenedShape {
      layout = .denseAfterImage(height: image[0], width: image[1], channels: image[2])
    }
    weight = Parameter(
      name: "\(name).weight", shape: [inputs, outputs], layout: layout, decays: true)
    bias = hasBias ? Parameter(name: "\(name).bias", shape: [outputs], decays: false) : nil
    var random = place.randomStream()
    place.initializer.fill(weight.value, fanIn: inputs, fanOut: outputs, using: &random)
  }

  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
  var multiplyAdds: Int { inputShape.count * outputShape[outputShape.rank - 1] }
  var needs: BackwardNeeds { training.rectifies ? [.input, .outputSign] : .input }

  var spoilsGradient: Bool { training.rectifies }

  func absorb(_ following: ArraySlice<any Layer>, _ mode: Pass.Mode) -> Int {
    let fusion = Fusion(following, mode, pooling: false)
    if mode == .training { training = fusion } else { inference = fusion }
    return fusion.count
  }

  func foldNormalization(on device: Device) {
    folded = FoldedWeights(weight.value, bias?.value, inference.normalization, on: device)
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    if pass.mode == .inference, let folded {
      pass.device.matmul(
        x, folded.weight, bias: folded.bias, rectifying: inference.rectifies, into: y)
    } else {
      let fusion = pass.mode == .training ? training : inference
      pass.device.matmul(
        x, weight.value, bias: bias?.value, rectifying: fusion.rectifies, into: y)
    }
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    if training.rectifies { pass.device.activateBackward(.relu, saved: y, dy, into: dy) }
    // y = x · W + b  ⇒  dW = xᵀ · dy, db = Σ rows of dy, dx = dy · Wᵀ
    pass.device.matmul(x, dy, transposingA: true, into: weight.gradient)
    if let bias { pass.device.sumRows(dy, into: bias.gradient) }
    if let dx { pass.device.matmul(dy, weight.value, transposingB: true, into: dx) }
  }
}
