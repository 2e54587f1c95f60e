import Foundation
import Support
import Tensor
import TestSupport
import Testing

@testable import NN

/// Softmax regression by gradient descent, and what it came to elsewhere: made by
/// `Scripts/golden/losses.py`.
private struct LossGolden: Decodable {
  struct Problem: Decodable {
    let rate: Double
    let classWeights: [Double]
    let inputs: [Double]
    let labels: [UInt16]
    let partners: [UInt16]
    let start: [Double]
  }
  struct Run: Decodable {
    let losses: [Double]
    let weights: [Double]
  }
  let problem: Problem
  let cases: [String: Run]

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let data = try Data(contentsOf: folder.appending(path: "losses-\(name).json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(LossGolden.self, from: data)
  }

  static let classes = 5

  /// As many steps as there are golden losses; `share` is that of the labels.
  func train(_ loss: any Loss, share: Double, steps: Int) -> (losses: [Double], weights: [Double]) {
    let (rows, inputs) = (problem.labels.count, problem.start.count / Self.classes)
    var (weights, losses) = (problem.start, [Double]())
    var targets = Targets(labels: problem.labels)
    (targets.partners, targets.share) = (problem.partners, share)
    let logits = Tensor(zeros: [rows, Self.classes])
    for _ in 0..<steps {
      for row in 0..<rows {
        for c in 0..<Self.classes {
          let terms = (0..<inputs).map {
            problem.inputs[row * inputs + $0] * weights[$0 * Self.classes + c]
          }
          logits[row * Self.classes + c] = Float(terms.reduce(0, +))
        }
      }
      losses.append(loss(logits, targets, on: Device(threads: 1)).mean)
      for row in 0..<rows {
        for input in 0..<inputs {
          for c in 0..<Self.classes {
            weights[input * Self.classes + c] -=
              problem.rate * problem.inputs[row * inputs + input]
              * Double(logits[row * Self.classes + c])
          }
        }
      }
    }
    return (losses, weights)
  }
}

@Suite struct LossGoldenTests {
  private static let rows = 12

  /// The loss of a case's name, and the share of the labels.
  private func loss(_ name: String, _ problem: LossGolden.Problem) throws -> (any Loss, Double) {
    let smoothing = name.contains("smooth") ? 0.1 : 0
    let weights = name.contains("weighted") ? problem.classWeights : nil
    let share = name.contains("mixed") ? 0.3 : 1
    let words = name.split(separator: " ").map(String.init)
    var settings = Settings()
    if words.count > 1, let gamma = Double(words[1]) {
      settings = Settings(["focal_gamma": .number(gamma)], of: LossDescriptor.settings)
    }
    let place = LossPlace(
      labelSmoothing: smoothing, weights: weights, classes: LossGolden.classes, batch: Self.rows)
    return try (#require(LossDescriptor.named(words[0])).makeLoss(place, settings), share)
  }

  @Test(arguments: ["pytorch", "keras"])
  func fiftyStepsAreThoseOfTheFramework(_ framework: String) throws {
    let golden = try LossGolden(framework)
    #expect(golden.cases.count == (framework == "keras" ? 2 : 10))
    for (name, expected) in golden.cases.sorted(by: { $0.key < $1.key }) {
      let (loss, share) = try loss(name, golden.problem)
      let found = golden.train(loss, share: share, steps: expected.losses.count)
      #expect(expected.losses.count == 50 && expected.weights.count == found.weights.count)
      for (a, b) in zip(found.losses + found.weights, expected.losses + expected.weights) {
        #expect(abs(a - b) < 1e-5, "\(name)")
      }
    }
  }
}
