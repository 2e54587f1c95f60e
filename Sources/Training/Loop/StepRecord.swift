/// What one training step came to.
public struct StepRecord: Sendable, Equatable {
  /// Counted from 1.
  public let step: Int
  public let learningRate: Double
  /// The batch's means, dropout and all, before the step changed the weights.
  public let loss: Double
  public let accuracy: Double
}

extension [StepRecord] {
  /// `steps.csv`: one row a step, every number with all its digits.
  var csvText: String {
    reduce(into: "step,lr,loss,accuracy\n") { text, record in
      text += "\(record.step),\(record.learningRate),\(record.loss),\(record.accuracy)\n"
    }
  }
}
