import Tensor

/// How weights begin. Biases begin at zero.
public enum Initializer: String, CaseIterable, Sendable {
  /// Normal with variance `2 / fanIn` (He, Zhang, Ren and Sun, "Delving deep into rectifiers",
  /// 2015).
  case he
  /// Uniform on `±√(6 / (fanIn + fanOut))` (Glorot and Bengio, "Understanding the difficulty of
  /// training deep feedforward neural networks", 2010).
  case glorot

  /// Fills `weight` in row-major order.
  ///
  /// - Parameters:
  ///   - fanIn: the inputs that one output sums over.
  ///   - fanOut: the outputs that one input reaches.
  public func fill(
    _ weight: Tensor, fanIn: Int, fanOut: Int, using random: inout RandomStream
  ) {
    switch self {
    case .he:
      let deviation = (2 / Float(fanIn)).squareRoot()
      for i in 0..<weight.count { weight.pointer[i] = random.normal() * deviation }
    case .glorot:
      let limit = (6 / Float(fanIn + fanOut)).squareRoot()
      for i in 0..<weight.count { weight.pointer[i] = random.uniform(-limit...limit) }
    }
  }
}
