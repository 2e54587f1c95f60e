import NN
import Support
import Tensor

// A model's weights as PyTorch lays them out, so that `load_state_dict` takes them.

extension SafetensorsTensor {
  /// A tensor of ours, in PyTorch's layout.
  public init(name: String, _ tensor: Tensor, layout: WeightLayout) {
    let order = TorchOrder(shape: tensor.shape, layout: layout)
    let values = tensor.values
    self.init(name: name, shape: order.shape, values: order.sources.map { values[$0] })
  }
}

extension Model {
  /// Every parameter and running statistic, as PyTorch names and lays them out.
  ///
  /// - Parameter steps: the training steps so far, for `num_batches_tracked`.
  public func torchTensors(steps: Int) -> [SafetensorsTensor] {
    var tensors = parameters.map {
      SafetensorsTensor(name: $0.name, $0.value, layout: $0.layout)
    }
    for state in state {
      tensors.append(SafetensorsTensor(name: state.name, state.value, layout: state.layout))
      if let norm = state.name.prefix(before: ".running_var") {
        tensors.append(
          SafetensorsTensor(
            name: "\(norm).num_batches_tracked", shape: [], values: [Int64(steps)]))
      }
    }
    return tensors
  }

  /// Takes every parameter and running statistic from a file with PyTorch's names and layouts.
  ///
  /// - Throws: ``SafetensorsError`` where a tensor is missing, ``WeightsError`` where one has
  ///   another shape.
  public func load(_ file: SafetensorsFile) throws {
    let weights = parameters.map { StateTensor(name: $0.name, value: $0.value, layout: $0.layout) }
    try file.load(into: weights + state, of: description.name)
  }
}

extension SafetensorsFile {
  /// Overwrites all of `targets` with the file's tensors of their names, or none.
  ///
  /// - Parameter model: whose they are, for error messages.
  /// - Throws: as ``Model/load(_:)``.
  public func load(into targets: [StateTensor], of model: String) throws {
    let loaded = try targets.map { target in
      let values = try floats(named: target.name)
      let found = try tensor(named: target.name).shape
      let wanted = TorchOrder.shape(target.value.shape, target.layout)
      guard found == wanted else {
        throw WeightsError(
          path: path, tensor: target.name, found: found, wanted: wanted, model: model)
      }
      return values
    }
    for (target, values) in zip(targets, loaded) {
      let order = TorchOrder(shape: target.value.shape, layout: target.layout)
      for (position, source) in order.sources.enumerated() {
        target.value[source] = values[position]
      }
    }
  }
}

/// A checkpoint of another model.
public struct WeightsError: UserError, Equatable {
  public let path: String
  public let tensor: String
  public let found: [Int]
  public let wanted: [Int]
  public let model: String

  public var exitCode: ExitCode { .dataError }
  public var description: String {
    "\(path): tensor '\(tensor)' has shape \(found), but model '\(model)' needs \(wanted); "
      + "the file belongs to another model"
  }
}

/// The elements of a tensor in PyTorch's order.
private struct TorchOrder {
  /// PyTorch's shape.
  let shape: [Int]
  /// Where each element lies in ours.
  let sources: [Int]

  init(shape: Shape, layout: WeightLayout) {
    self.shape = Self.shape(shape, layout)
    switch layout {
    case .same: sources = Array(0..<shape.count)
    case .vectorOverImage(let height, let width, let channels):
      sources = Self.imageOrder(height, width, channels)
    case .dense: sources = Self.transposed(Array(0..<shape[0]), columns: shape[1])
    case .denseAfterImage(let height, let width, let channels):
      sources = Self.transposed(Self.imageOrder(height, width, channels), columns: shape[1])
    case .convolution:
      let (size, inputs, outputs) = (shape[0] * shape[1], shape[2], shape[3])
      sources = (0..<outputs).flatMap { k in
        (0..<inputs).flatMap { c in (0..<size).map { ($0 * inputs + c) * outputs + k } }
      }
    }
  }

  static func shape(_ shape: Shape, _ layout: WeightLayout) -> [Int] {
    switch layout {
    case .same, .vectorOverImage: shape.array
    case .dense, .denseAfterImage: [shape[1], shape[0]]
    case .convolution: [shape[3], shape[2], shape[0], shape[1]]
    }
  }

  /// Positions height, width, channel in the order channel, height, width.
  private static func imageOrder(_ height: Int, _ width: Int, _ channels: Int) -> [Int] {
    (0..<channels).flatMap { c in (0..<height * width).map { $0 * channels + c } }
  }

  private static func transposed(_ rows: [Int], columns: Int) -> [Int] {
    (0..<columns).flatMap { column in rows.map { $0 * columns + column } }
  }
}

extension String {
  /// What stands before `suffix`, if the string ends so.
  fileprivate func prefix(before suffix: String) -> String? {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
  }
}
