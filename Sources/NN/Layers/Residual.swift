import Support
import Tensor

/// A branch of layers beside a shortcut: `y = body(x) + shortcut(x)`, where the shortcut is the
/// input itself unless it has layers of its own (He, Zhang, Ren and Sun, "Deep residual learning for
/// image recognition", 2016).
///
///     {"type": "residual", "layers": […], "shortcut": […], "drop_path": 0.1}
///
/// In training `drop_path` is the probability with which an item of the batch goes without the
/// branch; the branch is divided by the probability that it is there (Huang, Sun, Liu, Sedra and
/// Weinberger, "Deep networks with stochastic depth", 2016; torchvision's `StochasticDepth` of mode
/// `row`). It is a multiple of 2^-16.
public struct Residual: LayerDescription {
  public static let type = "residual"
  public static let namePrefix = "res"

  public let layers: [any LayerDescription]
  /// `nil` for the input itself.
  public let shortcut: [any LayerDescription]?
  public let dropPath: Double

  /// - Parameter dropPath: from 0 to less than 1.
  public init(
    _ layers: [any LayerDescription], shortcut: [any LayerDescription]? = nil, dropPath: Double = 0
  ) {
    self.layers = layers
    self.shortcut = shortcut
    self.dropPath = dropPath
  }

  public init(_ options: inout LayerOptions) throws {
    layers = try options.requiredLayers("layers")
    shortcut = try options.layers("shortcut")
    dropPath = try options.number("drop_path", in: 0..<1, default: 0)
  }

  public var options: JSONObject {
    var object: JSONObject = ["layers": layers.json]
    if let shortcut { object["shortcut"] = shortcut.json }
    if dropPath > 0 { object["drop_path"] = .number(dropPath) }
    return object
  }

  /// In PyTorch's names the shortcut is a module of its own: `res1.shortcut.conv1.weight`.
  public var branches: [LayerBranch] {
    [LayerBranch("layers", layers)]
      + (shortcut.map { [LayerBranch("shortcut", $0, prefix: "shortcut")] } ?? [])
  }

  public func outputShape(for input: Shape, classes: Int) throws -> Shape {
    let output = try layers.outputShapes(for: input, classes: classes).last ?? input
    guard let shortcut else {
      guard output == input else {
        throw LayerProblem(
          "'layers' gives \(output), but the input is \(input); the shapes must be the same, or "
            + "'shortcut' needs layers that give \(output) too")
      }
      return output
    }
    let other: Shape
    do {
      other = try shortcut.outputShapes(for: input, classes: classes).last ?? input
    } catch let problem as LayerProblem {
      throw problem.within("shortcut")
    }
    guard output == other else {
      throw LayerProblem(
        "'layers' gives \(output), but 'shortcut' gives \(other); the shapes must be the same")
    }
    return output
  }

  public func makeLayer(_ place: LayerPlace) throws -> any Layer {
    try place.refuseFlattenedImage()
    return ResidualLayer(
      name: place.name, body: try LayerChain(layers, at: place.branch()),
      shortcut: try shortcut.map {
        try LayerChain($0, at: place.branch("shortcut", skipping: layers.layerCount))
      }, dropPath: dropPath, index: place.index)
  }
}

/// ``Residual`` at work.
final class ResidualLayer: Layer, FoldableLayer {
  let name: String
  private let body: LayerChain
  private let shortcut: LayerChain?
  private let dropPath: Double
  private let index: Int
  private var training: TrainingWork?
  private var inference: (batch: Int, body: InferenceBuffers, shortcut: InferenceBuffers?)?

  /// What training steps need.
  private struct TrainingWork {
    let batch: Int
    let body: TrainingBuffers
    let shortcut: TrainingBuffers?
    /// The gradient of the body's output, where it is not that of the sum or must not be spoiled.
    let bodyGradient: Tensor?
    let shortcutGradient: Tensor?
    /// A byte for each item of the batch: whether it takes the body.
    let mask: Bytes?
  }

  init(name: String, body: LayerChain, shortcut: LayerChain?, dropPath: Double, index: Int) {
    self.name = name
    self.body = body
    self.shortcut = shortcut
    self.dropPath = dropPath
    self.index = index
  }

  var inputShape: Shape { body.inputShape }
  var outputShape: Shape { body.outputShape }
  var branches: [LayerChain] { [body] + (shortcut.map { [$0] } ?? []) }
  var needs: BackwardNeeds { body.needs.union(shortcut?.needs ?? []) }
  var spoilsGradient: Bool { shortcut?.spoilsGradient ?? false }

  func prepare(batch: Int, training isTraining: Bool, on device: Device) {
    if isTraining, training?.batch ?? 0 < batch {
      training = trainingWork(batch, on: device)
    } else if !isTraining, inference?.batch ?? 0 < batch {
      inference = (
        batch, InferenceBuffers(body, batch: batch, on: device),
        shortcut.map { InferenceBuffers($0, batch: batch, on: device) }
      )
    }
  }

  private func trainingWork(_ batch: Int, on device: Device) -> TrainingWork {
    let copies = dropPath > 0 || body.spoilsGradient
    return TrainingWork(
      batch: batch,
      body: TrainingBuffers(
        body, batch: batch, on: device, mayOverwriteInput: false, placesOutput: true),
      shortcut: shortcut.map {
        TrainingBuffers(
          $0, batch: batch, on: device, mayOverwriteInput: false, placesOutput: false)
      },
      bodyGradient: copies ? Tensor(zeros: outputShape.batched(batch)) : nil,
      shortcutGradient: shortcut.map { _ in Tensor(zeros: inputShape.batched(batch)) },
      mask: dropPath > 0 ? Bytes(count: batch) : nil)
  }

  func foldNormalization(on device: Device) {
    body.foldNormalization(on: device)
    shortcut?.foldNormalization(on: device)
  }

  /// What a branch that is there is multiplied with.
  private var factor: Float { Float(1 / (1 - dropPath)) }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard pass.mode == .training else { return infer(x, into: y, pass) }
    guard let work = training else { preconditionFailure("Residual '\(name)' was not prepared") }
    pass.device.copy(work.body.forward(x, into: y, pass), into: y)
    if let mask = work.mask {
      pass.device.fillDropoutMask(
        mask, count: x.shape[0], rate: dropPath, seed: pass.seed, step: pass.step, layer: index)
      pass.device.applyItemMask(mask, y, factor: factor, into: y)
    }
    pass.device.add(work.shortcut?.forward(x, pass) ?? x, to: y)
  }

  private func infer(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    guard let inference else { preconditionFailure("Residual '\(name)' was not prepared") }
    _ = inference.body.run(x, into: y, pass)
    pass.device.add(inference.shortcut?.run(x, pass) ?? x, to: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let work = training else { preconditionFailure("Residual.backward before forward") }
    // y = body(x) + shortcut(x)  ⇒  dx is the sum of what both make of dy.
    let other = work.shortcutGradient?.prefix(x.shape)
    // Without a place for its gradient the body might put it where the shortcut's input is.
    work.body.backward(
      bodyGradient(dy, work, pass.device), x: x, y: y, into: dx ?? other, pass)
    work.shortcut?.backward(dy, x: x, into: dx == nil ? nil : other, pass)
    if let dx { pass.device.add(other ?? dy, to: dx) }
  }

  private func bodyGradient(_ dy: Tensor, _ work: TrainingWork, _ device: Device) -> Tensor {
    guard let gradient = work.bodyGradient?.prefix(dy.shape) else { return dy }
    if let mask = work.mask {
      device.applyItemMask(mask, dy, factor: factor, into: gradient)
    } else {
      device.copy(dy, into: gradient)
    }
    return gradient
  }
}
