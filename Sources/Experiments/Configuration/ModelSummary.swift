import NN
import Support
import Tensor

/// What a model costs, layer by layer, for images of a given shape and number of classes.
public struct ModelSummary: Sendable {
  public struct Layer: Equatable, Sendable {
    /// The name in a checkpoint: `conv1`.
    public let name: String
    /// The `"type"` in a model file: `conv2d`.
    public let type: String
    /// What else tells it from its like, with `x` between extents: `3 x 3`, `relu`, or empty.
    public let detail: String
    /// `[H, W, C]` or `[C]`.
    public let outputShape: [Int]
    /// Trainable numbers.
    public let parameters: Int
    /// Of one image's forward pass.
    public let multiplyAdds: Int
  }

  public let name: String
  /// `[H, W, C]`.
  public let inputShape: [Int]
  public let classes: Int
  public let layers: [Layer]
  /// Numbers that training changes without gradients, such as means and variances.
  public let statistics: Int

  public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
  public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
  /// The size of all parameters and statistics, 4 bytes each.
  public var bytes: Int { 4 * (parameters + statistics) }

  /// - Throws: ``ModelError`` if a layer does not fit.
  public init(
    _ description: ModelDescription, inputShape: Shape = [28, 28, 1], classes: Int = 47
  ) throws {
    // Nobody looks at the weights.
    let model = try Model(
      description, inputShape: inputShape, classes: classes, initializer: .zeros,
      on: Device(threads: 1))
    name = description.name
    self.inputShape = inputShape.array
    self.classes = classes
    layers = zip(description.layers, model.layers).map { description, layer in
      Layer(
        name: layer.name, type: Swift.type(of: description).type,
        detail: Self.detail(description.options), outputShape: layer.outputShape.array,
        parameters: layer.parameters.reduce(0) { $0 + $1.value.count },
        multiplyAdds: layer.multiplyAdds)
    }
    statistics = model.state.reduce(0) { $0 + $1.value.count }
  }

  private static func detail(_ options: JSONObject) -> String {
    if let size = (options["kernel_size"] ?? options["size"])?.int { return "\(size) x \(size)" }
    return options["function"]?.string ?? options["rate"]?.text() ?? ""
  }
}
