import Support

/// How well a model does on labelled samples, counted batch by batch.
///
/// Where scores are equal the lower class index counts as the higher one, for the prediction and
/// for the top 3 and top 5. A score of NaN ranks below every number.
public struct Evaluation: Sendable {
  public private(set) var confusion: ConfusionMatrix
  public private(set) var calibration = Calibration()
  /// One a sample, in the order they were added.
  public private(set) var predictions: [Prediction] = []
  /// What the network's checkpoint says about its answers, if it does.
  public let confidence: Confidence?
  /// The bins of the probabilities at the temperature; empty without one.
  public private(set) var tempered = Calibration()
  private var lossSum = 0.0
  private var top3Count = 0
  private var top5Count = 0
  /// The probabilities of the sample at hand.
  private var probabilities: [Double]

  /// An evaluation of a model with these classes and no samples yet.
  public init(labels: [String], confidence: Confidence? = nil) {
    self.confidence = confidence
    precondition(
      (1...Int(UInt16.max)).contains(labels.count), "\(labels.count) classes do not fit 16 bits")
    confusion = ConfusionMatrix(labels: labels)
    probabilities = [Double](repeating: 0, count: labels.count)
  }

  /// The names of the classes.
  public var labels: [String] { confusion.labels }
  /// The number of samples.
  public var count: Int { predictions.count }
  /// The mean of -log(probability of the true class), in nats; NaN without samples.
  public var loss: Double { lossSum / Double(count) }
  /// The share of samples whose class was found; NaN without samples.
  public var accuracy: Double { confusion.accuracy }
  /// The share of samples whose class was among the three most probable; NaN without samples.
  public var top3: Double { Double(top3Count) / Double(count) }
  /// The share of samples whose class was among the five most probable; NaN without samples.
  public var top5: Double { Double(top5Count) / Double(count) }

  /// Counts a batch by its logits, the scores before softmax.
  ///
  /// - Parameters:
  ///   - logits: `[N, C]`, row by row.
  ///   - targets: the `N` true class indices, each below `C`.
  ///   - scores: the `N` scores that the confidence's threshold is one of, if they are known.
  public mutating func add(logits: Span<Float>, targets: [UInt16], scores: [Double]? = nil) {
    let first = count
    forEachRow(of: logits, targets) { evaluation, row, target in
      let logSum = softmax(row, into: &evaluation.probabilities)
      evaluation.lossSum += logSum - Double(row[target])
      evaluation.count(row, target, score: scores?[evaluation.count - first])
    }
  }

  /// Counts a batch by its probabilities.
  ///
  /// - Parameters:
  ///   - batch: `[N, C]`, row by row; every row adds up to 1.
  ///   - targets: the `N` true class indices, each below `C`.
  public mutating func add(probabilities batch: Span<Float>, targets: [UInt16]) {
    forEachRow(of: batch, targets) { evaluation, row, target in
      for index in row.indices { evaluation.probabilities[index] = Double(row[index]) }
      evaluation.lossSum -= logarithm(Double(row[target]))
      evaluation.count(row, target)
    }
  }

  private mutating func forEachRow(
    of batch: Span<Float>, _ targets: [UInt16],
    _ body: (inout Evaluation, Span<Float>, Int) -> Void
  ) {
    let width = labels.count
    precondition(
      batch.count == targets.count * width,
      "\(batch.count) scores are not \(targets.count) samples of \(width) classes")
    for (index, target) in targets.enumerated() {
      precondition(target < width, "class \(target) of sample \(index) is not below \(width)")
      body(&self, batch.extracting(index * width..<(index + 1) * width), Int(target))
    }
  }

  /// Counts a sample whose `probabilities` are known; `scores` rank the classes.
  private mutating func count(_ scores: Span<Float>, _ target: Int, score: Double? = nil) {
    var (best, second): (Int, Int?) = (0, nil)
    for index in scores.indices.dropFirst() {
      if ranksHigher(scores[index], scores[best]) {
        (best, second) = (index, best)
      } else if second == nil || ranksHigher(scores[index], scores[second ?? 0]) {
        second = index
      }
    }
    var rank = 0
    for index in scores.indices
    where ranksHigher(scores[index], scores[target])
      || index < target && !ranksHigher(scores[target], scores[index])
    {
      rank += 1
    }
    top3Count += rank < 3 ? 1 : 0
    top5Count += rank < 5 ? 1 : 0
    let probability = probabilities[best]
    let prediction = Prediction(
      trueClass: UInt16(target), predictedClass: UInt16(best), probability: probability,
      margin: probability - (second.map { probabilities[$0] } ?? 0),
      tempered: confidence.map { $0.temperature.apply(to: probabilities)[best] }, score: score)
    confusion[target, best] += 1
    calibration.add(probability: probability, isCorrect: prediction.isCorrect)
    if let probability = prediction.tempered {
      tempered.add(probability: probability, isCorrect: prediction.isCorrect)
    }
    predictions.append(prediction)
  }
}

/// Whether `a` is above `b`, NaN being below everything.
private func ranksHigher(_ a: Float, _ b: Float) -> Bool { a > b || b.isNaN && !a.isNaN }

/// What the model said about one sample.
public struct Prediction: Equatable, Sendable {
  public let trueClass: UInt16
  public let predictedClass: UInt16
  /// The predicted class's probability.
  public let probability: Double
  /// How far the second-best class's probability is below; small when the model wavers.
  public let margin: Double
  /// The probability at the network's temperature, if it has one.
  public let tempered: Double?
  /// The score by which images are rejected as no characters, if there is one.
  public let score: Double?

  public init(
    trueClass: UInt16, predictedClass: UInt16, probability: Double, margin: Double,
    tempered: Double? = nil, score: Double? = nil
  ) {
    self.trueClass = trueClass
    self.predictedClass = predictedClass
    self.probability = probability
    self.margin = margin
    self.tempered = tempered
    self.score = score
  }

  public var isCorrect: Bool { trueClass == predictedClass }
}

extension Sequence<Prediction> {
  /// CSV with the columns `index,true,predicted,probability,margin`, and `tempered,score` if every
  /// prediction has both; classes are indices.
  ///
  /// - Parameter indices: the samples' places in their file, if not 0, 1, 2, ….
  public func csvText(indices: [Int]? = nil) -> String {
    let isScored = allSatisfy { $0.tempered != nil && $0.score != nil }
    var text = "index,true,predicted,probability,margin\(isScored ? ",tempered,score" : "")\n"
    for (position, prediction) in enumerated() {
      let index = indices?[position] ?? position
      text += "\(index),\(prediction.trueClass),\(prediction.predictedClass),"
      text += "\(prediction.probability),\(prediction.margin)"
      if isScored, let tempered = prediction.tempered, let score = prediction.score {
        text += ",\(tempered),\(score)"
      }
      text += "\n"
    }
    return text
  }
}

/// Fills `probabilities` with the softmax of logits, in double precision, and returns
/// log Σ exp(logit).
public func softmax(
  _ logits: Span<Float>, into probabilities: inout [Double]
) -> Double {
  var maximum = -Float.infinity
  for index in logits.indices where !(maximum.isNaN || logits[index] <= maximum) {
    maximum = logits[index]
  }
  var sum = 0.0
  for index in logits.indices {
    probabilities[index] = exponential(Double(logits[index]) - Double(maximum))
    sum += probabilities[index]
  }
  for index in logits.indices { probabilities[index] /= sum }
  return Double(maximum) + logarithm(sum)
}
