import NN
import Support
import Tensor

extension ModelWork {
  /// The training steps of the given batches.
  func trainingCases(_ batches: [Int]) -> [BenchmarkCase] {
    batches.map { batch in
      BenchmarkCase(
        subject: subject(.training, batch, operations: trainingOperations),
        check: { try self.checkGradient(min(batch, 64)) }, run: { self.train(batch) })
    }
  }

  func inferenceCases(_ batches: [Int]) -> [BenchmarkCase] {
    batches.map { batch in
      BenchmarkCase(
        subject: subject(.inference, batch, operations: inferenceOperations),
        check: { try self.checkLogits(min(batch, 8)) }, run: { self.classify(batch) })
    }
  }

  private func subject(
    _ group: BenchmarkGroup, _ batch: Int, operations: Int
  ) -> BenchmarkSubject {
    BenchmarkSubject(
      group: group, name: name, variant: "", batch: batch, threads: model.device.threadCount,
      operations: operations * batch)
  }

  /// Moves the weights a little along their gradient, to both sides: the loss must change as the
  /// gradient says. The forward pass alone decides, so a wrong backward pass is found.
  ///
  /// - Throws: ``BenchmarkError/wrongGradient(model:measured:expected:)``.
  func checkGradient(_ count: Int) throws {
    let logits = forward(count)
    let loss = lossAndGradient(logits)
    backward(logits)
    let gradients = parameters.map { $0.gradient.copy() }
    let squares = gradients.reduce(0.0) { $0 + $1.sumOfSquares }
    // A hundredth of the loss: far above the rounding of single floats, and still nearly a line.
    let length = 0.01 * loss / max(squares, .leastNormalMagnitude)
    let weights = parameters.map { $0.value.copy() }
    func movedLoss(_ factor: Double) -> Double {
      for (index, parameter) in parameters.enumerated() {
        parameter.value.assign(weights[index])
        parameter.value.add(gradients[index], times: Float(factor))
      }
      return lossAndGradient(forward(count))
    }
    let change = (movedLoss(length) - movedLoss(-length)) / 2
    for (parameter, weight) in zip(parameters, weights) { parameter.value.assign(weight) }
    let expected = length * squares
    guard abs(change - expected) <= 0.05 * expected else {
      throw BenchmarkError.wrongGradient(model: name, measured: change, expected: expected)
    }
  }

  /// Compares logits with those of one thread with portable instructions.
  ///
  /// - Throws: ``BenchmarkError/wrongLogits(model:index:got:expected:)``.
  func checkLogits(_ count: Int) throws {
    let other = try copy(largest: count, device: Device(level: .portable, threads: 1))
    for (value, original) in zip(other.parameters, parameters) {
      value.value.assign(original.value)
    }
    for (value, original) in zip(other.model.state, model.state) {
      value.value.assign(original.value)
    }
    inference.refresh()
    other.inference.refresh()
    let (got, expected) = (inference.run(count), other.inference.run(count))
    let largest = expected.values.reduce(0) { max($0, abs($1)) }
    for index in 0..<expected.count {
      let (value, wanted) = (got[index], expected[index])
      // Sums of some hundred terms in another rounding.
      guard abs(value - wanted) <= 1e-3 * largest else {
        throw BenchmarkError.wrongLogits(model: name, index: index, got: value, expected: wanted)
      }
    }
  }
}

extension Tensor {
  fileprivate var sumOfSquares: Double {
    (0..<count).reduce(0.0) { $0 + Double(self[$1]) * Double(self[$1]) }
  }

  fileprivate func add(_ other: Tensor, times factor: Float) {
    for i in 0..<count { self[i] += factor * other[i] }
  }
}
