import NN
import Support
import Tensor
import TestSupport
import Testing

@testable import Interchange

@Suite struct ModelWeightsTests {
  private func model(
    _ layers: any LayerDescription..., input: Shape = [2, 3, 2], classes: Int = 2,
    seed: UInt64 = 0
  ) throws -> Model {
    try Model(
      ModelDescription(name: "m", layers: layers), inputShape: input, classes: classes, seed: seed,
      on: Device(threads: 1))
  }

  /// What a model of every layer with weights saves.
  private func everything(seed: UInt64) throws -> Model {
    let model = try model(
      Conv2D(3, kernelSize: 3, padding: 1), BatchNorm(), Activation(.relu), Flatten(),
      BatchNorm(), Dense(.count(5)), BatchNorm(), Dense(.classes), input: [4, 4, 2], seed: seed)
    for (index, tensor) in (model.parameters.map(\.value) + model.state.map(\.value)).enumerated() {
      tensor.assign(.random(tensor.shape, seed: seed + UInt64(index)))
    }
    return model
  }

  /// Numbers every element of a parameter by its place.
  private func enumerate(_ tensor: Tensor) {
    tensor.assign(Tensor((0..<tensor.count).map(Float.init), shape: tensor.shape))
  }

  private func saved(_ name: String, of model: Model) throws -> (shape: [Int], values: [Float]) {
    let file = SafetensorsFile(tensors: model.torchTensors(steps: 0))
    return (try file.tensor(named: name).shape, try file.floats(named: name))
  }

  @Test func aDenseLayerIsTransposed() throws {
    let model = try model(GlobalAvgPool(), Dense(.count(3)), Dense(.classes), input: [2, 2, 2])
    enumerate(model.parameters[0].value)
    let (shape, values) = try saved("fc1.weight", of: model)
    // [in, out] [[0, 1, 2], [3, 4, 5]].
    #expect(shape == [3, 2])
    #expect(values == [0, 3, 1, 4, 2, 5])
  }

  @Test func aConvolutionIsOutInHeightWidth() throws {
    let model = try model(
      Conv2D(2, kernelSize: 2), GlobalAvgPool(), Dense(.classes), input: [3, 3, 3])
    enumerate(model.parameters[0].value)
    let (shape, values) = try saved("conv1.weight", of: model)
    // Ours is [2, 2, 3, 2]: element (r, s, c, k) is ((2r + s) · 3 + c) · 2 + k.
    #expect(shape == [2, 3, 2, 2])
    #expect(
      values == [
        0, 6, 12, 18, 2, 8, 14, 20, 4, 10, 16, 22,
        1, 7, 13, 19, 3, 9, 15, 21, 5, 11, 17, 23,
      ])
  }

  @Test func aDenseLayerBehindAnImageTakesChannelsFirst() throws {
    let model = try model(Flatten(), Dense(.classes, bias: false))
    enumerate(model.parameters[0].value)
    let (shape, values) = try saved("fc1.weight", of: model)
    // Pixels of [2, 3, 2] in the order of their channels: rows 0, 2, … 10, then 1, 3, … 11.
    #expect(shape == [2, 12])
    let rows: [Float] = [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    #expect(values == rows.map { 2 * $0 } + rows.map { 2 * $0 + 1 })
  }

  @Test func aNormalizationBehindAnImageTakesChannelsFirst() throws {
    let model = try model(Flatten(), BatchNorm(), Dense(.count(2)), BatchNorm(), Dense(.classes))
    enumerate(model.parameters[0].value)
    enumerate(model.state[1].value)
    enumerate(model.state[2].value)
    let order: [Float] = [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]
    #expect(try saved("bn1.weight", of: model).values == order)
    #expect(try saved("bn1.running_var", of: model).values == order)
    // The image ends at the first dense layer.
    #expect(try saved("bn2.running_mean", of: model).values == [0, 1])
  }

  @Test func anAttentionIsLaidOutAsPyTorchsModule() throws {
    let model = try model(
      Patches(1), Dense(.count(2)), Residual([Attention(heads: 2)]), GlobalAvgPool(),
      input: [2, 2, 1])
    let parameters = model.parameters
    enumerate(parameters[2].value)
    #expect(
      parameters.dropFirst(2).map(\.name) == [
        "res1.attn1.in_proj_weight", "res1.attn1.in_proj_bias", "res1.attn1.out_proj.weight",
        "res1.attn1.out_proj.bias",
      ])
    let (shape, values) = try saved("res1.attn1.in_proj_weight", of: model)
    // [in, out] [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]].
    #expect(shape == [6, 2])
    #expect(values == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  }

  @Test func aDenseLayerBehindPatchesTakesChannelsFirst() throws {
    let model = try model(
      Patches(2), LayerNorm(), Dense(.classes, bias: false), GlobalAvgPool(), input: [2, 4, 2],
      classes: 1)
    enumerate(model.parameters[0].value)
    enumerate(model.parameters[2].value)
    let order: [Float] = [0, 2, 4, 6, 1, 3, 5, 7]
    #expect(try saved("ln1.weight", of: model).values == order)
    #expect(try saved("fc1.weight", of: model).values == order)
  }

  /// Its patches of one channel have the same order in both, one after the other.
  @Test func aDenseLayerBehindFlattenedPatchesStaysInItsOrder() throws {
    let model = try model(
      Patches(2), Flatten(), Dense(.classes, bias: false), input: [2, 4, 1], classes: 1)
    enumerate(model.parameters[0].value)
    let (shape, values) = try saved("fc1.weight", of: model)
    #expect(shape == [1, 8] && values == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test func namesAreThoseOfPyTorchsModules() throws {
    #expect(
      try everything(seed: 1).torchTensors(steps: 3).map(\.name) == [
        "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias",
        "fc1.weight", "fc1.bias", "bn3.weight", "bn3.bias", "fc2.weight", "fc2.bias",
        "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked", "bn2.running_mean",
        "bn2.running_var", "bn2.num_batches_tracked", "bn3.running_mean", "bn3.running_var",
        "bn3.num_batches_tracked",
      ])
  }

  @Test func theStepsAreCountedAsPyTorchCountsThem() throws {
    let file = SafetensorsFile(tensors: try everything(seed: 1).torchTensors(steps: 12))
    #expect(try file.tensor(named: "bn2.num_batches_tracked").shape == [])
    #expect(try file.values(named: "bn2.num_batches_tracked") == [Int64(12)])
  }

  @Test func everyBitSurvivesAFile() throws {
    let (written, read) = (try everything(seed: 1), try everything(seed: 2))
    let bytes = SafetensorsFile(tensors: written.torchTensors(steps: 1)).encoded()
    try read.load(SafetensorsFile(parsing: bytes, path: "w"))
    for (a, b) in zip(written.parameters, read.parameters) {
      #expect(bitMismatch(a.value, b.value) == nil, "\(a.name)")
    }
    for (a, b) in zip(written.state, read.state) {
      #expect(bitMismatch(a.value, b.value) == nil, "\(a.name)")
    }
  }

  /// The error of loading a file with one tensor replaced, or left out.
  private func errorOfLoading(_ name: String, replacedBy tensor: SafetensorsTensor?) throws
    -> (any Error)?
  {
    let model = try everything(seed: 1)
    let before = model.parameters.map(\.value.values)
    var tensors = try everything(seed: 2).torchTensors(steps: 1).filter { $0.name != name }
    if let tensor { tensors.append(tensor) }
    let bytes = SafetensorsFile(tensors: tensors).encoded()
    do {
      try model.load(SafetensorsFile(parsing: bytes, path: "w.safetensors"))
      return nil
    } catch {
      #expect(model.parameters.map(\.value.values) == before, "half-loaded")
      return error
    }
  }

  @Test func aMissingTensorIsNamed() throws {
    let error = try errorOfLoading("fc1.weight", replacedBy: nil)
    #expect(
      error.map { "\($0)" }
        == "w.safetensors: no tensor is named 'fc1.weight', the nearest is 'fc2.weight'; "
        + "use the file of the same model")
    #expect((error as? any UserError)?.exitCode == .dataError)
  }

  @Test func anotherShapeIsNamedWithTheModels() throws {
    let error = try errorOfLoading(
      "fc2.weight",
      replacedBy: SafetensorsTensor(
        name: "fc2.weight", shape: [5, 2], values: [Float](repeating: 0, count: 10)))
    #expect(
      error.map { "\($0)" }
        == "w.safetensors: tensor 'fc2.weight' has shape [5, 2], but model 'm' needs [2, 5]; "
        + "the file belongs to another model")
    #expect((error as? any UserError)?.exitCode == .dataError)
  }

  @Test func anotherTypeIsNamed() throws {
    let error = try errorOfLoading(
      "bn1.running_var",
      replacedBy: SafetensorsTensor(name: "bn1.running_var", shape: [3], values: [Int64(1), 1, 1]))
    #expect(
      error.map { "\($0)" }
        == "w.safetensors: tensor 'bn1.running_var' holds I64, expected F32")
  }

  @Test func batchCountsAreNotNeeded() throws {
    #expect(try errorOfLoading("bn1.num_batches_tracked", replacedBy: nil) == nil)
  }
}
