import Support
import Tensor

/// How weights begin, as a person chooses it. Biases begin at zero. Adding an initializer is a row
/// here and an entry in ``all``.
///
/// As in `torch.nn.init`, normal distributions are whole; Keras cuts its own off at two standard
/// deviations.
public struct Initializer: Choice {
  public let name: String
  public let abstract: String
  public var uses: [SettingUse] { [] }
  /// Whether the first convolution's filters whiten the images' patches; all else is drawn as usual.
  public let whitensFirstConvolution: Bool
  private let draw: @Sendable (Tensor, _ fanIn: Int, _ fanOut: Int, inout RandomStream) -> Void

  public static let all: [Initializer] = [
    .he, .heUniform, .glorot, .glorotNormal, .lecun, .lecunUniform, .orthogonal, .zeros, .whitening,
  ]

  private init(
    _ name: String, _ abstract: String, whitensFirstConvolution: Bool = false,
    draw: @escaping @Sendable (Tensor, Int, Int, inout RandomStream) -> Void
  ) {
    self.name = name
    self.abstract = abstract
    self.whitensFirstConvolution = whitensFirstConvolution
    self.draw = draw
  }

  /// Fills `weight` in row-major order, outputs innermost.
  ///
  /// - Parameters:
  ///   - fanIn: the inputs that one output sums over.
  ///   - fanOut: the outputs that one input reaches.
  public func fill(
    _ weight: Tensor, fanIn: Int, fanOut: Int, using random: inout RandomStream
  ) {
    draw(weight, fanIn, fanOut, &random)
  }
}

extension Initializer {
  /// He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.
  public static let he = Initializer("he", "normal, variance 2 / inputs") { w, fanIn, _, random in
    w.fillNormally(variance: 2 / Float(fanIn), using: &random)
  }
  /// On `±√(6 / fanIn)`.
  public static let heUniform = Initializer(
    "he_uniform", "uniform, variance 2 / inputs"
  ) { w, fanIn, _, random in
    w.fillUniformly(squaredLimit: 6 / Float(fanIn), using: &random)
  }
  /// On `±√(6 / (fanIn + fanOut))` (Glorot and Bengio, "Understanding the difficulty of training
  /// deep feedforward neural networks", 2010).
  public static let glorot = Initializer(
    "glorot", "uniform, variance 2 / (inputs + outputs)"
  ) { w, fanIn, fanOut, random in
    w.fillUniformly(squaredLimit: 6 / Float(fanIn + fanOut), using: &random)
  }
  public static let glorotNormal = Initializer(
    "glorot_normal", "normal, variance 2 / (inputs + outputs)"
  ) { w, fanIn, fanOut, random in
    w.fillNormally(variance: 2 / Float(fanIn + fanOut), using: &random)
  }
  /// LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998.
  public static let lecun = Initializer(
    "lecun", "normal, variance 1 / inputs"
  ) { w, fanIn, _, random in
    w.fillNormally(variance: 1 / Float(fanIn), using: &random)
  }
  /// On `±√(3 / fanIn)`.
  public static let lecunUniform = Initializer(
    "lecun_uniform", "uniform, variance 1 / inputs"
  ) { w, fanIn, _, random in
    w.fillUniformly(squaredLimit: 3 / Float(fanIn), using: &random)
  }
  /// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
  /// linear neural networks", 2014.
  public static let orthogonal = Initializer(
    "orthogonal", "a random matrix with orthonormal columns, or rows if those are fewer"
  ) { w, _, _, random in w.fillOrthogonally(using: &random) }
  /// Layers behind each other learn nothing from it.
  public static let zeros = Initializer("zeros", "zeros") { w, _, _, _ in w.fill(0) }
  /// See ``Model/whitenFirstConvolution(_:epsilon:)``.
  public static let whitening = Initializer(
    "whitening", "first filters that whiten the images; the rest as he",
    whitensFirstConvolution: true
  ) { w, fanIn, fanOut, random in
    he.fill(w, fanIn: fanIn, fanOut: fanOut, using: &random)
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

extension Tensor {
  /// Fills a matrix of outputs innermost with the orthogonal factor of a Gaussian one, the
  /// triangular factor having a positive diagonal, which makes it uniform among all such matrices
  /// (Mezzadri, "How to generate random matrices from the classical compact groups", 2007).
  ///
  /// `torch.nn.init.orthogonal_` has the same distribution.
  func fillOrthogonally(using random: inout RandomStream) {
    let columns = shape[shape.rank - 1]
    let rows = count / columns
    let (vectorCount, length) = (min(rows, columns), max(rows, columns))
    var vectors = (0..<vectorCount).map { _ in
      (0..<length).map { _ in Double(random.normal()) }
    }
    orthonormalize(&vectors)
    for vector in 0..<vectorCount {
      for index in 0..<length {
        let place = rows < columns ? vector * columns + index : index * columns + vector
        self[place] = Float(vectors[vector][index])
      }
    }
  }
}

/// Makes `count` vectors of `length` numbers, one behind the other, orthonormal, by Gram and
/// Schmidt. Each goes through twice, which is enough (Giraud, Langou and Rozložník, "The loss of
/// orthogonality in the Gram-Schmidt orthogonalization process", 2005).
private func orthonormalize(_ vectors: inout [[Double]]) {
  for current in vectors.indices {
    var x = vectors[current]
    for _ in 0..<2 {
      for earlier in vectors[..<current] {
        let projection = dot(earlier, x)
        for i in x.indices { x[i] -= projection * earlier[i] }
      }
    }
    let norm = dot(x, x).squareRoot()
    for i in x.indices { x[i] /= norm }
    vectors[current] = x
  }
}

/// The sum runs in eight lanes, so that it is quick and the same everywhere.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
  let whole = a.count / 8 * 8
  var lanes = SIMD8<Double>()
  for i in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 { lanes[lane] += a[i + lane] * b[i + lane] }
  }
  var sum = 0.0
  for lane in 0..<8 { sum += lanes[lane] }
  for i in whole..<a.count { sum += a[i] * b[i] }
  return sum
}
