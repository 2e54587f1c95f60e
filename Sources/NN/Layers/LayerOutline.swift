import Support
import Tensor

/// What comes into a layer: all that its output and its cost depend on.
public struct LayerInput: Sendable {
  /// The shape of one item, without the batch.
  public var shape: Shape
  /// The shape of the image or patch that a layer before laid out as a row, in whose order the
  /// numbers still are.
  public var flattenedShape: Shape?
  /// The number of classes of the data.
  public let classes: Int

  public init(_ shape: Shape, flattenedShape: Shape? = nil, classes: Int) {
    self.shape = shape
    self.flattenedShape = flattenedShape
    self.classes = classes
  }

  /// How PyTorch lays out a vector with a number for each feature.
  var featureLayout: WeightLayout {
    flattenedShape.map { .vectorOverImage(height: $0[0], width: $0[1], channels: $0[2]) } ?? .same
  }

  /// Refuses an image that was flattened, whose elements PyTorch has in another order: layers that
  /// combine them with others cannot tell it so in a checkpoint.
  func refuseFlattenedImage() throws {
    guard let flattenedShape, flattenedShape[2] > 1 else { return }
    throw LayerProblem(
      "cannot stand behind a flattened image \(flattenedShape); put a dense layer between")
  }
}

/// What is known of a layer from shapes alone, before anything is allocated: what it gives, what it
/// costs, and what a plan must know to place the buffers around it.
public struct LayerOutline: Sendable {
  public let input: LayerInput
  /// What comes out of it, which is the input of the next layer.
  public let output: LayerInput
  /// Trainable numbers, those of the layers within included.
  public var parameters = 0
  /// Numbers that training changes without gradients, likewise.
  public var statistics = 0
  /// Of one item's forward pass, biases and activations not counted, likewise.
  public var multiplyAdds = 0
  var memory = LayerMemory()
  var traits = LayerTraits()
  /// What it can do of the work of the layers behind it.
  var abilities: FusionAbilities = []
  /// Its work, if a layer before it may be able to do it.
  var work: FusibleWork?
  /// Whether its backward pass, if it rectifies as well, makes zeros in the gradient of the output.
  var masksGradient = false
  /// The chains of layers within it.
  public var branches: [BranchOutline] = []

  /// - Throws: ``LayerProblem`` if the output has more numbers than any machine holds.
  init(_ input: LayerInput, to output: LayerInput) throws {
    guard boundedProduct(output.shape.array) <= Self.largestOutput else {
      throw LayerProblem("its output \(output.shape) is too large")
    }
    self.input = input
    self.output = output
  }

  /// The same, for an output that differs in its shape alone.
  init(_ input: LayerInput, to shape: Shape? = nil) throws {
    var output = input
    output.shape = shape ?? input.shape
    try self.init(input, to: output)
  }

  /// Numbers of one item, 4 TB: far beyond any machine, and small enough to be multiplied.
  private static let largestOutput = 1 << 40

  public var inputShape: Shape { input.shape }
  public var outputShape: Shape { output.shape }

  /// The traits of a layer that does the work of others as well.
  func traits(_ fusion: Fusion) -> LayerTraits {
    guard fusion.rectifies, masksGradient else { return traits }
    var traits = traits
    traits.spoilsGradient = true
    if !fusion.pools { traits.needs.insert(.outputSign) }
    return traits
  }

  /// The layers within, taken together.
  mutating func add(_ branches: [BranchOutline]) {
    self.branches = branches
    parameters += boundedSum(branches.map(\.chain.parameters))
    statistics += boundedSum(branches.map(\.chain.statistics))
    multiplyAdds += boundedSum(branches.map(\.chain.multiplyAdds))
  }
}

/// A chain within a composite layer, and how that trains it.
public struct BranchOutline: Sendable {
  /// What stands before the names of its layers, within the composite's own name; empty for the main
  /// branch.
  public let prefix: String
  public let chain: ChainOutline
  /// Whether the composite has a place for the chain's output.
  let placesOutput: Bool

  var trainingLayout: TrainingLayout {
    TrainingLayout(chain, mayOverwriteInput: false, placesOutput: placesOutput)
  }
}

/// What a layer's passes read, and what they write beside their results. It holds for every layer
/// (``LayerContractTests``).
struct LayerTraits: Equatable, Sendable {
  /// What the backward pass reads of the tensors of the forward pass.
  var needs: BackwardNeeds = []
  /// Whether the output may overwrite the input, and then the gradient of the input that of the
  /// output.
  var worksInPlace = false
  /// Whether a pass in place leaves every element as it is.
  var keepsValues = false
  /// Whether a pass in place leaves the sign of every element that a gradient will reach.
  var keepsSign = false
  /// Whether the backward pass writes into the gradient of the output though it has another place
  /// for that of the input.
  var spoilsGradient = false
}

/// What a backward pass reads of the forward pass's tensors.
struct BackwardNeeds: OptionSet, Sendable {
  let rawValue: Int

  static let input = BackwardNeeds(rawValue: 1)
  static let output = BackwardNeeds(rawValue: 2)
  /// The sign of the output, which a later positive factor or zero does not harm.
  static let outputSign = BackwardNeeds(rawValue: 4)
}

/// The memory that a layer takes beside its parameters, its input and its output.
struct LayerMemory: Sendable {
  /// Bytes of an item that training keeps from the forward pass to the backward pass.
  var kept = 0
  /// Bytes whatever the batch: tables, statistics.
  var fixed = 0
  /// Floats of the weights as inference packs them.
  var packed = 0
  /// Floats of an item in each region that holds nothing beyond one backward pass, or one pass of
  /// inference. See ``SharedRoom``.
  var backwardRegions: [Int] = []
  var inferenceRegions: [Int] = []
  /// Floats of the device's scratch memory that a batch's largest operation needs.
  var scratch: @Sendable (_ batch: Int, _ threads: Int) -> Int = { _, _ in 0 }

  /// The regions of a pass of this mode.
  func regions(_ mode: Pass.Mode) -> [Int] {
    mode == .training ? backwardRegions : inferenceRegions
  }
}
