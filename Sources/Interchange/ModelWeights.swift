import NN
import Support
import Tensor

// A model's weights as PyTorch lays them out, so that `load_state_dict` takes them.

extension SafetensorsTensor {
  /// A tensor of ours, in PyTorch's layout.
  public init(name: String, _ tensor: Tensor, layout: WeightLayout) {
    let order = TorchOrder(shape: tensor.shape, layout: layout)
    let values = tensor.values
    self.init(
      name: name, shape: order.shape,
      values: values.indices.map { values[order.source(of: $0)] })
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
    for target in targets {
      let found = try floatTensor(named: target.name).shape
      let wanted = TorchOrder.shape(target.value.shape, target.layout)
      guard found == wanted else {
        throw WeightsError(
          path: path, tensor: target.name, found: found, wanted: wanted, model: model)
      }
    }
    for target in targets {
      let order = TorchOrder(shape: target.value.shape, layout: target.layout)
      for (position, value) in try floats(named: target.name).enumerated() {
        target.value[order.source(of: position)] = value
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
struct TorchOrder {
  /// PyTorch's shape.
  let shape: [Int]
  private let ours: Shape
  private let layout: WeightLayout

  init(shape: Shape, layout: WeightLayout) {
    self.shape = Self.shape(shape, layout)
    ours = shape
    self.layout = layout
  }

  static func shape(_ shape: Shape, _ layout: WeightLayout) -> [Int] {
    switch layout {
    case .same, .vectorOverImage: shape.array
    case .dense, .denseAfterImage: [shape[1], shape[0]]
    case .convolution: [shape[3], shape[2], shape[0], shape[1]]
    }
  }

  /// Where the element that is at `position` there lies in ours.
  func source(of position: Int) -> Int {
    switch layout {
    case .same: return position
    case .vectorOverImage(let height, let width, let channels):
      return Self.imageSource(of: position, pixels: height * width, channels)
    case .dense:
      let (output, input) = position.quotientAndRemainder(dividingBy: ours[0])
      return input * ours[1] + output
    case .denseAfterImage(let height, let width, let channels):
      let (output, input) = position.quotientAndRemainder(dividingBy: ours[0])
      return Self.imageSource(of: input, pixels: height * width, channels) * ours[1] + output
    case .convolution:
      let (size, inputs) = (ours[0] * ours[1], ours[2])
      let (kernel, tap) = position.quotientAndRemainder(dividingBy: size)
      let (output, input) = kernel.quotientAndRemainder(dividingBy: inputs)
      return (tap * inputs + input) * ours[3] + output
    }
  }

  /// From the order channel, height, width to the order height, width, channel.
  private static func imageSource(of position: Int, pixels: Int, _ channels: Int) -> Int {
    let (channel, pixel) = position.quotientAndRemainder(dividingBy: pixels)
    return pixel * channels + channel
  }
}

extension String {
  /// What stands before `suffix`, if the string ends so.
  fileprivate func prefix(before suffix: String) -> String? {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : nil
  }
}
