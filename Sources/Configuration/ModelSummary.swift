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
  /// Bytes of weights, gradients and buffers for training in batches of ``trainingBatch``.
  public let trainingBytes: Int
  public static let trainingBatch = 128
  /// The size of all parameters and statistics, 4 bytes each.
  public var bytes: Int { boundedProduct(4, parameters + statistics) }

  /// Allocates nothing.
  ///
  /// - Throws: ``ModelError`` if a layer does not fit.
  public init(
    _ description: ModelDescription, inputShape: Shape = [28, 28, 1], classes: Int = 47
  ) throws {
    let model = try ModelOutline(description, inputShape: inputShape, classes: classes)
    name = description.name
    self.inputShape = inputShape.array
    self.classes = classes
    layers = Self.rows(model.chain)
    parameters = model.parameters
    multiplyAdds = model.multiplyAdds
    statistics = model.statistics
    trainingBytes = model.trainingBytes(batch: Self.trainingBatch)
  }

  /// A row for each layer and for those within it.
  private static func rows(
    _ chain: ChainOutline, depth: Int = 0, prefix: String = ""
  ) -> [Layer] {
    chain.elements.flatMap { element in
      let outline = element.outline
      let row = Layer(
        name: prefix + element.name, depth: depth, type: Swift.type(of: element.description).type,
        detail: detail(element.description.options), outputShape: outline.outputShape.array,
        parameters: outline.parameters, multiplyAdds: outline.multiplyAdds)
      return [row]
        + outline.branches.flatMap {
          rows($0.chain, depth: depth + 1, prefix: $0.prefix.isEmpty ? "" : "\($0.prefix).")
        }
    }
  }

  private static func detail(_ options: JSONObject) -> String {
    if let size = (options["kernel_size"] ?? options["size"])?.int { return "\(size) x \(size)" }
    if let heads = options["heads"]?.int { return heads == 1 ? "1 head" : "\(heads) heads" }
    return options["function"]?.string ?? (options["rate"] ?? options["drop_path"])?.text() ?? ""
  }
}
