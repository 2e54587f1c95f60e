import Support
import Tensor

/// An activation function, element by element: `{"type": "activation", "function": "relu"}`.
public struct Activation: LayerDescription {
  public static let type = "activation"
  public static let namePrefix = "act"

  public let function: ActivationFunction

  public init(_ function: ActivationFunction) { self.function = function }

  public init(_ options: inout LayerOptions) throws {
    // The parameter of another function is known too, and of no use.
    var parameters: [ActivationKind: Float] = [:]
    for kind in ActivationKind.allCases {
      guard let parameter = kind.parameter else { continue }
      parameters[kind] = Float(
        try options.number(
          parameter.name, in: parameter.range, default: Double(parameter.usual)))
    }
    let given = options.value("function") ?? "relu"
    guard let kind = given.string.flatMap(ActivationKind.init) else {
      let choices = ActivationKind.allCases.map(\.rawValue).asChoices
      throw LayerProblem("'function' must be \(choices), not \(given.text())")
    }
    function = ActivationFunction(kind, parameter: parameters[kind])
  }

  public var options: JSONObject {
    var object: JSONObject = ["function": .string(function.name)]
    if let parameter = function.kind.parameter, function.parameter != parameter.usual {
      object[parameter.name] = .number(function.parameter.asWritten)
    }
    return object
  }

  public func outline(for input: LayerInput) throws -> LayerOutline {
    var outline = try LayerOutline(input)
    outline.traits.needs = function.kind.needs
    outline.traits.worksInPlace = function.kind.needs != .input
    outline.work = function == .relu ? .rectification : nil
    return outline
  }

  public func makeLayer(_ outline: LayerOutline, at place: LayerPlace) -> any Layer {
    ActivationLayer(function, name: place.name, outline)
  }
}

extension ActivationKind {
  /// What a backward pass keeps for it.
  fileprivate var needs: BackwardNeeds {
    switch derivativeReads {
    case .input: .input
    case .output: .output
    case .outputSign: .outputSign
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
    let saved = function.kind.derivativeReads == .input ? x : y
    pass.device.activateBackward(function, saved: saved, dy, into: dx)
  }
}
