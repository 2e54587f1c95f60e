/// What a convolution does behind its sums.
public struct ConvolutionEnd {
  /// `[filters]`, what each sum begins with.
  public var bias: Tensor?
  /// Replaces negative results by zero.
  public var rectifying: Bool
  /// Where the geometry has pooling: for each output the number of its pixel in the window, row by
  /// row, or 4 where rectifying made it zero; if they are wanted.
  public var choices: Bytes?

  public init(bias: Tensor? = nil, rectifying: Bool = false, choices: Bytes? = nil) {
    self.bias = bias
    self.rectifying = rectifying
    self.choices = choices
  }
}
