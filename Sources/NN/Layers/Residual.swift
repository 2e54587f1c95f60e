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

  public func outline(for input: LayerInput) throws -> LayerOutline {
    let body = try ChainOutline(layers, for: input)
    var chains = [BranchOutline(prefix: "", chain: body, placesOutput: true)]
    if let other = try shortcutOutline(for: input, beside: body.outputShape) {
      chains.append(BranchOutline(prefix: "shortcut", chain: other, placesOutput: false))
    }
    try input.refuseFlattenedImage()
    var outline = try LayerOutline(input, to: body.outputShape)
    outline.add(chains)
    outline.traits.needs = chains.reduce([]) { $0.union($1.chain.needs) }
    outline.traits.spoilsGradient = shortcut != nil && chains[1].chain.spoilsGradient
    outline.memory.backwardRegions =
      (copiesGradient(of: body) ? [outline.outputShape.count] : [])
      + (shortcut != nil ? [input.shape.count] : [])
    outline.memory.kept = dropPath > 0 ? 1 : 0
    return outline
  }

  private func shortcutOutline(
    for input: LayerInput, beside output: Shape
  ) throws -> ChainOutline? {
    guard let shortcut else {
      guard output == input.shape else {
        throw LayerProblem(
          "'layers' gives \(output), but the input is \(input.shape); the shapes must be the same, "
            + "or 'shortcut' needs layers that give \(output) too")
      }
      return nil
    }
    let other: ChainOutline
    do {
      other = try ChainOutline(shortcut, for: input)
    } catch let problem as LayerProblem {
      throw problem.within("shortcut")
    }
    guard output == other.outputShape else {
      throw LayerProblem(
        "'layers' gives \(output), but 'shortcut' gives \(other.outputShape); the shapes must be "
          + "the same")
    }
    return other
  }

  /// Whether the gradient of the body's output is not that of the sum, or must not be spoiled.
  fileprivate func copiesGradient(of body: ChainOutline) -> Bool {
    dropPath > 0 || body.spoilsGradient
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) throws -> any Layer {
    let chains = outline.branches.map(\.chain)
    return ResidualLayer(
      self, outline, body: try LayerChain(chains[0], at: place.branch()),
      shortcut: chains.count < 2
        ? nil
        : try LayerChain(
          chains[1], at: place.branch("shortcut", skipping: layers.layerCount)), at: place)
  }
}

/// ``Residual`` at work.
final class ResidualLayer: Layer {
  let name: String
  let outline: LayerOutline
  private let body: LayerChain
  private let shortcut: LayerChain?
  private let description: Residual
  private let index: Int
  private var training: TrainingWork?
  private var inference: (batch: Int, body: InferenceBuffers, shortcut: InferenceBuffers?)?

  /// What training steps need.
  private struct TrainingWork {
    let batch: Int
    let body: TrainingBuffers
    let shortcut: TrainingBuffers?
    /// The gradient of the body's output, where it needs a copy.
    let bodyGradient: Tensor?
    let shortcutGradient: Tensor?
    /// A byte for each item of the batch: whether it takes the body.
    let mask: Bytes?
  }

  init(
    _ description: Residual, _ outline: LayerOutline, body: LayerChain, shortcut: LayerChain?,
    at place: LayerPlace
  ) {
    self.description = description
    self.outline = outline
    self.body = body
    self.shortcut = shortcut
    name = place.name
    index = place.index
  }

  var branches: [LayerChain] { [body] + (shortcut.map { [$0] } ?? []) }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    if pass.mode == .training, training?.batch ?? 0 < batch {
      training = trainingWork(batch, room, pass)
    } else if pass.mode == .inference, inference?.batch ?? 0 < batch {
      // The output of the body lies elsewhere when the shortcut is run.
      inference = (
        batch, InferenceBuffers(body, batch: batch, room: room, pass),
        shortcut.map { InferenceBuffers($0, batch: batch, room: room, pass) }
      )
    }
  }

  private func trainingWork(_ batch: Int, _ room: SharedRoom, _ pass: Pass) -> TrainingWork {
    var room = room
    let bodyGradient =
      description.copiesGradient(of: body.outline) ? room.take(outputShape.batched(batch)) : nil
    let shortcutGradient = shortcut.map { _ in room.take(inputShape.batched(batch)) }
    let buffers = zip(branches, outline.branches).map { chain, outline in
      TrainingBuffers(chain, outline.trainingLayout, batch: batch, room: room, pass)
    }
    return TrainingWork(
      batch: batch, body: buffers[0], shortcut: buffers.count > 1 ? buffers[1] : nil,
      bodyGradient: bodyGradient, shortcutGradient: shortcutGradient,
      mask: dropPath > 0 ? Bytes(count: batch) : nil)
  }

  private var dropPath: Double { description.dropPath }
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
    work.body.backward(bodyGradient(dy, work, pass.device), x: x, y: y, into: dx, pass)
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
