import Tensor
import TestSupport
import Testing

@testable import NN

/// What the outline of a layer promises, of every kind of layer and of layers that do the work of
/// others as well.
@Suite struct LayerContractTests {
  /// Layers behind each other that training or inference runs as one step.
  struct FusedCase: CustomTestStringConvertible {
    let layers: [any LayerDescription]
    let input: Shape
    var testDescription: String { "\(layers) on \(input)" }

    init(_ input: Shape, _ layers: any LayerDescription...) {
      (self.layers, self.input) = (layers, input)
    }

    static let all =
      LayerCase.all.map { FusedCase($0.input, $0.layer) } + [
        FusedCase([7], Dense(.count(4)), Activation(.relu)),
        FusedCase([7], Dense(.count(4)), BatchNorm(), Activation(.relu)),
        FusedCase([4, 4, 2], Conv2D(3, kernelSize: 3, padding: 1), Activation(.relu)),
        FusedCase([4, 4, 2], Conv2D(3, kernelSize: 3, padding: 1), MaxPool(2)),
        FusedCase([6, 6, 2], Conv2D(3, kernelSize: 3), Activation(.relu), MaxPool(2)),
        FusedCase([6, 6, 2], Conv2D(3, kernelSize: 3), BatchNorm(), Activation(.relu), MaxPool(2)),
        FusedCase(
          [5, 6, 32], Conv2D(32, kernelSize: 3, padding: 1), Activation(.relu), MaxPool(2)),
        FusedCase([4, 4, 2], BatchNorm(), Activation(.relu)),
        FusedCase([4, 4, 2], BatchNorm(), Activation(.relu), MaxPool(2)),
        FusedCase([4, 4, 4], GroupNorm(groups: 2), Activation(.relu)),
        FusedCase(
          [4, 4, 2],
          Residual(
            [BatchNorm(), Activation(.relu), Conv2D(2, kernelSize: 3, padding: 1)],
            shortcut: [Conv2D(2, kernelSize: 1), Activation(.relu)])),
      ]
  }

  private static let batch = 3
  private let device = Device(threads: 2)

  /// The first step of a case in passes of a mode, with random weights, and its input.
  private struct Work {
    let chain: LayerChain
    let step: LayerChain.Step
    let x: Tensor
    let y: Tensor
    let pass: Pass

    init(_ test: FusedCase, _ mode: Pass.Mode, _ device: Device) throws {
      let outline = try ChainOutline(test.layers, for: LayerInput(test.input, classes: 3))
      chain = try LayerChain(
        outline, at: LayerPlace(name: "", index: 0, initializer: .he, seed: 3))
      for (index, parameter) in chain.parameters.enumerated() {
        parameter.value.assign(.random(parameter.value.shape, seed: UInt64(index) + 20))
      }
      for (index, state) in chain.state.enumerated() {
        state.value.assign(.random(state.value.shape, seed: UInt64(index) + 40, in: 0.3...1.2))
      }
      step = (mode == .training ? chain.trainingSteps : chain.inferenceSteps)[0]
      pass = Pass(device: device, mode: mode, seed: 5, step: 8).fusing(step.fusion)
      step.layer.prepare(batch: LayerContractTests.batch, pass)
      chain.refreshInference(on: device)
      x = Tensor.awayFromCorners(test.input.batched(LayerContractTests.batch))
      y = Tensor(zeros: step.outputShape.batched(LayerContractTests.batch))
    }

    var dy: Tensor { .random(y.shape, seed: 2) }
    var values: [[Float]] {
      (chain.parameters.map(\.value) + chain.state.map(\.value)).map(\.values)
    }
    var gradients: [[Float]] { chain.parameters.map(\.gradient.values) }

    /// Runs a gradient back and returns that of the input.
    func backward(_ dy: Tensor, x: Tensor, y: Tensor, wantsInput: Bool = true) -> [Float] {
      let dx = Tensor(zeros: self.x.shape)
      step.layer.backward(dy, x: x, y: y, into: wantsInput ? dx : nil, pass)
      return dx.values
    }
  }

  @Test(arguments: FusedCase.all) func inferenceWritesIntoItsOutputAlone(test: FusedCase) throws {
    let work = try Work(test, .inference, device)
    let (x, values) = (work.x.values, work.values)
    work.step.layer.forward(work.x, into: work.y, work.pass)
    #expect(work.x.values == x && work.values == values)
  }

  @Test(arguments: FusedCase.all) func trainingLeavesWhatItReads(test: FusedCase) throws {
    let work = try Work(test, .training, device)
    let (x, weights) = (work.x.values, work.chain.parameters.map(\.value.values))
    work.step.layer.forward(work.x, into: work.y, work.pass)
    let (y, values) = (work.y.values, work.values)
    #expect(work.x.values == x && work.chain.parameters.map(\.value.values) == weights)
    for wantsInput in [true, false] {
      let dy = work.dy
      _ = work.backward(dy, x: work.x, y: work.y, wantsInput: wantsInput)
      #expect(work.x.values == x && work.y.values == y && work.values == values)
      if !work.step.traits.spoilsGradient { #expect(dy.values == work.dy.values) }
    }
  }

  @Test(arguments: FusedCase.all) func theBackwardPassReadsWhatItNeedsAlone(test: FusedCase) throws
  {
    let work = try Work(test, .training, device)
    work.step.layer.forward(work.x, into: work.y, work.pass)
    let expected = work.backward(work.dy, x: work.x, y: work.y)
    let gradients = work.gradients
    let (x, y) = (work.x.copy(), work.y.copy())
    let needs = work.step.traits.needs
    if !needs.contains(.input) { x.fill(.nan) }
    if needs.isDisjoint(with: [.output, .outputSign]) {
      y.fill(.nan)
    } else if !needs.contains(.output) {
      y.assign(Tensor(y.values.map { $0 * 0.75 }, shape: y.shape))
    }
    #expect(work.backward(work.dy, x: x, y: y) == expected && work.gradients == gradients)
    // Without a place for the gradient of the input the others are the same.
    for parameter in work.step.layer.parameters { parameter.gradient.fill(.nan) }
    _ = work.backward(work.dy, x: x, y: y, wantsInput: false)
    #expect(work.gradients == gradients)
  }

  @Test(arguments: FusedCase.all) func aLayerHasTheSizesOfItsOutline(test: FusedCase) throws {
    let work = try Work(test, .training, device)
    let outline = work.chain.outline
    #expect(outline.parameters == work.chain.parameters.reduce(0) { $0 + $1.value.count })
    #expect(outline.statistics == work.chain.state.reduce(0) { $0 + $1.value.count })
    for (layer, element) in zip(work.chain.layers, outline.elements) {
      #expect(layer.outputShape == element.outline.outputShape)
      #expect(layer.branches.count == element.outline.branches.count)
    }
  }
}
