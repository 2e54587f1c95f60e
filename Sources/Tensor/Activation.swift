import KernelBodies

/// An activation function as a choice: its name and what there is to know about it, from the list
/// of the kernels (`visitActivations`).
public struct ActivationKind: RawRepresentable, CaseIterable, Hashable, Sendable {
  /// Its place in the list.
  let number: Int

  /// Every activation function, in the order in which they are listed.
  public static let allCases: [ActivationKind] = traits.indices.map(ActivationKind.init(number:))

  private init(number: Int) { self.number = number }

  /// The function of that name; `nil` if there is none.
  public init?(rawValue name: String) {
    guard let number = Self.traits.firstIndex(where: { $0.name == name }) else { return nil }
    self.number = number
  }

  /// Its name in options and in model files.
  public var rawValue: String { traits.name }

  /// What its derivative is computed from.
  public enum Source: Sendable {
    case input, output
    /// An output of which the sign is enough, so that what keeps signs may come between.
    case outputSign
  }

  public var derivativeReads: Source {
    switch traits.derivativeReads {
    case .input: .input
    case .output: .output
    case .outputSign: .outputSign
    }
  }

  /// Where its derivative jumps.
  public var corners: [Float] { traits.corners }

  /// The parameter of an activation function.
  public struct Parameter: Sendable {
    /// Its name in model files, and as an option.
    public let name: String
    public let option: String
    /// What it is where nobody says.
    public let usual: Float
    /// What it may be.
    public let range: Range<Double>
    /// What the option's help says.
    public let help: String
  }

  /// Its parameter, if it has one.
  public var parameter: Parameter? {
    traits.parameter.map {
      Parameter(
        name: $0.name, option: $0.option, usual: $0.usual, range: 0..<$0.limit, help: $0.help)
    }
  }

  private var traits: ActivationTraits { Self.traits[number] }

  private static let traits: [ActivationTraits] = {
    var list = TraitsOfActivations()
    visitActivations(&list)
    return list.traits
  }()
}

private struct TraitsOfActivations: ActivationVisitor {
  var traits: [ActivationTraits] = []

  mutating func visit<A: Activation>(_: A.Type) { traits.append(A.traits) }
}

/// An activation function with its parameter, as a layer applies it.
public struct ActivationFunction: Hashable, Sendable {
  public let kind: ActivationKind
  /// 0 where the function has none.
  public let parameter: Float

  /// A function, by default with the parameter that Keras and PyTorch give it. With a parameter of
  /// 0 it is the ReLU, whose derivative below zero the others could not tell from its output.
  public init(_ kind: ActivationKind, parameter: Float? = nil) {
    let value = kind.parameter.map { parameter ?? $0.usual }
    self.kind = value == 0 ? .relu : kind
    self.parameter = value ?? 0
  }

  /// The function of that name; `nil` if there is none.
  public init?(name: String, parameter: Float? = nil) {
    guard let kind = ActivationKind(rawValue: name) else { return nil }
    self.init(kind, parameter: parameter)
  }

  public var name: String { kind.rawValue }

  // What other layers and presets refer to.
  public static let relu = ActivationFunction(.relu)
  public static let gelu = ActivationFunction(.named(GELU.self))
}

extension ActivationKind {
  static let relu = named(ReLU.self)

  fileprivate static func named<A: Activation>(_: A.Type) -> ActivationKind {
    guard let kind = ActivationKind(rawValue: A.traits.name) else {
      preconditionFailure("\(A.traits.name) is not in the list of activations")
    }
    return kind
  }
}

extension Device {
  /// `y = f(x)`; `x` and `y` may be the same tensor.
  public func activate(_ f: ActivationFunction, _ x: Tensor, into y: Tensor) {
    precondition(x.count == y.count, "activate: \(x.shape) into \(y.shape)")
    parallelRanges(x.count, grain: Self.elementGrain) { range in
      kernels.activate(
        f.kind.number, x.pointer + range.lowerBound, count: range.count, alpha: f.parameter,
        to: y.pointer + range.lowerBound)
    }
  }

  /// `dx = dy · f'`, where `saved` is the input or the output of the forward pass, as
  /// ``ActivationKind/derivativeReads`` says; `dx` and `dy` may be the same tensor.
  public func activateBackward(
    _ f: ActivationFunction, saved: Tensor, _ dy: Tensor, into dx: Tensor
  ) {
    precondition(saved.count == dy.count && dy.count == dx.count, "activateBackward: \(dy.shape)")
    parallelRanges(dy.count, grain: Self.elementGrain) { range in
      kernels.activateBackward(
        f.kind.number, saved: saved.pointer + range.lowerBound, dy: dy.pointer + range.lowerBound,
        count: range.count, alpha: f.parameter, to: dx.pointer + range.lowerBound)
    }
  }
}
