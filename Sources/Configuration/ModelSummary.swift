import NN
import Support
import Tensor

/// What a model costs, layer by layer, for images of a given shape and number of classes.
public struct ModelSummary: Sendable {
  public struct Layer: Equatable, Sendable {
    /// The name in a checkpoint: `conv1`, or what stands behind that of the layer around it.
    public let name: String
    /// How many layers are around it.
    public let depth: Int
    /// The `"type"` in a model file: `conv2d`.
    public let type: String
    /// What else tells it from its like, with `x` between extents: `3 x 3`, `relu`, or empty.
    public let detail: String
    /// `[H, W, C]` or `[C]`.
    public let outputShape: [Int]
    /// Trainable numbers, those of the layers within included.
    public let parameters: Int
    /// Of one image's forward pass, likewise.
    public let multiplyAdds: Int
  }

  public let name: String
  /// `[H, W, C]`.
  public let inputShape: [Int]
  public let classes: Int
  /// Each layer is followed by those within it.
  public let layers: [Layer]
  /// Numbers that training changes without gradients, such as means and variances.
  public let statistics: Int

  /// Trainable numbers.
  public let parameters: Int
  public let multiplyAdds: Int
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
    layers = Self.rows(description.layers, model.layers)
    parameters = model.parameterCount
    multiplyAdds = model.multiplyAdds
    statistics = model.state.reduce(0) { $0 + $1.value.count }
  }

  /// A row for each layer and for those within it.
  private static func rows(
    _ descriptions: [any LayerDescription], _ layers: [any NN.Layer], depth: Int = 0,
    prefix: String = ""
  ) -> [Layer] {
    zip(descriptions, layers).flatMap { description, layer in
      let row = Layer(
        name: String(layer.name.dropFirst(prefix.count)), depth: depth,
        type: Swift.type(of: description).type, detail: detail(description.options),
        outputShape: layer.outputShape.array,
        parameters: layer.parameters.reduce(0) { $0 + $1.value.count },
        multiplyAdds: layer.multiplyAdds)
      let branches = zip(description.branches, layer.branches)
      return [row]
        + branches.flatMap {
          rows($0.layers, $1.layers, depth: depth + 1, prefix: "\(layer.name).")
        }
    }
  }

  private static func detail(_ options: JSONObject) -> String {
    if let size = (options["kernel_size"] ?? options["size"])?.int { return "\(size) x \(size)" }
    if let heads = options["heads"]?.int { return heads == 1 ? "1 head" : "\(heads) heads" }
    return options["function"]?.string ?? (options["rate"] ?? options["drop_path"])?.text() ?? ""
  }
}
