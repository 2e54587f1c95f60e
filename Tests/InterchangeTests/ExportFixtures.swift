import NN
import Support
import Tensor
import TestSupport
import Testing

@testable import Interchange

/// A model with numbers of its own, as exports are tried with.
struct ExportCase: CustomTestStringConvertible {
  let testDescription: String
  private let description: @Sendable () throws -> ModelDescription

  private static let mean = 0.17
  private static let deviation = 0.33

  private init(_ preset: ModelPreset, _ name: String, _ options: JSONObject) {
    testDescription = "\(preset.name) \(name)"
    description = {
      try preset.description(Settings(options, of: ShapingOption.all.map(\.setting)))
    }
  }

  private init(_ name: String, _ layers: [any LayerDescription]) {
    testDescription = name
    description = { ModelDescription(name: name, layers: layers) }
  }

  /// The model with random weights and running statistics.
  func model() throws -> Model {
    let model = try Model(
      description(), inputShape: [28, 28, 1], classes: 5, seed: 3, on: Device(threads: 1))
    for (index, parameter) in model.parameters.enumerated() where !parameter.decays {
      let seed = UInt64(index)
      parameter.value.assign(.random(parameter.value.shape, seed: seed, in: 0.2...1.2))
    }
    for (index, state) in model.state.enumerated() {
      state.value.assign(.random(state.value.shape, seed: UInt64(index) + 60, in: 0.3...1.2))
    }
    return model
  }

  static func graph(of model: Model) throws -> InferenceGraph {
    try InferenceGraph(model, mean: mean, deviation: deviation)
  }

  static func network(_ model: Model) throws -> ExportedNetwork {
    ExportedNetwork(
      name: model.description.name, graph: try graph(of: model),
      labels: (0..<model.classes).map { "\($0)" })
  }

  /// Images of raw pixels.
  static func images(_ count: Int) -> [[Float]] {
    var random = RandomStream(seed: 5, purpose: .testing)
    return (0..<count).map { _ in
      (0..<784).map { _ in random.below(3) == 0 ? Float(random.below(256)) : 0 }
    }
  }

  /// What the program itself says of an image.
  static func logits(_ model: Model, _ pixels: [Float]) -> [Float] {
    let plan = InferencePlan(model, batch: 1)
    let (scale, shift) = (Float(1 / (255 * deviation)), Float(-mean / deviation))
    plan.input(1).assign(Tensor(pixels.map { $0 * scale + shift }, shape: [1, 28, 28, 1]))
    plan.refresh()
    return plan.run(1).values
  }

  /// Each preset with each normalization that it can have, and one with each activation. Smaller than
  /// they are, where a debug build would take long.
  static let all: [ExportCase] =
    ModelPreset.all.flatMap { preset in
      normalizations.compactMap { name, options in
        let options = (small[preset.name] ?? [:]).merging(options)
        let isShaped =
          (try? preset.description(
            Settings(options, of: ShapingOption.all.map(\.setting)))) != nil
        return isShaped ? ExportCase(preset, name, options) : nil
      }
    }
    + ActivationKind.allCases.map { kind in
      ExportCase(
        .leNet5, kind.rawValue, ["activation": .string(kind.rawValue), "filters": [4, 6]])
    } + [
      // What presets do not have: normalizations of features.
      ExportCase(
        "normalized features",
        [
          Conv2D(4, kernelSize: 5), GroupNorm(groups: 2), Activation(.relu), MaxPool(4), Flatten(),
          LayerNorm(), Dense(.count(6)), GroupNorm(groups: 3, epsilon: 0.1), Activation(.tanh),
          Dense(.classes),
        ]),
      // Numbers of a fixed scale beside others.
      ExportCase(
        "joined tanh",
        [
          Conv2D(4, kernelSize: 5, stride: 2), MaxPool(2),
          Concatenate([Conv2D(3, kernelSize: 3, padding: 1), Activation(.tanh)]),
          GlobalAvgPool(), Dense(.classes),
        ]),
    ]

  private static let normalizations: [(String, JSONObject)] = [
    ("as it is", [:]), ("without normalization", ["norm": "none"]),
    ("batch normalization", ["norm": "batch"]),
    ("group normalization", ["norm": "group", "norm_groups": 2]),
  ]

  private static let small: [String: JSONObject] = [
    "vgg": ["filters": [4, 4, 6, 6], "hidden": [10]], "cnn": ["filters": [4, 6, 6, 8]],
    "cnn-2": ["filters": [4, 6], "hidden": [10]], "cnn-3": ["filters": [4, 6, 8], "hidden": [10]],
    "resnet": ["filters": [4, 6]], "densenet": ["filters": [4, 6]], "vit": ["hidden": [24]],
    "mlp": ["hidden": [12, 10]], "mlp-512": ["hidden": [12]],
  ]
}

extension JSONObject {
  fileprivate func merging(_ other: JSONObject) -> JSONObject {
    var result = self
    for (key, value) in other { result[key] = value }
    return result
  }
}

extension NetworkFormat {
  /// Expects that a network's file computes what its model does; or, if the format has no name for one
  /// of its operations, that it is refused.
  func expectToCompute(
    _ example: ExportCase, refusing isRefused: (GraphNode) -> Bool = { _ in false }
  ) throws {
    let model = try example.model()
    let network = try ExportCase.network(model)
    guard !network.graph.nodes.contains(where: isRefused) else {
      #expect(throws: ExportError.self) { try encode(network, ExportOptions()) }
      return
    }
    let bytes = try encode(network, ExportOptions())
    let logits = try decode(.init(bytes: bytes, path: "x"), network)
    for pixels in ExportCase.images(1) {
      #expect(shareOfTolerance(logits(pixels), ExportCase.logits(model, pixels)) < 1)
    }
  }
}

/// What is written for images alone.
func isOverTokens(_ node: GraphNode) -> Bool { node.shape.count == 2 }

/// The largest difference of logits, as a share of what exports are allowed:
/// 1e-4 · max(1, largest logit).
func shareOfTolerance(_ found: [Float], _ wanted: [Float]) -> Float {
  guard found.count == wanted.count else { return .infinity }
  let largest = wanted.reduce(1) { max($0, abs($1)) }
  return zip(found, wanted).reduce(0) { max($0, abs($1.0 - $1.1)) } / (1e-4 * largest)
}
