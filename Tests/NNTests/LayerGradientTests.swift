import Tensor
import TestSupport
import Testing

@testable import NN

/// A layer and the shape of one of its inputs.
struct LayerCase: CustomTestStringConvertible {
  let layer: any LayerDescription
  let input: Shape

  init(_ layer: any LayerDescription, _ input: Shape) {
    self.layer = layer
    self.input = input
  }

  var testDescription: String { "\(layer) on \(input)" }

  private static let activations = ActivationFunction.tested.map {
    LayerCase(Activation($0), [11])
  }

  static let all = activations + others

  private static let others: [LayerCase] = [
    LayerCase(Dense(.count(4)), [7]),
    LayerCase(Dense(.count(17), bias: false), [3]),
    LayerCase(Conv2D(3, kernelSize: 3), [5, 5, 2]),
    LayerCase(Conv2D(3, kernelSize: 3, padding: 1, bias: false), [4, 5, 2]),
    LayerCase(Conv2D(2, kernelSize: 3, stride: 2, padding: 1), [6, 5, 1]),
    LayerCase(Conv2D(2, kernelSize: 2, stride: 2), [5, 4, 3]),
    LayerCase(Conv2D(17, kernelSize: 1), [2, 2, 2]),
    LayerCase(MaxPool(2), [4, 5, 3]),
    LayerCase(MaxPool(3, stride: 2), [5, 7, 2]),
    LayerCase(AvgPool(2), [4, 5, 3]),
    LayerCase(AvgPool(3, stride: 2), [5, 7, 2]),
    LayerCase(GlobalAvgPool(), [3, 3, 5]),
    LayerCase(GlobalAvgPool(), [20, 20, 1]),
    LayerCase(GlobalAvgPool(), [5, 3, 4]),
    LayerCase(Flatten(), [2, 3, 2]),
    LayerCase(Dropout(0.25), [9]),
    LayerCase(Dropout(0.5), [3, 3, 2]),
    LayerCase(Dropout(0), [9]),
    LayerCase(BatchNorm(), [6]),
    LayerCase(BatchNorm(epsilon: 0.1), [3, 2, 3]),
    LayerCase(BatchNorm(frozen: true), [6]),
    LayerCase(BatchNorm(epsilon: 0.1, frozen: true), [3, 2, 3]),
    LayerCase(Activation(.leakyReLU(slope: 0.2)), [11]),
    LayerCase(Activation(.elu(alpha: 0.7)), [11]),
    LayerCase(Dense(.count(4)), [5, 3]),
    LayerCase(GlobalAvgPool(), [5, 3]),
    LayerCase(SpatialDropout(0.5), [3, 3, 6]),
    LayerCase(SpatialDropout(0.25), [5, 6]),
    LayerCase(SpatialDropout(0), [2, 2, 3]),
    LayerCase(LayerNorm(), [17]),
    LayerCase(GroupNorm(groups: 2), [6]),
    LayerCase(GroupNorm(groups: 2), [3, 2, 4]),
    LayerCase(GroupNorm(groups: 1, epsilon: 0.1), [3, 3, 17]),
    LayerCase(GroupNorm(groups: 3), [5, 6]),
    LayerCase(LayerNorm(epsilon: 0.1), [5, 6]),
    LayerCase(Patches(2), [4, 6, 3]),
    LayerCase(PositionalEmbedding(), [4, 5]),
    LayerCase(Attention(heads: 1), [3, 4]),
    LayerCase(Attention(heads: 3), [7, 6]),
    LayerCase(
      Residual([
        LayerNorm(), Attention(heads: 2), Dropout(0.25), Dense(.count(8)), Activation(.gelu),
        Dense(.count(4)),
      ]), [5, 4]),
    LayerCase(Residual([Dense(.count(7))]), [7]),
    LayerCase(Residual([Dense(.count(7)), Activation(.relu)], dropPath: 0.5), [7]),
    LayerCase(
      Residual([Conv2D(3, kernelSize: 3, padding: 1), Activation(.tanh), Dropout(0.25)]), [4, 4, 3]),
    LayerCase(
      Residual(
        [BatchNorm(), Activation(.relu), Conv2D(4, kernelSize: 3, stride: 2, padding: 1)],
        shortcut: [Conv2D(4, kernelSize: 1, stride: 2), Activation(.sigmoid)]), [4, 4, 3]),
    LayerCase(Residual([Activation(.gelu)], shortcut: [Dropout(0.5), Activation(.tanh)]), [9]),
    LayerCase(Residual([Flatten(), Dense(.count(2))], shortcut: [GlobalAvgPool()]), [3, 3, 2]),
    LayerCase(
      Residual([
        Residual([Dense(.count(5))], dropPath: 0.25), Activation(.tanh), Dropout(0.5),
        Dense(.count(5)),
      ]), [5]),
    LayerCase(Concatenate([Dense(.count(4))]), [7]),
    LayerCase(
      Concatenate([
        BatchNorm(), Activation(.relu), Conv2D(2, kernelSize: 3, padding: 1), Activation(.relu),
      ]), [4, 4, 3]),
    LayerCase(
      Concatenate([Concatenate([Conv2D(2, kernelSize: 1)]), Activation(.tanh), Dropout(0.25)]),
      [3, 3, 2]),
  ]
}

/// The layer of a case at work on a batch, and what it gave.
struct LayerRun {
  let layer: any Layer
  let x: Tensor
  let y: Tensor
  /// The gradient of the output that was run back.
  let dy: Tensor
  let dx: Tensor

  let pass: Pass

  static let batch = 3
  static let (seed, step): (UInt64, Int) = (5, 8)

  /// Runs the layer forwards and backwards with random weights, in place if it works so.
  init(_ test: LayerCase) throws {
    let device = Device(threads: 2)
    pass = Pass(device: device, mode: .training, seed: Self.seed, step: Self.step)
    layer = try test.layer.layer(
      for: LayerInput(test.input, classes: 3), name: "layer", seed: 3)
    for (index, parameter) in layer.parameters.enumerated() {
      parameter.value.assign(.random(parameter.value.shape, seed: UInt64(index) + 20))
    }
    for (index, state) in layer.state.enumerated() {
      state.value.assign(.random(state.value.shape, seed: UInt64(index) + 40, in: 0.3...1.2))
    }
    layer.prepare(batch: Self.batch, pass)
    x = Tensor.awayFromCorners(test.input.batched(Self.batch))
    dy = Tensor.random(layer.outputShape.batched(Self.batch), seed: 2)
    let work = x.copy()
    let gradient = dy.copy()
    let isInPlace = layer.outline.traits.worksInPlace
    y = isInPlace ? work.reshaped(dy.shape) : Tensor(zeros: dy.shape)
    dx = isInPlace ? gradient.reshaped(x.shape) : Tensor(zeros: x.shape)
    layer.forward(work, into: y, pass)
    layer.backward(gradient, x: work, y: y, into: dx, pass)
  }
}

@Suite struct LayerGradientTests {
  /// Float sums of at most some hundred terms err by about 1e-6 of the norm.
  private let tolerance = 1e-5

  /// The layer in double precision; its gradient is that of `Σ dy · y`.
  private func reference(_ test: LayerCase) throws -> ReferenceModel {
    var model = try ReferenceModel(
      ModelDescription(name: "one", layers: [test.layer]), inputShape: test.input, classes: 3)
    (model.seed, model.step) = (LayerRun.seed, LayerRun.step)
    return model
  }

  private func weights(_ run: LayerRun, _ model: ReferenceModel) -> [String: Reference] {
    let values =
      run.layer.parameters.map { ($0.name, $0.value) } + run.layer.state.map { ($0.name, $0.value) }
    return values.reduce(into: [:]) { weights, value in
      weights[value.0.replacing("layer", with: model.names[0])] = Reference(value.1)
    }
  }

  private func objective(_ y: Reference, _ dy: Tensor) -> Double {
    zip(y.values, dy.values).reduce(0) { $0 + $1.0 * Double($1.1) }
  }

  @Test(arguments: LayerCase.all) func outputsAreThoseOfTheDefinition(test: LayerCase) throws {
    let run = try LayerRun(test)
    let model = try reference(test)
    let y = model.run(Reference(run.x), weights(run, model)).y
    #expect(run.y.shape == y.shape)
    #expect(relativeDistance(run.y, y.values) < tolerance)
  }

  @Test(arguments: LayerCase.all) func inputGradientsAreFiniteDifferences(test: LayerCase) throws {
    let run = try LayerRun(test)
    let model = try reference(test)
    let weights = weights(run, model)
    let expected = finiteDifferences(Reference(run.x)) {
      objective(model.run($0, weights).y, run.dy)
    }
    #expect(relativeDistance(run.dx, expected) < tolerance)
  }

  @Test(arguments: LayerCase.all)
  func parameterGradientsAreFiniteDifferences(test: LayerCase) throws {
    let run = try LayerRun(test)
    let model = try reference(test)
    let weights = weights(run, model)
    for parameter in run.layer.parameters {
      let name = parameter.name.replacing("layer", with: model.names[0])
      let expected = finiteDifferences(Reference(parameter.value)) { moved in
        objective(model.run(Reference(run.x), weights.merging([name: moved]) { $1 }).y, run.dy)
      }
      #expect(relativeDistance(parameter.gradient, expected) < tolerance, "\(name)")
    }
  }

  @Test func backwardOverwritesGradientsOfEarlierSteps() throws {
    let run = try LayerRun(LayerCase(Dense(.count(4)), [7]))
    let first = run.layer.parameters.map(\.gradient.values)
    run.layer.backward(run.dy, x: run.x, y: run.y, into: nil, run.pass)
    #expect(run.layer.parameters.map(\.gradient.values) == first)
  }

  @Test func aLayerNeedsNoInputGradient() throws {
    for test in LayerCase.all {
      let run = try LayerRun(test)
      if run.layer.outline.traits.spoilsGradient { continue }
      let dy = run.dy.copy()
      run.layer.backward(dy, x: run.x, y: run.y, into: nil, run.pass)
      #expect(dy.values == run.dy.values, "\(test.testDescription)")
    }
  }
}
