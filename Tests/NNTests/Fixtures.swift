import Foundation
import Support
import Tensor
import TestSupport

@testable import NN

extension ModelPreset {
  /// The description that options as in a configuration file make of it.
  func shaped(_ options: JSONObject) throws -> ModelDescription {
    try description(Settings(options, of: ShapingOption.all.map(\.setting)))
  }
}

/// A preset's model for MNIST, its weights zeros.
func model(_ preset: ModelPreset, _ options: JSONObject = [:]) throws -> Model {
  try Model(
    preset.shaped(options), inputShape: [28, 28, 1], classes: 10, initializer: .zeros,
    on: Device(threads: 1))
}

extension OptimizerDescriptor {
  /// The optimizer with options as in a configuration file.
  func optimizer(for parameters: [Parameter], _ options: JSONObject = [:]) -> any Optimizer {
    makeOptimizer(for: parameters, Settings(options, of: Self.settings))
  }
}

// Layers by themselves, as tests look at them.

extension LayerDescription {
  /// The layer behind such an input, with its initial weights.
  func layer(
    for input: LayerInput, name: String = "layer", index: Int = 0, initializer: Initializer = .he,
    seed: UInt64 = 0
  ) throws -> any Layer {
    try makeLayer(
      outline(for: input),
      at: LayerPlace(name: name, index: index, initializer: initializer, seed: seed))
  }
}

extension Layer {
  /// Prepares the layer with room for itself alone.
  func prepare(batch: Int, _ pass: Pass) {
    let chains = outline.branches.map { $0.chain.roomSize(pass.mode, batch: batch) }
    let regions = outline.memory.regions(pass.mode).map { $0 * batch }
    prepare(
      batch: batch, room: SharedRoom(size: SharedRoom.size(of: regions) + (chains.max() ?? 0)),
      pass)
  }
}

/// The file of numbers made by the script of the same name in `Scripts/golden`.
func goldenPath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/\(name).json").path
}

/// Its content.
func goldenFile<Content: Decodable>(_ name: String, as: Content.Type = Content.self) throws
  -> Content
{
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(
    Content.self, from: Data(contentsOf: URL(fileURLWithPath: goldenPath(name))))
}
