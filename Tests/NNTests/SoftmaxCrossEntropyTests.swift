import Tensor
import TestSupport
import Testing

@testable import NN

@Suite struct SoftmaxCrossEntropyTests {
  private let device = Device(threads: 1)

  @Test(arguments: [0, 0.1]) func theGradientIsThatOfTheMeanLoss(smoothing: Double) {
    let logits = Tensor.random([3, 5], seed: 3, in: -4...4)
    let labels: [UInt16] = [4, 0, 2]
    func mean(_ x: Reference) -> Double {
      CrossEntropyReference(x, labels: labels, smoothing: smoothing).losses.reduce(0, +) / 3
    }
    let (expected, sum) = (finiteDifferences(Reference(logits), mean), mean(Reference(logits)) * 3)
    let loss = SoftmaxCrossEntropy(labelSmoothing: smoothing, batch: 8)
    let result = loss(logits, labels: labels, on: device)
    #expect(abs(result.lossSum / sum - 1) < 1e-6)
    #expect(relativeDistance(logits, expected) < 1e-6)
  }

  @Test func aLossByHand() {
    // log(1 + 1) for the first row; the second is sure of the wrong class.
    let logits = Tensor([0, 0, 0, 1000], shape: [2, 2])
    let result = SoftmaxCrossEntropy(batch: 2)(logits, labels: [0, 0], on: device)
    #expect(abs(result.lossSum - (0.693147180559945 + 1000)) < 1e-3)
    #expect(result.hits == 1)
    #expect(logits.values == [-0.25, 0.25, -0.5, 0.5])
  }

  @Test func aLogitThatIsNoNumberMakesTheLossNone() {
    let logits = Tensor([0, .nan], shape: [1, 2])
    #expect(SoftmaxCrossEntropy(batch: 1)(logits, labels: [0], on: device).lossSum.isNaN)
  }
}
