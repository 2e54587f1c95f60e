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
    let padding = isPadded ? kernelSize / 2 : 0
    return behind(
      Conv2D(filters, kernelSize: kernelSize, padding: padding, bias: !normalizes))
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

  private func behind(_ layer: any LayerDescription) -> [any LayerDescription] {
    [layer] + (normalizes ? [options.normalization] : []) + [Activation(activation)]
  }
}
