import Foundation

/// One parameter element and its optimizer state, updated in double precision.
public struct SGDReference {
  public var weight: Double
  public var velocity: Double

  public init(weight: Double, velocity: Double) {
    (self.weight, self.velocity) = (weight, velocity)
  }

  /// `g += decay · w; v = momentum · v + g; w −= rate · (nesterov ? g + momentum · v : v)`.
  public mutating func update(
    gradient: Double, rate: Double, momentum: Double, decay: Double, nesterov: Bool
  ) {
    let g = gradient + decay * weight
    velocity = momentum * velocity + g
    weight -= rate * (nesterov ? g + momentum * velocity : velocity)
  }
}

/// The same for Adam: the algorithm of Kingma and Ba's paper, line by line, with the decoupled
/// decay of Loshchilov and Hutter.
public struct AdamReference {
  public var weight: Double
  public var firstMoment: Double
  public var secondMoment: Double

  public init(weight: Double, firstMoment: Double, secondMoment: Double) {
    (self.weight, self.firstMoment, self.secondMoment) = (weight, firstMoment, secondMoment)
  }

  public mutating func update(
    gradient: Double, step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double,
    decay: Double, decoupledDecay: Double
  ) {
    weight -= rate * decoupledDecay * weight
    let g = gradient + decay * weight
    firstMoment = beta1 * firstMoment + (1 - beta1) * g
    secondMoment = beta2 * secondMoment + (1 - beta2) * g * g
    let first = firstMoment / (1 - pow(beta1, Double(step)))
    let second = secondMoment / (1 - pow(beta2, Double(step)))
    weight -= rate * first / (second.squareRoot() + epsilon)
  }
}

/// The same for RMSprop, as Tieleman and Hinton's lecture has it, with momentum.
public struct RMSpropReference {
  public var weight: Double
  public var square: Double
  public var velocity: Double

  public init(weight: Double, square: Double, velocity: Double) {
    (self.weight, self.square, self.velocity) = (weight, square, velocity)
  }

  public mutating func update(
    gradient: Double, rate: Double, rho: Double, epsilon: Double, momentum: Double, decay: Double
  ) {
    let g = gradient + decay * weight
    square = rho * square + (1 - rho) * g * g
    velocity = momentum * velocity + g / (square.squareRoot() + epsilon)
    weight -= rate * velocity
  }
}

/// The same for Adagrad, as Duchi, Hazan and Singer's paper has it.
public struct AdagradReference {
  public var weight: Double
  public var square: Double

  public init(weight: Double, square: Double) { (self.weight, self.square) = (weight, square) }

  public mutating func update(gradient: Double, rate: Double, epsilon: Double, decay: Double) {
    let g = gradient + decay * weight
    square += g * g
    weight -= rate * g / (square.squareRoot() + epsilon)
  }
}

/// The same for NAdam, as `torch.optim.NAdam` has it, with the rates of the gradient and its mean.
public func nadamReference(
  _ element: AdamReference, gradient: Double, step: Int, beta1: Double, beta2: Double,
  epsilon: Double, gradientRate: Double, momentRate: Double, decay: Double
) -> AdamReference {
  let g = gradient + decay * element.weight
  let first = beta1 * element.firstMoment + (1 - beta1) * g
  let second = beta2 * element.secondMoment + (1 - beta2) * g * g
  let root = (second / (1 - pow(beta2, Double(step)))).squareRoot() + epsilon
  return AdamReference(
    weight: element.weight - (gradientRate * g + momentRate * first) / root, firstMoment: first,
    secondMoment: second)
}

/// The same for Adadelta, as Zeiler's paper has it.
public struct AdadeltaReference {
  public var weight: Double
  public var square: Double
  public var update: Double

  public init(weight: Double, square: Double, update: Double) {
    (self.weight, self.square, self.update) = (weight, square, update)
  }

  public mutating func update(
    gradient: Double, rate: Double, rho: Double, epsilon: Double, decay: Double
  ) {
    let g = gradient + decay * weight
    square = rho * square + (1 - rho) * g * g
    let d = ((update + epsilon) / (square + epsilon)).squareRoot() * g
    update = rho * update + (1 - rho) * d * d
    weight -= rate * d
  }
}

/// The same for Lion, as the program in the paper of Chen and others has it.
public struct LionReference {
  public var weight: Double
  public var moment: Double

  public init(weight: Double, moment: Double) { (self.weight, self.moment) = (weight, moment) }

  public mutating func update(
    gradient: Double, rate: Double, beta1: Double, beta2: Double, decay: Double
  ) {
    let direction = beta1 * moment + (1 - beta1) * gradient
    weight -= rate * decay * weight
    weight -= rate * (direction > 0 ? 1 : direction < 0 ? -1 : 0)
    moment = beta2 * moment + (1 - beta2) * gradient
  }
}
