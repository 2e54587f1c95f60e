import Support
import Tensor

/// An activation function, element by element: `{"type": "activation", "function": "relu"}`.
public struct Activation: LayerDescription {
  public static let type = "activation"
  public static let namePrefix = "act"

  public let function: ActivationFunction

  public init(_ function: ActivationFunction) { self.function = function }

  public init(_ options: inout LayerOptions) throws {
    let slope = Float(try options.number("slope", in: 0..<1, default: 0.01))
    let alpha = Float(try options.number("alpha", in: 0..<100, default: 1))
    let given = options.value("function") ?? "relu"
    guard let name = given.string,
      let function = ActivationFunction(name: name, slope: slope, alpha: alpha)
    else {
      let choices = ActivationFunction.names.asChoices
      throw LayerProblem("'function' must be \(choices), not \(given.text())")
    }
    self.function = function
  }

  public var options: JSONObject {
    var object: JSONObject = ["function": .string(function.name)]
    if case .leakyReLU(let slope) = function, slope != 0.01 {
      object["slope"] = .number(slope.asWritten)
    }
    if case .elu(let alpha) = function, alpha != 1 { object["alpha"] = .number(alpha.asWritten) }
    return object
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    var outline = try LayerOutline(input)
    outline.traits.needs = function.backwardNeeds
    outline.traits.worksInPlace = !function.derivativeNeedsInput
    outline.work = function == .relu ? .rectification : nil
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    ActivationLayer(function, name: place.name, outline)
  }
}

extension ActivationFunction {
  /// The names that model files and options use.
  public static let names = [
    "relu", "leaky_relu", "elu", "gelu", "gelu_tanh", "silu", "tanh", "sigmoid",
  ]

  /// The function of that name. Keras' and PyTorch's defaults: slope 0.01, alpha 1. With slope or
  /// alpha 0 it is the ReLU, whose derivative below zero the others could not tell from its output.
  public init?(name: String, slope: Float = 0.01, alpha: Float = 1) {
    switch name {
    case "relu": self = .relu
    case "leaky_relu": self = slope == 0 ? .relu : .leakyReLU(slope: slope)
    case "elu": self = alpha == 0 ? .relu : .elu(alpha: alpha)
    case "gelu": self = .gelu
    case "gelu_tanh": self = .geluTanh
    case "silu": self = .silu
    case "tanh": self = .tanh
    case "sigmoid": self = .sigmoid
    default: return nil
    }
  }

  /// The function's name.
  public var name: String {
    switch self {
    case .relu: "relu"
    case .leakyReLU: "leaky_relu"
    case .elu: "elu"
    case .gelu: "gelu"
    case .geluTanh: "gelu_tanh"
    case .silu: "silu"
    case .tanh: "tanh"
    case .sigmoid: "sigmoid"
    }
  }
}

extension ActivationFunction {
  /// What the derivative is made from.
  fileprivate var backwardNeeds: BackwardNeeds {
    switch self {
    case .relu, .leakyReLU: .outputSign
    case .gelu, .geluTanh, .silu: .input
    case .elu, .tanh, .sigmoid: .output
    }
  }
}

extension Float {
  /// The number that reads like this one: 0.1 for the float nearest to it.
  fileprivate var asWritten: Double { Double("\(self)") ?? Double(self) }
}

/// ``Activation`` at work.
final class ActivationLayer: Layer {
  let name: String
  let outline: LayerOutline
  let function: ActivationFunction

  init(_ function: ActivationFunction, name: String, _ outline: LayerOutline) {
    self.function = function
    self.name = name
    self.outline = outline
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    pass.device.activate(function, x, into: y)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    guard let dx else { return }
    let saved = function.derivativeNeedsInput ? x : y
    pass.device.activateBackward(function, saved: saved, dy, into: dx)
  }
}
