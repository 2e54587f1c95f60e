import Support
import Tensor

/// What is known of a model from shapes alone, before anything is allocated: its layers' outputs,
/// what it costs, and the memory it takes.
public struct ModelOutline: Sendable {
  public let description: ModelDescription
  /// The shape of one input, `[H, W, C]`.
  public let inputShape: Shape
  public let classes: Int
  public let chain: ChainOutline

  /// - Throws: ``ModelError`` if a layer does not fit the one before it, or the last one does not
  ///   give one number a class.
  public init(_ description: ModelDescription, inputShape: Shape, classes: Int) throws {
    self.description = description
    self.inputShape = inputShape
    self.classes = classes
    do {
      chain = try ChainOutline(
        description.layers, for: LayerInput(inputShape, classes: classes))
    } catch let problem as LayerProblem {
      throw ModelError(problem, in: description)
    }
    guard chain.outputShape == [classes] else {
      throw ModelError.wrongOutput(
        model: description.name, shape: chain.outputShape.description, classes: classes)
    }
  }

  /// The number of trainable weights.
  public var parameters: Int { chain.parameters }
  /// Numbers that training changes without gradients.
  public var statistics: Int { chain.statistics }
  /// Multiply-adds of one image's forward pass.
  public var multiplyAdds: Int { chain.multiplyAdds }

  var trainingLayout: TrainingLayout {
    TrainingLayout(chain, mayOverwriteInput: true, placesOutput: false)
  }

  /// Bytes of the weights and statistics, without gradients.
  public var weightBytes: Int { boundedProduct(4, boundedSum([parameters, statistics])) }

  /// Bytes that training takes for its passes: the model's weights and gradients, a
  /// ``TrainingPlan`` of this batch and what the layers keep. The optimizer's state comes on top.
  public func trainingBytes(batch: Int) -> Int {
    let layout = trainingLayout
    let floats = boundedSum([
      boundedProduct(2, parameters), statistics, boundedProduct(batch, inputShape.count),
      chain.roomSize(.training, batch: batch), layout.outputIsNeeded ? batch * classes : 0,
    ])
    return boundedSum([
      boundedProduct(4, floats), chain.trainingBytes(layout, batch: batch), chain.fixedBytes,
    ])
  }

  /// Bytes that inference takes for its passes beside the model: an ``InferencePlan`` of this batch
  /// and the packed weights.
  public func inferenceBytes(batch: Int) -> Int {
    let floats = boundedSum([
      boundedProduct(batch, inputShape.count), chain.roomSize(.inference, batch: batch),
      chain.packedFloats,
    ])
    return boundedSum([boundedProduct(4, floats), chain.fixedBytes])
  }

  /// Bytes of the device's scratch memory, which training and inference share.
  public func scratchBytes(batch: Int, threads: Int) -> Int {
    boundedProduct(4, chain.scratchFloats(batch: batch, threads: threads))
  }
}

extension ChainOutline {
  private var outlines: [LayerOutline] { elements.map(\.outline) }

  /// Bytes of the outputs and of what the layers keep from the forward to the backward pass.
  fileprivate func trainingBytes(_ layout: TrainingLayout, batch: Int) -> Int {
    let perStep = zip(trainingSteps, layout.places).map { step, place in
      let layer = elements[step.layers.lowerBound].outline
      let output = step.outputShape.count
      return boundedSum([
        place == .ownBuffer ? boundedProduct(4, batch, output) : 0,
        boundedProduct(batch, layer.memory.kept),
        // Which pixel of its window each output is.
        step.fusion.pools ? boundedProduct(batch, output) : 0,
        boundedSum(
          layer.branches.map { $0.chain.trainingBytes($0.trainingLayout, batch: batch) }),
      ])
    }
    return boundedSum(perStep)
  }

  fileprivate var fixedBytes: Int {
    boundedSum(outlines.map { $0.memory.fixed + boundedSum($0.branches.map(\.chain.fixedBytes)) })
  }

  fileprivate var packedFloats: Int {
    boundedSum(
      outlines.map { $0.memory.packed + boundedSum($0.branches.map(\.chain.packedFloats)) })
  }

  fileprivate func scratchFloats(batch: Int, threads: Int) -> Int {
    let needs = outlines.map { layer in
      ([layer.memory.scratch(batch, threads)]
        + layer.branches.map { $0.chain.scratchFloats(batch: batch, threads: threads) }).max() ?? 0
    }
    return needs.max() ?? 0
  }
}
