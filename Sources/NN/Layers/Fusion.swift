import Tensor

/// What a layer can do of the work of those behind it.
struct FusionAbilities: OptionSet, Sendable {
  let rawValue: Int

  /// In inference, a batch normalization: it is multiplied into the weights.
  static let normalization = FusionAbilities(rawValue: 1)
  static let rectification = FusionAbilities(rawValue: 2)
  /// 2 x 2 max pooling of what it rectified.
  static let pooling = FusionAbilities(rawValue: 4)
  /// 2 x 2 max pooling without a rectification before it.
  static let poolingAlone = FusionAbilities(rawValue: 8)
}

/// The work of a layer that a layer before it may be able to do.
enum FusibleWork: Sendable {
  /// Batch normalization.
  case normalization
  /// ReLU.
  case rectification
  /// 2 x 2 max pooling.
  case pooling
}

/// Which layers behind it a layer does the work of, forward and backward; its output is then theirs.
public struct Fusion: Equatable, Sendable {
  private(set) var normalizes = false
  private(set) var rectifies = false
  private(set) var pools = false
  /// How many layers that are.
  private(set) var count = 0

  /// None.
  init() {}

  /// As many of the first of `following` as a layer of these abilities can.
  init(_ abilities: FusionAbilities, _ following: ArraySlice<LayerOutline>, _ mode: Pass.Mode) {
    var rest = following
    func takes(_ work: FusibleWork) -> Bool {
      guard rest.first?.work == work else { return false }
      rest = rest.dropFirst()
      return true
    }
    if mode == .inference, abilities.contains(.normalization) { normalizes = takes(.normalization) }
    if abilities.contains(.rectification) { rectifies = takes(.rectification) }
    if abilities.contains(rectifies ? .pooling : .poolingAlone) { pools = takes(.pooling) }
    count = following.count - rest.count
  }
}

/// `y = scale · x + shift`, channel by channel: what a batch normalization is in inference.
public struct ChannelScaling {
  let scale: Tensor
  let shift: Tensor
}

/// Weights as inference uses them, the normalization behind them multiplied in,
/// `(x · W + b) s + t = x · (W s) + (b s + t)`.
struct FoldedWeights {
  let weight: Tensor
  let bias: Tensor?

  /// - Parameter weight: outputs innermost.
  init(_ weight: Tensor, _ bias: Tensor?, _ normalization: ChannelScaling?) {
    guard let normalization else {
      self.weight = weight
      self.bias = bias
      return
    }
    let scale = normalization.scale
    let (scaled, start) = (weight.copy(), normalization.shift.copy())
    let outputs = scale.count
    for row in 0..<weight.count / max(1, outputs) {
      for output in 0..<outputs {
        scaled[row * outputs + output] *= scale[output]
      }
    }
    if let bias {
      for output in 0..<outputs {
        start[output] += bias[output] * scale[output]
      }
    }
    self.weight = scaled
    self.bias = start
  }
}
