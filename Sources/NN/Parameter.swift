import Tensor

/// What training changes: a value and its gradient, of equal shape.
public final class Parameter {
  /// The key in a checkpoint, as PyTorch would name it: `conv1.weight`.
  public let name: String
  public let value: Tensor
  /// The gradient of the last backward pass, which overwrites it. Made when it is first asked for:
  /// a model that is not trained has none.
  public private(set) lazy var gradient = Tensor(zeros: value.shape)
  /// How PyTorch lays the same weights out.
  public let layout: WeightLayout
  /// Whether weight decay applies: to weights, not to biases and scales of a normalization.
  public let decays: Bool

  /// A parameter of zeros.
  public init(name: String, shape: Shape, layout: WeightLayout = .same, decays: Bool) {
    self.name = name
    value = Tensor(zeros: shape)
    self.layout = layout
    self.decays = decays
  }
}

/// State that training changes but no gradient does: running statistics.
public struct StateTensor {
  /// The key in a checkpoint: `bn1.running_mean`.
  public let name: String
  public let value: Tensor
  public let layout: WeightLayout

  public init(name: String, value: Tensor, layout: WeightLayout = .same) {
    self.name = name
    self.value = value
    self.layout = layout
  }
}

/// How a tensor of ours corresponds to PyTorch's.
public enum WeightLayout: Equatable, Sendable {
  /// Vectors: the same.
  case same
  /// A vector over a flattened image, in the order height, width, channel here and channel, height,
  /// width there.
  case vectorOverImage(height: Int, width: Int, channels: Int)
  /// `[in, out]` here, `[out, in]` there.
  case dense
  /// A dense layer behind a flattened image: rows are in the order height, width, channel here and
  /// in the order channel, height, width there, and the matrix is transposed.
  case denseAfterImage(height: Int, width: Int, channels: Int)
  /// `[kernel, kernel, in, out]` here, `[out, in, kernel, kernel]` there.
  case convolution
}
