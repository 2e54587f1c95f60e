import Support
import Tensor

/// Muon for the weight matrices of hidden layers, AdamW for everything else.
///
/// A matrix follows its momentum with all singular values made about equal, so that no direction
/// of the layer's inputs is learned much slower than another:
///
///     b = momentum · b + (1 − momentum) g
///     u = nesterov ? momentum · b + (1 − momentum) g : b
///     w −= rate · weightDecay · w
///     w −= rate · √max(1, outputs / inputs) · orthogonalized(u)
///
/// Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024, as
/// `torch.optim.Muon` with `adjust_lr_fn="original"`, in single precision throughout. A
/// convolution's kernels are the matrix `[kernel · kernel · inputs, outputs]`.
///
/// As its authors advise, biases, scales of a normalization, and the first and the last weights of
/// the network stay with AdamW. AdamW's rate is a twentieth of Muon's: its own default of 0.001
/// where Muon's is the default of 0.02.
public final class Muon: Optimizer {
  public var stepCount = 0 { didSet { adamW.stepCount = stepCount } }
  private let momentum: Float
  private let weightDecay: Double
  private let nesterov: Bool
  private let hidden: [Parameter]
  private let others: [Parameter]
  private let momenta: [Tensor]
  private let adamW: Adam
  private let orthogonalizer: Orthogonalizer
  private static let rateOfOthers = 0.05

  public init(
    _ parameters: [Parameter], momentum: Double, nesterov: Bool, beta1: Double, beta2: Double,
    epsilon: Double, weightDecay: Double
  ) {
    self.momentum = Float(momentum)
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    let chosen = Self.isHidden(parameters)
    hidden = zip(parameters, chosen).filter(\.1).map(\.0)
    others = zip(parameters, chosen).filter { !$0.1 }.map(\.0)
    momenta = hidden.map { Tensor(zeros: $0.value.shape) }
    orthogonalizer = Orthogonalizer(hidden.map(\.value.shape))
    adamW = Adam(
      others, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decouplesDecay: true)
  }

  /// Which parameters are weight matrices between the first and the last.
  private static func isHidden(_ parameters: [Parameter]) -> [Bool] {
    let isMatrix = parameters.map { $0.decays && $0.value.shape.rank >= 2 }
    let (first, last) = (isMatrix.firstIndex(of: true), isMatrix.lastIndex(of: true))
    return isMatrix.enumerated().map { $1 && $0 != first && $0 != last }
  }

  public func step(_ parameters: [Parameter], rate: Double, on device: Device) {
    adamW.step(others, rate: rate * Self.rateOfOthers, on: device)
    stepCount = adamW.stepCount
    for index in hidden.indices {
      let (w, gradient, mean) = (hidden[index].value, hidden[index].gradient, momenta[index])
      device.blend(gradient, factor: 1 - momentum, into: mean, rest: momentum)
      // The gradient is of no more use: it becomes the direction.
      if nesterov {
        device.blend(mean, factor: momentum, into: gradient, rest: 1 - momentum)
      } else {
        gradient.assign(mean)
      }
      let direction = orthogonalizer.orthogonalize(gradient, on: device)
      let scale = max(1, Double(direction.columns) / Double(direction.rows)).squareRoot()
      device.blend(
        direction.values, factor: Float(-rate * scale), into: w,
        rest: Float(1 - rate * weightDecay))
    }
  }

  public func state(of parameters: [Parameter]) -> [StateTensor] {
    zip(hidden, momenta).map { StateTensor(name: "\($0.name).momentum_buffer", value: $1) }
      + adamW.state(of: others)
  }
}

extension OptimizerDescriptor {
  /// The rate is the author's, and the decay such that rate times decay is near PyTorch's. To what
  /// is remembered, one or two floats a weight, the iterates come: up to twice the largest matrix and
  /// twice the square of its smaller side.
  public static let muon = OptimizerDescriptor(
    "muon", "orthogonalized momentum for hidden weights, adamw for the rest",
    uses: [
      .init(.learningRate, 0.02), .init(.momentum, 0.95), .init(.nesterov, true),
      .init(.beta1, 0.9), .init(.beta2, 0.999), .init(.epsilon, 1e-8),
      .init(.weightDecay, 0.01, note: "decoupled"),
    ], statePerWeight: 5
  ) { parameters, values in
    Muon(
      parameters, momentum: values[.momentum], nesterov: values[.nesterov], beta1: values[.beta1],
      beta2: values[.beta2], epsilon: values[.epsilon], weightDecay: values[.weightDecay])
  }
}

/// Replaces the singular values of matrices by values near one: five steps of a Newton-Schulz
/// iteration, `X ← a X + (b X Xᵀ + c (X Xᵀ)²) X`, in buffers that are made once for all of them.
///
/// The coefficients make small singular values grow as quickly as possible, at the price of ending
/// between about 0.7 and 1.2 rather than at one: Jordan and others, "Muon: an optimizer for hidden
/// layers in neural networks", 2024.
final class Orthogonalizer {
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
  private static let steps = 5
  /// The least norm that is divided by.
  private static let epsilon = 1e-7

  private let x: Tensor
  private let product: Tensor
  private let gram: Tensor
  private let square: Tensor

  /// For tensors of these shapes; all but the innermost extent count as rows.
  init(_ shapes: [Shape]) {
    let largest = shapes.map(\.count).max() ?? 0
    let sides = shapes.map { min($0[$0.rank - 1], $0.count / max(1, $0[$0.rank - 1])) }
    let side = sides.max() ?? 0
    x = Tensor(zeros: [largest])
    product = Tensor(zeros: [largest])
    gram = Tensor(zeros: [side * side])
    square = Tensor(zeros: [side * side])
  }

  /// The matrix with other singular values, valid until the next call.
  func orthogonalize(
    _ matrix: Tensor, on device: Device
  ) -> (values: Tensor, rows: Int, columns: Int) {
    let columns = matrix.shape[matrix.shape.rank - 1]
    let rows = matrix.count / columns
    let norm = max(device.sumOfSquares(matrix).squareRoot(), Self.epsilon)
    let shape = Shape(rows: rows, columns: columns)
    var (x, next) = (self.x.prefix(shape), product.prefix(shape))
    device.blend(matrix, factor: Float(1 / norm), into: x, rest: 0)
    for _ in 0..<Self.steps {
      improve(x, isTall: rows > columns, into: next, on: device)
      swap(&x, &next)
    }
    return (x, rows, columns)
  }

  /// One step, with the smaller of the two products of the matrix and its transpose.
  private func improve(_ x: Tensor, isTall: Bool, into y: Tensor, on device: Device) {
    let side = min(x.shape[0], x.shape[1])
    let (gram, factor) = (
      self.gram.prefix(Shape(rows: side, columns: side)),
      square.prefix(Shape(rows: side, columns: side))
    )
    device.matmul(x, x, transposingA: isTall, transposingB: !isTall, into: gram)
    device.matmul(gram, gram, into: factor)
    device.blend(gram, factor: Self.b, into: factor, rest: Self.c)
    for i in 0..<side { factor[i * side + i] += Self.a }
    if isTall {
      device.matmul(x, factor, into: y)
    } else {
      device.matmul(factor, x, into: y)
    }
  }
}
