import Tensor
import TestSupport
import Testing

@testable import NN

/// A whole model on small images, in three classes.
struct PlanCase: CustomTestStringConvertible {
  let testDescription: String
  let description: ModelDescription
  let inputShape: Shape

  static let batch = 4
  static let classes = 3
  static let labels: [UInt16] = [0, 2, 1, 1, 2, 0]

  init(_ name: String, _ inputShape: Shape = [5, 5, 1], _ layers: any LayerDescription...) {
    testDescription = name
    description = ModelDescription(name: name, layers: layers)
    self.inputShape = inputShape
  }

  /// The model with random weights and running statistics.
  func model(on device: Device = Device(threads: 2)) throws -> Model {
    let model = try Model(
      description, inputShape: inputShape, classes: Self.classes, seed: 4, on: device)
    for (index, parameter) in model.parameters.enumerated() {
      // Scales of a normalization lie around 1, shifts away from 0.
      let range: ClosedRange<Float> = parameter.value.values[0] == 1 ? 0.5...1.5 : -0.6...0.6
      let seed = UInt64(index) + 30
      parameter.value.assign(.random(parameter.value.shape, seed: seed, in: range))
    }
    for (index, state) in model.state.enumerated() {
      state.value.assign(.random(state.value.shape, seed: UInt64(index) + 60, in: 0.3...1.2))
    }
    return model
  }

  /// Images of a batch of `count`.
  func images(_ count: Int) -> Tensor { .awayFromCorners(inputShape.batched(count), seed: 8) }

  /// The same model in double precision.
  func reference(mode: Pass.Mode) throws -> ReferenceModel {
    try ReferenceModel(description, inputShape: inputShape, classes: Self.classes, mode: mode)
  }

  /// Normalizations behind layers with a bias, which training has no use for: its gradient is zero.
  static let biased = [
    PlanCase(
      "convolution and dense layer, biased, normalized, ReLU", [5, 5, 1],
      Conv2D(3, kernelSize: 3, padding: 1), BatchNorm(), Activation(.relu), Flatten(),
      Dense(.count(5)), BatchNorm(epsilon: 0.01), Activation(.relu), Dense(.classes)),
    PlanCase(
      "convolution and dense layer, biased, normalized, tanh", [5, 5, 1],
      Conv2D(17, kernelSize: 3, stride: 2), BatchNorm(), Activation(.tanh), Flatten(),
      Dense(.count(5)), BatchNorm(), Dense(.classes), BatchNorm()),
  ]

  static let all = [
    PlanCase(
      "dense, ReLU", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.relu), Dense(.classes)),
    PlanCase(
      "dense, normalized, ReLU, dropout", [3, 3, 1], Flatten(), Dense(.count(5), bias: false),
      BatchNorm(), Activation(.relu), Dropout(0.25), Dense(.classes)),
    PlanCase(
      "ReLU before a normalization", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.relu),
      BatchNorm(), Dense(.classes)),
    PlanCase(
      "tanh, dropout", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.tanh), Dropout(0.5),
      Dense(.classes)),
    PlanCase(
      "ReLU, dropout, leaky ReLU", [3, 3, 1], Flatten(), Dense(.count(6)), Activation(.relu),
      Dropout(0.5), Dense(.count(5)), Activation(.leakyReLU(slope: 0.1)), Dropout(0.25),
      Dense(.classes)),
    PlanCase(
      "GELU, dense", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.gelu), Dense(.classes)),
    PlanCase(
      "tanh, SiLU, dropout", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.tanh),
      Activation(.silu), Dropout(0.25), Dense(.classes)),
    PlanCase(
      "sigmoid twice", [3, 3, 1], Flatten(), Dense(.count(5)), Activation(.sigmoid),
      Activation(.sigmoid), Dense(.classes)),
    PlanCase(
      "normalization first", [5, 5, 2], BatchNorm(), Conv2D(2, kernelSize: 3), Activation(.relu),
      GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "normalization and ReLU first", [5, 5, 2], BatchNorm(), Activation(.relu),
      Conv2D(2, kernelSize: 3), GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "dropout first", [4, 4, 1], Dropout(0.25), Flatten(), Dense(.count(5)),
      Activation(.elu(alpha: 1)),
      Dense(.classes)),
    PlanCase(
      "flatten, sigmoid first", [3, 3, 1], Flatten(), Activation(.sigmoid), Dense(.classes)),
    PlanCase(
      "flatten, normalization, dense", [3, 3, 2], Flatten(), BatchNorm(), Dense(.classes)),
    PlanCase(
      "pooling, ReLU", [6, 6, 1], Conv2D(3, kernelSize: 3, padding: 1), MaxPool(2),
      Activation(.relu), Flatten(), Dense(.classes)),
    PlanCase(
      "ReLU, overlapping pooling", [7, 7, 1], Conv2D(2, kernelSize: 3, padding: 1),
      Activation(.relu), AvgPool(3, stride: 2), Flatten(), Dense(.classes)),
    PlanCase(
      "ELU, flatten, dropout", [4, 4, 1], Conv2D(2, kernelSize: 3), Activation(.elu(alpha: 0.5)),
      Flatten(), Dropout(0.25), Dense(.classes)),
    PlanCase(
      "two convolutions, normalized", [6, 6, 1],
      Conv2D(3, kernelSize: 3, padding: 1, bias: false), BatchNorm(), Activation(.relu),
      MaxPool(2), Conv2D(4, kernelSize: 3, bias: false), BatchNorm(), Activation(.relu),
      GlobalAvgPool(), Dropout(0.25), Dense(.classes)),
    PlanCase(
      "average pooling, tanh, strided convolution", [6, 6, 1], Conv2D(2, kernelSize: 2),
      AvgPool(2, stride: 1), Activation(.tanh), Conv2D(2, kernelSize: 2, stride: 2), Flatten(),
      Dense(.classes)),
    PlanCase(
      "frozen normalizations, pooled and not", [6, 6, 1],
      Conv2D(3, kernelSize: 3, padding: 1), BatchNorm(frozen: true), Activation(.relu),
      MaxPool(2), Flatten(), Dense(.count(4)), BatchNorm(frozen: true), Activation(.relu),
      Dense(.classes)),
    PlanCase(
      "normalization, tanh", [3, 3, 1], Flatten(), Dense(.count(4), bias: false), BatchNorm(),
      Activation(.tanh), Dense(.classes)),
    PlanCase(
      "logits are activations", [3, 3, 1], Flatten(), Dense(.classes), Activation(.tanh)),
    PlanCase("logits are rectified", [3, 3, 1], Flatten(), Dense(.classes), Activation(.relu)),
    PlanCase(
      "logits are dropped", [3, 3, 1], Flatten(), Dense(.classes), Activation(.sigmoid),
      Dropout(0.25)),
    PlanCase(
      "logits are normalized", [3, 3, 1], Flatten(), Dense(.classes, bias: false), BatchNorm()),
    PlanCase(
      "logits are pooled", [4, 4, 1], Conv2D(3, kernelSize: 3, padding: 1), Activation(.relu),
      GlobalAvgPool()),
    PlanCase(
      "residual, activated before", [6, 6, 1],
      Conv2D(3, kernelSize: 3, padding: 1, bias: false),
      Residual([
        BatchNorm(), Activation(.relu), Conv2D(4, kernelSize: 3, padding: 1, bias: false),
        BatchNorm(), Activation(.relu), Conv2D(3, kernelSize: 3, padding: 1, bias: false),
      ]), BatchNorm(), Activation(.relu), GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "residual, activated behind, projected", [6, 6, 1],
      Conv2D(3, kernelSize: 3, bias: false), BatchNorm(), Activation(.relu),
      Residual(
        [
          Conv2D(4, kernelSize: 3, stride: 2, padding: 1, bias: false), BatchNorm(),
          Activation(.relu), Conv2D(4, kernelSize: 3, padding: 1, bias: false), BatchNorm(),
        ], shortcut: [Conv2D(4, kernelSize: 1, stride: 2, bias: false), BatchNorm()]),
      Activation(.relu), GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "residual first, both branches begin with a normalization", [6, 6, 2],
      Residual(
        [BatchNorm(), Activation(.relu), MaxPool(2), Conv2D(3, kernelSize: 1)],
        shortcut: [BatchNorm(), AvgPool(2), Conv2D(3, kernelSize: 1)]),
      GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "residuals within a residual, dropped", [3, 3, 1], Flatten(), Dense(.count(5)),
      Residual(
        [
          Residual([Dense(.count(5)), Activation(.tanh)], dropPath: 0.5), Dropout(0.25),
          Residual([Activation(.gelu), Dense(.count(5))]),
        ], dropPath: 0.25), Activation(.leakyReLU(slope: 0.1)), Dropout(0.25), Dense(.classes)),
    PlanCase(
      "logits are residual", [3, 3, 1], Flatten(), Dense(.classes),
      Residual([Dense(.classes), Activation(.relu)])),
    PlanCase(
      "concatenated, with a transition", [4, 4, 1],
      Conv2D(2, kernelSize: 3, padding: 1, bias: false),
      Concatenate([
        BatchNorm(), Activation(.relu), Conv2D(3, kernelSize: 3, padding: 1, bias: false),
      ]),
      Concatenate([
        BatchNorm(), Activation(.relu), Conv2D(4, kernelSize: 1, bias: false), BatchNorm(),
        Activation(.relu), Conv2D(3, kernelSize: 3, padding: 1, bias: false),
      ]), BatchNorm(), Activation(.relu), Conv2D(4, kernelSize: 1, bias: false), AvgPool(2),
      BatchNorm(),
      Activation(.relu), GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "concatenation first", [4, 4, 2], Dropout(0.25),
      Concatenate([Activation(.tanh), Dropout(0.25), Conv2D(3, kernelSize: 1), Activation(.relu)]),
      Dropout(0.25), GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "transformer", [4, 6, 1], Patches(2), Dense(.count(6)), PositionalEmbedding(),
      Residual([LayerNorm(), Attention(heads: 2), Dropout(0.25)], dropPath: 0.25),
      Residual([LayerNorm(), Dense(.count(5)), Activation(.gelu), Dense(.count(6))]), LayerNorm(),
      GlobalAvgPool(), Dense(.classes)),
    PlanCase(
      "patches of a convolution, channels dropped", [4, 4, 1], Conv2D(3, kernelSize: 3, padding: 1),
      SpatialDropout(0.25), Activation(.tanh), Patches(2), LayerNorm(), Dense(.count(4)),
      Activation(.relu), PositionalEmbedding(), Flatten(), LayerNorm(), Dense(.classes)),
    PlanCase(
      "places first", [2, 2, 3], Patches(1), Dense(.count(4)), Activation(.tanh),
      PositionalEmbedding(), PositionalEmbedding(), Attention(heads: 4), Flatten(),
      Dense(.classes)),
    PlanCase(
      "groups are normalized", [4, 4, 1], Conv2D(4, kernelSize: 3, padding: 1, bias: false),
      GroupNorm(groups: 2), Activation(.relu), MaxPool(2),
      Residual([
        GroupNorm(groups: 4), Activation(.relu), Conv2D(4, kernelSize: 3, padding: 1),
      ]), GroupNorm(groups: 1), Activation(.tanh), GlobalAvgPool(), Dense(.classes)),
  ]
}
