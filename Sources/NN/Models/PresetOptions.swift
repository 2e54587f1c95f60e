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
  public var batchNorm: Bool?

  public init() {}

  /// The names of the options that are set.
  var given: [String] {
    var names: [String] = []
    if hidden != nil { names.append("hidden") }
    if filters != nil { names.append("filters") }
    if kernelSize != nil { names.append("kernel_size") }
    if activation != nil { names.append("activation") }
    if dropout != nil { names.append("dropout") }
    if batchNorm != nil { names.append("batch_norm") }
    return names
  }
}
