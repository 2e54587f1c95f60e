import Tensor

/// How the layers of a preset look: weights, normalization if it is wanted, activation.
struct LayerStyle {
  let kernelSize: Int
  /// Whether a convolution keeps the size of its image.
  let isPadded: Bool
  let normalizes: Bool
  let activation: ActivationFunction
  private let options: PresetOptions

  /// The style that `options` ask for; the other parameters are those of the preset itself.
  init(
    _ options: PresetOptions, kernelSize: Int = 3, isPadded: Bool = false,
    normalizes: Bool = false
  ) {
    self.options = options
    self.kernelSize = options.kernelSize ?? kernelSize
    self.isPadded = isPadded
    self.normalizes = options.batchNorm ?? normalizes
    activation = options.activation ?? .relu
  }

  /// A convolution with what goes behind it.
  func convolution(_ filters: Int) -> [any LayerDescription] {
    let rate = options.spatialDropout ?? 0
    return behind(plainConvolution(filters)) + (rate > 0 ? [SpatialDropout(rate)] : [])
  }

  /// A convolution with nothing behind it, for networks that normalize and activate before.
  func plainConvolution(_ filters: Int, stride: Int = 1) -> Conv2D {
    Conv2D(
      filters, kernelSize: kernelSize, stride: stride, padding: isPadded ? kernelSize / 2 : 0,
      bias: !normalizes)
  }

  /// What goes before such a convolution.
  var activated: [any LayerDescription] {
    (normalizes ? [options.normalization] : []) + [Activation(activation)]
  }

  /// A hidden dense layer with what goes behind it.
  func dense(_ units: Int) -> [any LayerDescription] {
    behind(Dense(.count(units), bias: !normalizes))
  }

  /// A dropout layer, unless the share is 0.
  func dropout(_ rate: Double) -> [any LayerDescription] {
    let rate = options.dropout ?? rate
    return rate > 0 ? [Dropout(rate)] : []
  }

  /// The probability that a residual block is left out. It rises in a straight line to what was
  /// asked for, as Huang et al., "Deep networks with stochastic depth", 2016, recommend.
  ///
  /// - Parameter block: counted from 1.
  func dropPath(block: Int, of count: Int) -> Double {
    (options.dropPath ?? 0) * Double(block) / Double(count)
  }

  private func behind(_ layer: any LayerDescription) -> [any LayerDescription] {
    [layer] + activated
  }
}
