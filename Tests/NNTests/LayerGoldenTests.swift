import Tensor
import TestSupport
import Testing

@testable import NN

/// `Golden/layers.json`: modules of PyTorch on a batch of tokens.
private struct GoldenLayers: Decodable {
  let batch: Int
  let tokens: Int
  let width: Int
  let cases: [Case]

  struct Case: Decodable {
    let kind: String
    let options: Options
    let input: [Float]
    let output: [Double]
    let outputGradient: [Float]
    let inputGradient: [Double]
    let weights: [Weight]
    let gradients: [Weight]

    struct Options: Decodable {
      let epsilon: Double?
      let groups: Int?
      let heads: Int?
    }

    struct Weight: Decodable {
      let name: String
      let values: [Double]
    }
  }
}

extension GoldenLayers.Case {
  /// The same in our layers.
  fileprivate var layers: [any LayerDescription] {
    let heads = options.heads ?? 1
    switch kind {
    case "layer_norm": return [LayerNorm(epsilon: options.epsilon ?? 0)]
    case "group_norm":
      return [GroupNorm(groups: options.groups ?? 0, epsilon: options.epsilon ?? 0)]
    case "attention": return [Attention(heads: heads)]
    default:
      return [
        Residual([LayerNorm(), Attention(heads: heads)]),
        Residual([LayerNorm(), Dense(.count(12)), Activation(.gelu), Dense(.count(8))]),
      ]
    }
  }
}

@Suite struct LayerGoldenTests {
  @Test func outputsAndGradientsAreThoseOfPyTorch() throws {
    let golden: GoldenLayers = try goldenFile("layers")
    let device = Device(threads: 2)
    let shape: Shape = [golden.batch, golden.tokens, golden.width]
    #expect(golden.cases.count == 7)
    for test in golden.cases {
      let outline = try ChainOutline(
        test.layers, for: LayerInput([golden.tokens, golden.width], classes: 2))
      let chain = try LayerChain(
        outline, at: LayerPlace(name: "", index: 0, initializer: .he, seed: 0))
      let parameters = chain.parameters
      #expect(Set(parameters.map(\.name)) == Set(test.weights.map(\.name)))
      for parameter in parameters {
        let values = try #require(test.weights.first { $0.name == parameter.name }).values
        parameter.value.assign(Tensor(values.map(Float.init), shape: parameter.value.shape))
      }
      let pass = Pass(device: device, mode: .training)
      let layout = TrainingLayout(outline, mayOverwriteInput: false, placesOutput: false)
      let room = SharedRoom(size: outline.roomSize(.training, batch: golden.batch))
      let buffers = TrainingBuffers(chain, layout, batch: golden.batch, room: room, pass)
      let (x, dx) = (Tensor(test.input, shape: shape), Tensor(zeros: shape))
      #expect(relativeDistance(buffers.forward(x, pass), test.output) < 2e-6)
      buffers.backward(Tensor(test.outputGradient, shape: shape), x: x, into: dx, pass)
      #expect(relativeDistance(dx, test.inputGradient) < 2e-6)
      for parameter in parameters {
        let values = try #require(test.gradients.first { $0.name == parameter.name }).values
        // A bias of the keys moves all scores of a row alike: its gradient is zero in theory.
        #expect(relativeDistance(parameter.gradient, values) < 2e-6, "\(parameter.name)")
      }
    }
  }
}
