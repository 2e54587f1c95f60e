import Tensor

/// What a person may change about a preset; `nil` leaves it as it is.
public struct PresetOptions: Sendable {
  /// Units of each hidden dense layer.
  public var hidden: [Int]?
  /// Filters of each convolution.
  public var filters: [Int]?
  public var kernelSize: Int?
  public var activation: ActivationFunction?
  public var dropout: Double?
  /// Of whole channels, behind each convolution.
  public var spatialDropout: Double?
  /// Of whole branches, in the last residual block; less in those before it.
  public var dropPath: Double?
  public var batchNorm: Bool?
  public var batchNormMomentum: Double?
  public var batchNormEpsilon: Double?
  public var batchNormFrozen: Bool?

  public init() {}

  /// A batch normalization as the options want it.
  var normalization: BatchNorm {
    let usual = BatchNorm()
    return BatchNorm(
      momentum: batchNormMomentum ?? usual.momentum, epsilon: batchNormEpsilon ?? usual.epsilon,
      frozen: batchNormFrozen ?? usual.frozen)
  }

  /// The names of the options that are set.
  var given: [String] {
    var names: [String] = []
    if hidden != nil { names.append("hidden") }
    if filters != nil { names.append("filters") }
    if kernelSize != nil { names.append("kernel_size") }
    if activation != nil { names.append("activation") }
    if dropout != nil { names.append("dropout") }
    if spatialDropout != nil { names.append("spatial_dropout") }
    if dropPath != nil { names.append("drop_path") }
    if batchNorm != nil { names.append("batch_norm") }
    return names + givenToNormalization
  }

  /// Those of them that say how to normalize.
  var givenToNormalization: [String] {
    var names: [String] = []
    if batchNormMomentum != nil { names.append("batch_norm_momentum") }
    if batchNormEpsilon != nil { names.append("batch_norm_epsilon") }
    if batchNormFrozen != nil { names.append("batch_norm_frozen") }
    return names
  }
}
