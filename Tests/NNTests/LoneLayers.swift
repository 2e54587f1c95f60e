import Tensor

@testable import NN

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
