import Foundation
import Tensor
import TestSupport
import Testing

@testable import NN

/// A loss as it is built and as it is defined.
struct LossCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let definition: RowLossReference
  let make: @Sendable (_ smoothing: Double, _ weights: [Double]?, _ batch: Int) -> any Loss

  /// What the loss says of a batch that is smaller than the largest.
  func value(
    _ smoothing: Double, _ weights: [Double]?, _ logits: Tensor, _ targets: Targets,
    threads: Int = 1
  ) -> LossResult {
    let loss = make(smoothing, weights, logits.shape[0] + 3)
    return loss(logits, targets, on: Device(threads: threads))
  }

  static let classes = 5
  static let all = [
    LossCase(testDescription: "cross-entropy", definition: crossEntropyReference) {
      SoftmaxCrossEntropy(labelSmoothing: $0, weights: $1, batch: $2)
    },
    LossCase(testDescription: "focal, γ = 2", definition: focalReference(gamma: 2)) {
      FocalLoss(gamma: 2, labelSmoothing: $0, weights: $1, batch: $2)
    },
    LossCase(testDescription: "focal, γ = 0.5", definition: focalReference(gamma: 0.5)) {
      FocalLoss(gamma: 0.5, labelSmoothing: $0, weights: $1, batch: $2)
    },
    LossCase(testDescription: "mean squared error", definition: squaredErrorReference) {
      MeanSquaredError(labelSmoothing: $0, weights: $1, classes: classes, batch: $2)
    },
  ]
}

@Suite struct LossTests {
  private let device = Device(threads: 1)
  private let labels: [UInt16] = [4, 0, 2, 2]
  private let partners: [UInt16] = [2, 2, 4, 0]
  private let weights = [0.5, 2, 1, 0.25, 1.5]

  @Test(arguments: LossCase.all, [(0, 1), (0.1, 1), (0, 0.3), (0.1, 0.3)])
  func valueAndGradientAreThoseOfTheMean(_ loss: LossCase, with how: (Double, Double)) {
    let (smoothing, share) = how
    for weights in [nil, weights] {
      let logits = Tensor.random([4, 5], seed: 3, in: -4...4)
      var targets = Targets(batch: 8)
      targets.labels.replaceSubrange(0..<4, with: labels)
      targets.partners.replaceSubrange(0..<4, with: partners)
      targets.share = share
      func mean(_ x: Reference, _ labels: [UInt16]) -> Double {
        meanLossReference(
          x, labels: labels, smoothing: smoothing, weights: weights ?? [1, 1, 1, 1, 1],
          loss.definition)
      }
      func mixedMean(_ x: Reference) -> Double {
        share * mean(x, labels) + (1 - share) * mean(x, partners)
      }
      let gradient = finiteDifferences(Reference(logits), mixedMean)
      let value = mixedMean(Reference(logits))
      let result = loss.value(smoothing, weights, logits, targets)
      #expect(abs(result.mean / value - 1) < 1e-6)
      #expect(relativeDistance(logits, gradient) < 1e-6)
      // The weights of these labels add up to their number.
      #expect(result.rows == 4 && abs(result.weight - 4) < 1e-12)
    }
  }

  @Test func plainCrossEntropyIsTheFusedOne() {
    let (a, b) = (Tensor.random([4, 5], in: -4...4), Tensor.random([4, 5], in: -4...4))
    let loss = SoftmaxCrossEntropy(labelSmoothing: 0.1, batch: 4)
    let result = loss(a, Targets(labels: labels), on: device)
    let fused = loss(b, labels: labels, on: device)
    #expect(bitMismatch(a, b) == nil)
    #expect(result == LossResult(sum: fused.lossSum, weight: 4, hits: fused.hits, rows: 4))
  }

  @Test func aFocalLossWithoutFocusIsCrossEntropy() {
    let (a, b) = (Tensor.random([4, 5], in: -4...4), Tensor.random([4, 5], in: -4...4))
    let targets = Targets(labels: labels)
    let focal = FocalLoss(gamma: 0, weights: weights, batch: 4)(a, targets, on: device)
    let plain = SoftmaxCrossEntropy(weights: weights, batch: 4)(b, targets, on: device)
    #expect(focal == plain)
    #expect(bitMismatch(a, b) == nil)
  }

  /// Probabilities of exactly 0 and 1 in double precision.
  @Test(arguments: LossCase.all)
  func certaintyKeepsEverythingFinite(_ loss: LossCase) {
    let logits = Tensor([2000, 0, 0, 0, 0, 2000, 0, 0, 0, 0], shape: [2, 5])
    let result = loss.value(0.1, weights, logits, Targets(labels: [0, 1]))
    #expect(result.sum.isFinite && result.hits == 1)
    #expect(logits.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: LossCase.all)
  func whatIsNotANumberIsNotHidden(_ loss: LossCase) {
    let logits = Tensor([0, .nan, 0, 0, 0], shape: [1, 5])
    #expect(loss.value(0, weights, logits, Targets(labels: [0])).mean.isNaN)
  }

  @Test(arguments: LossCase.all)
  func classesThatCountNothingTeachNothing(_ loss: LossCase) {
    let logits = Tensor.random([2, 5])
    let result = loss.value(0, [0, 1, 1, 1, 1], logits, Targets(labels: [0, 0]))
    #expect(result.mean == 0 && result.weight == 0)
    #expect(logits.values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(0.7, 2), (0.5, 2), (0.3, 1)])
  func aHitIsTheClassWithTheLargerShare(_ share: Double, hits: Int) {
    // The first two rows are their labels', the third is its partner's.
    let logits = Tensor([9, 0, 0, 9, 0, 9], shape: [3, 2])
    var targets = Targets(labels: [0, 1, 0])
    (targets.partners, targets.share) = ([1, 0, 1], share)
    #expect(SoftmaxCrossEntropy(batch: 3)(logits, targets, on: device).hits == hits)
  }

  @Test(arguments: LossCase.all)
  func threadsChangeNothing(_ loss: LossCase) {
    func run(threads: Int) -> (LossResult, Tensor) {
      let logits = Tensor.random([100, 5], in: -4...4)
      let targets = Targets(labels: (0..<100).map { UInt16($0 % 5) })
      return (loss.value(0.1, weights, logits, targets, threads: threads), logits)
    }
    let (one, three) = (run(threads: 1), run(threads: 3))
    #expect(one.0 == three.0)
    #expect(bitMismatch(one.1, three.1) == nil)
  }

  @Test func balancedWeightsAreThoseOfScikitLearn() {
    // compute_class_weight("balanced", classes=[0, 1, 3], y=[0] * 6 + [1] * 3 + [3]), version 1.7
    let expected: [Double] = [10.0 / 18, 10.0 / 9, 0, 10.0 / 3]
    #expect(ClassWeights.balanced.values(counts: [6, 3, 0, 1]) == expected)
    #expect(ClassWeights.numbers([1, 2]).values(counts: [5, 5]) == [1, 2])
  }
}
