import NN
import Support
import Tensor

/// Which tensors of a file that somebody else wrote are those of a model.
///
/// The names count first: the model's own, or these behind one prefix, as `module.` of PyTorch's
/// parallel training. Else whole layers are matched by their order and the shapes of their tensors,
/// in PyTorch's layout and names or in those of Keras (`kernel`, `gamma`, `moving_mean`).
public struct WeightMatching: Equatable, Sendable {
  /// What the matching rests on.
  public enum Evidence: Equatable, Sendable {
    case names
    case prefix(String)
    case order
  }

  public let evidence: Evidence
  /// A layer of the model's and what the file calls it, in the model's order; empty unless they were
  /// matched by order.
  public private(set) var layers: [Layer] = []
  /// The file's name of each of the model's tensors.
  let names: [(old: String, new: String)]
  /// Whether the file has Keras' layout, which is ours.
  let isKeras: Bool

  /// A layer under two names.
  public struct Layer: Equatable, Sendable {
    public let ours: String
    public let theirs: String
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.evidence == b.evidence && a.layers == b.layers && a.isKeras == b.isKeras
  }

  /// What to say about it; `nil` for a file that has the model's own names.
  public var note: String? {
    switch evidence {
    case .names: nil
    case .prefix(let prefix): "weights: named as the model's behind '\(prefix)'"
    case .order:
      "weights: matched by order and shape" + (isKeras ? ", in Keras' layout: " : ": ")
        + layers.map { "\($0.ours) from '\($0.theirs)'" }.joined(separator: ", ")
    }
  }
}

extension Model {
  /// Takes every parameter and running statistic from a file whose tensors need not be named as
  /// the model's are; or none.
  ///
  /// - Throws: ``SafetensorsError`` and ``WeightsError`` as ``load(_:)`` does, and
  ///   ``WeightMatchError``.
  public func loadMatching(_ file: SafetensorsFile) throws -> WeightMatching {
    let targets =
      parameters.map { StateTensor(name: $0.name, value: $0.value, layout: $0.layout) } + state
    let matching = try WeightMatching(file, targets, of: description.name)
    try file.renamed(matching.names).load(
      into: matching.isKeras
        ? targets.map { StateTensor(name: $0.name, value: $0.value) } : targets,
      of: description.name)
    return matching
  }
}

extension WeightMatching {
  /// - Parameter model: whose tensors are wanted, for error messages.
  init(_ file: SafetensorsFile, _ targets: [StateTensor], of model: String) throws {
    let present = Set(file.tensors.map(\.name))
    if targets.allSatisfy({ present.contains($0.name) }) {
      (evidence, isKeras) = (.names, false)
      names = targets.map { ($0.name, $0.name) }
      return
    }
    let prefixes = Self.prefixes(in: file, targets.map(\.name))
    guard prefixes.count < 2 else {
      throw WeightMatchError.severalPrefixes(path: file.path, prefixes)
    }
    if let prefix = prefixes.first {
      (evidence, isKeras) = (.prefix(prefix), false)
      names = targets.map { (prefix + $0.name, $0.name) }
      return
    }
    evidence = .order
    // What counts steps is no weight.
    let found = WeightModule.modules(
      of: file.tensors.filter { !$0.name.hasSuffix("num_batches_tracked") }.map {
        ($0.name, $0.shape)
      })
    let keras = found.contains { $0.shapes["kernel"] != nil }
    let ours = WeightModule.modules(
      of: targets.map {
        ($0.name, keras ? $0.value.shape.array : TorchOrder.shape($0.value.shape, $0.layout))
      })
    let wanted = keras ? ours.map(\.inKeras) : ours
    let theirs = try Self.order(of: found, for: wanted, path: file.path, model)
    layers = zip(ours, theirs).map { Layer(ours: $0.name, theirs: $1.name) }
    let places = Dictionary(uniqueKeysWithValues: zip(ours.map(\.name), theirs.indices))
    isKeras = keras
    names = targets.map { target in
      let (module, leaf) = WeightModule.parts(of: target.name)
      let place = places[module, default: 0]
      return (theirs[place].tensor(keras ? ours[place].kerasName(of: leaf) : leaf), target.name)
    }
  }

  /// What stands before all of `names` in the file, the shortest first.
  private static func prefixes(in file: SafetensorsFile, _ names: [String]) -> [String] {
    guard let first = names.first else { return [] }
    let present = Set(file.tensors.map(\.name))
    return present.filter { $0.hasSuffix("." + first) }.map { String($0.dropLast(first.count)) }
      .filter { prefix in names.allSatisfy { present.contains(prefix + $0) } }
      .sorted { ($0.count, $0) < ($1.count, $1) }
  }

  private static func order(
    of found: [WeightModule], for wanted: [WeightModule], path: String, _ model: String
  ) throws -> [WeightModule] {
    var orders = ModuleOrders(of: found, for: wanted)
    switch orders.outcome() {
    case .one(let order): return order
    case .several(let place, let a, let b):
      throw WeightMatchError.severalOrders(path: path, layer: wanted[place].name, a, b)
    case .none(let place, let next):
      guard place < wanted.count else {
        throw WeightMatchError.tooMany(path: path, tensors: next[0].text, of: next[0].name, model)
      }
      throw WeightMatchError.noOrder(
        path: path, model: model, layer: wanted[place].name, wanted: wanted[place].text,
        found: next.first.map { "'\($0.name)' with \($0.text)" })
    }
  }
}

extension WeightModule {
  /// The same layer with Keras' names.
  var inKeras: WeightModule {
    var keras = WeightModule(name: name, shapes: [:])
    for (leaf, shape) in shapes { keras.shapes[kerasName(of: leaf)] = shape }
    return keras
  }

  /// What Keras calls one of the layer's tensors: a weight that is a vector scales what was
  /// normalized.
  func kerasName(of leaf: String) -> String {
    let isNorm = shapes["weight"]?.count == 1
    return switch leaf {
    case "weight": isNorm ? "gamma" : "kernel"
    case "bias": isNorm ? "beta" : "bias"
    case "running_mean": "moving_mean"
    case "running_var": "moving_variance"
    default: leaf
    }
  }
}

/// A file whose tensors cannot be told to be those of a model.
public enum WeightMatchError: UserError, Equatable {
  case severalPrefixes(path: String, [String])
  case severalOrders(path: String, layer: String, String, String)
  case noOrder(path: String, model: String, layer: String, wanted: String, found: String?)
  case tooMany(path: String, tensors: String, of: String, String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .severalPrefixes(let path, let prefixes):
      "\(path): holds the model's weights \(prefixes.count) times, behind '\(prefixes[0])' and "
        + "behind '\(prefixes[1])'; save those that are meant alone"
    case .severalOrders(let path, let layer, let a, let b):
      "\(path): both '\(a)' and '\(b)' may be layer '\(layer)', by order and shape; name the "
        + "tensors as the model does ('\(layer).weight')"
    case .noOrder(let path, let model, let layer, let wanted, let found):
      "\(path): does not hold the weights of model '\(model)', neither by name nor by order and "
        + "shape: its layer '\(layer)' needs \(wanted), "
        + (found.map { "where the file has \($0)" } ?? "and the file has no more")
    case .tooMany(let path, let tensors, let name, let model):
      "\(path): holds more layers than model '\(model)', the first of them '\(name)' with \(tensors)"
    }
  }
}
