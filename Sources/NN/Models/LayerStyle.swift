import Support
import Tensor

/// How the layers of a preset look: weights, normalization if it is wanted, activation. The preset
/// says how they usually look, and the rows of ``ShapingOption/all`` change it.
struct LayerStyle {
  /// Units of each hidden dense layer; `nil`: the preset's own.
  var hidden: [Int]?
  /// Filters of each convolution, likewise.
  var filters: [Int]?
  var kernelSize: Int
  /// Whether a convolution keeps the size of its image.
  var isPadded: Bool
  /// What somebody wants normalized: `norm`, or as `batch_norm` has it.
  var norm: NormalizationKind?
  var batchNorm: Bool?
  private let usualNorm: NormalizationKind
  var normalization = BatchNorm()
  var groupNormalization = GroupNorm()
  var activationName: String
  /// Parameters of activations, by the names of their options.
  var activationParameters: [String: Double] = [:]
  /// `nil`: where and as much as the preset usually has.
  var dropoutRate: Double?
  /// Of whole channels, behind each convolution.
  var spatialDropout = 0.0
  /// Of whole branches, in the last residual block; less in those before it.
  var dropPath = 0.0

  /// The style that `settings` ask for; the other parameters are those of the preset itself.
  init(
    _ settings: Settings, kernelSize: Int = 3, isPadded: Bool = false, normalizes: Bool = false,
    activation: ActivationFunction = .relu
  ) {
    self.kernelSize = kernelSize
    self.isPadded = isPadded
    usualNorm = normalizes ? .batch : .none
    activationName = activation.name
    ShapingOption.shape(&self, settings)
  }

  var activation: Activation {
    guard let kind = ActivationKind(rawValue: activationName) else {
      preconditionFailure("no activation is called '\(activationName)'")
    }
    let given = kind.parameter.flatMap { activationParameters[$0.option] }
    return Activation(ActivationFunction(kind, parameter: given.map(Float.init)))
  }

  /// A convolution with what goes behind it.
  func convolution(_ filters: Int) -> [any LayerDescription] {
    [plainConvolution(filters)] + activated
      + (spatialDropout > 0 ? [SpatialDropout(spatialDropout)] : [])
  }

  /// A convolution with nothing behind it, for networks that normalize and activate before.
  func plainConvolution(_ filters: Int, stride: Int = 1) -> Conv2D {
    Conv2D(
      filters, kernelSize: kernelSize, stride: stride, padding: isPadded ? kernelSize / 2 : 0,
      bias: !normalizes)
  }

  private var normalizationKind: NormalizationKind {
    norm ?? batchNorm.map { $0 ? .batch : .none } ?? usualNorm
  }

  /// Whether a layer with weights has a normalization behind it, and so no bias.
  var normalizes: Bool { normalizationKind != .none }

  /// Whether two options ask for different normalizations.
  var contradictsItself: Bool {
    if let norm, let batchNorm { return batchNorm != (norm == .batch) }
    return false
  }

  /// What goes before such a convolution.
  var activated: [any LayerDescription] {
    switch normalizationKind {
    case .batch: [normalization, activation]
    case .group: [groupNormalization, activation]
    case .none: [activation]
    }
  }

  /// A hidden dense layer with what goes behind it.
  func dense(_ units: Int) -> [any LayerDescription] {
    [Dense(.count(units), bias: !normalizes)] + activated
  }

  /// A dropout layer, unless the share is 0.
  func dropout(_ rate: Double) -> [any LayerDescription] {
    let rate = dropoutRate ?? rate
    return rate > 0 ? [Dropout(rate)] : []
  }

  /// The probability that a residual block is left out. It rises in a straight line to what was
  /// asked for, as Huang et al., "Deep networks with stochastic depth", 2016, recommend.
  ///
  /// - Parameter block: counted from 1.
  func dropPath(block: Int, of count: Int) -> Double { dropPath * Double(block) / Double(count) }
}

/// What the layers of a preset are normalized over.
enum NormalizationKind: String, CaseIterable {
  case batch
  /// Groups of an item's channels.
  case group
  case none
}
