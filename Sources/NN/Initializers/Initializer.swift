import Support
import Tensor

/// How weights begin. Biases begin at zero.
///
/// As in `torch.nn.init`, normal distributions are whole; Keras cuts its own off at two standard
/// deviations.
public enum Initializer: String, CaseIterable, Sendable {
  /// Normal with variance `2 / fanIn` (He, Zhang, Ren and Sun, "Delving deep into rectifiers",
  /// 2015).
  case he
  /// Uniform with that variance, on `±√(6 / fanIn)`.
  case heUniform = "he_uniform"
  /// Uniform on `±√(6 / (fanIn + fanOut))` (Glorot and Bengio, "Understanding the difficulty of
  /// training deep feedforward neural networks", 2010).
  case glorot
  /// Normal with that variance, `2 / (fanIn + fanOut)`.
  case glorotNormal = "glorot_normal"
  /// Normal with variance `1 / fanIn` (LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998).
  case lecun
  /// Uniform with that variance, on `±√(3 / fanIn)`.
  case lecunUniform = "lecun_uniform"
  /// A random matrix with orthonormal columns, or rows if those are fewer (Saxe, McClelland and
  /// Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
  /// networks", 2014).
  case orthogonal
  /// Zeros. Layers behind each other learn nothing from them.
  case zeros

  /// Fills `weight` in row-major order, outputs innermost.
  ///
  /// - Parameters:
  ///   - fanIn: the inputs that one output sums over.
  ///   - fanOut: the outputs that one input reaches.
  public func fill(
    _ weight: Tensor, fanIn: Int, fanOut: Int, using random: inout RandomStream
  ) {
    switch self {
    case .he: weight.fillNormally(variance: 2 / Float(fanIn), using: &random)
    case .heUniform: weight.fillUniformly(squaredLimit: 6 / Float(fanIn), using: &random)
    case .glorot: weight.fillUniformly(squaredLimit: 6 / Float(fanIn + fanOut), using: &random)
    case .glorotNormal: weight.fillNormally(variance: 2 / Float(fanIn + fanOut), using: &random)
    case .lecun: weight.fillNormally(variance: 1 / Float(fanIn), using: &random)
    case .lecunUniform: weight.fillUniformly(squaredLimit: 3 / Float(fanIn), using: &random)
    case .orthogonal: weight.fillOrthogonally(using: &random)
    case .zeros: weight.fill(0)
    }
  }
}

extension Tensor {
  fileprivate func fillNormally(variance: Float, using random: inout RandomStream) {
    let deviation = variance.squareRoot()
    for i in 0..<count { self[i] = random.normal() * deviation }
  }

  fileprivate func fillUniformly(squaredLimit: Float, using random: inout RandomStream) {
    let limit = squaredLimit.squareRoot()
    for i in 0..<count { self[i] = random.uniform(-limit...limit) }
  }
}
