/// What the model said about one sample.
public struct Prediction: Equatable, Sendable {
  public let trueClass: UInt8
  public let predictedClass: UInt8
  /// The predicted class's probability.
  public let probability: Double
  /// How far the second-best class's probability is below; small when the model wavers.
  public let margin: Double

  public init(trueClass: UInt8, predictedClass: UInt8, probability: Double, margin: Double) {
    self.trueClass = trueClass
    self.predictedClass = predictedClass
    self.probability = probability
    self.margin = margin
  }

  public var isCorrect: Bool { trueClass == predictedClass }
}

extension Sequence<Prediction> {
  /// CSV with the columns `index,true,predicted,probability,margin`; classes are indices.
  ///
  /// - Parameter indices: the samples' places in their file, if not 0, 1, 2, ….
  public func csvText(indices: [Int]? = nil) -> String {
    var text = "index,true,predicted,probability,margin\n"
    for (position, prediction) in enumerated() {
      let index = indices?[position] ?? position
      text += "\(index),\(prediction.trueClass),\(prediction.predictedClass),"
      text += "\(prediction.probability),\(prediction.margin)\n"
    }
    return text
  }
}
