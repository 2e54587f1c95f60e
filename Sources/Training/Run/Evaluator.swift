import Datasets
import Metrics
import NN
import Platform
import Support
import Tensor

/// Runs a model over images it is not trained on.
public final class Evaluator {
  private let plan: InferencePlan
  private let labels: [String]
  private let normalization: Normalization
  private let confidence: Confidence?
  private let isInkDark: Bool
  /// Whether the model has always the same weights, which are then taken in once.
  private let isFixed: Bool
  private var isFresh = false
  private var targets: [UInt16]

  /// - Parameters:
  ///   - largest: images at a time, or fewer if they are large; it changes no result.
  ///   - confidence: what is known of the model's answers.
  ///   - isInkDark: whether ink is dark in the images.
  ///   - isFixed: whether the model's weights never change.
  ///   - keepsWideWeights: see ``InferencePlan``.
  public init(
    _ model: Model, labels: [String], normalization: Normalization, batch largest: Int = 128,
    confidence: Confidence? = nil, isInkDark: Bool = false, isFixed: Bool = false,
    keepsWideWeights: Bool = true
  ) {
    (self.confidence, self.isInkDark, self.isFixed) = (confidence, isInkDark, isFixed)
    let batch = Self.batch(for: model.outline, atMost: largest)
    plan = InferencePlan(model, batch: batch, keepsWideWeights: keepsWideWeights)
    self.labels = labels
    self.normalization = normalization
    targets = [UInt16](repeating: 0, count: batch)
  }

  /// As many images as a quarter of a gigabyte serves.
  static func batch(for model: ModelOutline, atMost largest: Int = 128) -> Int {
    let fixed = model.inferenceBytes(batch: 0)
    let image = max(1, model.inferenceBytes(batch: 1) - fixed)
    return max(1, min(largest, (1 << 28) / image))
  }

  /// The model's results on a selection, in the selection's order.
  ///
  /// - Parameter shouldStop: asked after each batch; what was done until then is the result.
  public func evaluate(
    _ selection: Selection, shouldStop: () -> Bool = { false }
  ) -> Evaluation {
    var evaluation = Evaluation(labels: labels, confidence: confidence)
    let batches = Batches(selection, normalizedBy: normalization)
    refresh()
    forEachBatch(of: selection.count) { positions in
      let logits = logits(of: batches, positions)
      evaluation.add(
        logits: logits.span, targets: targets(positions.count),
        scores: confidence.map { confidence in
          evidence(of: selection, positions, logits).map { confidence.score($0) }
        })
      return !shouldStop()
    }
    return evaluation
  }

  /// The model's probabilities of every class, `[N, C]`, in the selection's order.
  ///
  /// - Parameter shouldStop: asked after each batch; what was done until then is the result.
  public func probabilities(
    of selection: Selection, shouldStop: () -> Bool = { false }
  ) -> [Float] {
    let batches = Batches(selection, normalizedBy: normalization)
    var result: [Float] = []
    result.reserveCapacity(selection.count * labels.count)
    refresh()
    forEachBatch(of: selection.count) { positions in
      forEachRow(of: logits(of: batches, positions)) { _, row in
        result.append(contentsOf: row.map { Float($0) })
      }
      return !shouldStop()
    }
    return result
  }

  /// The model's probabilities at its temperature and each image's score, if it has them, else its
  /// probabilities as they are.
  public func answers(
    to selection: Selection
  ) -> [(probabilities: [Double], score: Double?)] {
    let batches = Batches(selection, normalizedBy: normalization)
    var result: [(probabilities: [Double], score: Double?)] = []
    refresh()
    forEachBatch(of: selection.count) { positions in
      let logits = logits(of: batches, positions)
      forEachRow(of: logits) { index, row in
        result.append((confidence?.temperature.apply(to: row) ?? row, nil))
      }
      guard let confidence else { return true }
      for (place, evidence) in evidence(of: selection, positions, logits).enumerated() {
        result[positions.lowerBound + place].score = confidence.score(evidence)
      }
      return true
    }
    return result
  }

  /// What tells the images of a selection from what are no characters, and the probabilities, as
  /// ``probabilities(of:shouldStop:)`` gives them.
  func evidence(
    of selection: Selection
  ) -> (evidence: [CharacterEvidence], probabilities: [Float]) {
    let batches = Batches(selection, normalizedBy: normalization)
    var (found, probabilities): ([CharacterEvidence], [Float]) = ([], [])
    refresh()
    forEachBatch(of: selection.count) { positions in
      let logits = logits(of: batches, positions)
      found += evidence(of: selection, positions, logits)
      forEachRow(of: logits) { _, row in probabilities += row.map { Float($0) } }
      return true
    }
    return (found, probabilities)
  }

  /// The evidence of a batch.
  private func evidence(
    of selection: Selection, _ positions: Range<Int>, _ logits: [Float]
  ) -> [CharacterEvidence] {
    let (images, classes) = (selection.images, labels.count)
    return positions.enumerated().map { place, position in
      let start = Int(selection.indices[position]) * images.imageSize
      return CharacterEvidence(
        images.pixels.span.extracting(start..<start + images.imageSize), width: images.width,
        logits: logits.span.extracting(place * classes..<(place + 1) * classes),
        isInkDark: isInkDark)
    }
  }

  /// The model's results if it judges every image by the mean of its probabilities for the image
  /// and for what each of `shifts` makes of it.
  public func evaluate(
    _ selection: Selection, shiftedBy shifts: [PixelShift], shouldStop: () -> Bool = { false }
  ) -> Evaluation {
    var evaluation = Evaluation(labels: labels)
    refresh()
    forEachBatch(of: selection.count) { positions in
      var sums = [Double](repeating: 0, count: positions.count * labels.count)
      for shift in shifts {
        let views = selection.shifted(positions, by: shift)
        let batches = Batches(Selection(views), normalizedBy: normalization)
        forEachRow(of: logits(of: batches, 0..<positions.count)) { index, row in
          for (c, probability) in row.enumerated() { sums[index * labels.count + c] += probability }
        }
      }
      // The logarithms of probabilities are logits too, and do not vanish where those are small.
      let logits = sums.map { Float(logarithm($0 / Double(shifts.count))) }
      evaluation.add(logits: logits.span, targets: targets(positions.count))
      return !shouldStop()
    }
    return evaluation
  }

  /// Takes in the present weights.
  private func refresh() {
    guard !(isFixed && isFresh) else { return }
    plan.refresh()
    isFresh = true
  }

  /// Calls `body` with the positions of a batch after the other while it says so.
  private func forEachBatch(of count: Int, _ body: (Range<Int>) -> Bool) {
    var first = 0
    while first < count {
      let end = min(first + plan.batch, count)
      guard body(first..<end) else { break }
      first = end
    }
  }

  /// The logits of a batch, which the next call overwrites, like `targets`.
  private func logits(
    of batches: Batches, _ positions: Range<Int>
  ) -> [Float] {
    batches.fill(
      positions, input: plan.input(positions.count), labels: &targets, on: plan.model.device)
    return plan.run(positions.count).values
  }

  /// The classes of the last batch.
  private func targets(_ count: Int) -> [UInt16] {
    count == targets.count ? targets : Array(targets[..<count])
  }

  /// Calls `body` with the number and the probabilities of every row of logits.
  private func forEachRow(
    of logits: [Float], _ body: (Int, [Double]) -> Void
  ) {
    var probabilities = [Double](repeating: 0, count: labels.count)
    for index in 0..<logits.count / labels.count {
      let row = logits[index * labels.count..<(index + 1) * labels.count]
      _ = softmax(row.span, into: &probabilities)
      body(index, probabilities)
    }
  }
}

/// By how many pixels an image is moved; what comes in from outside is background.
public struct PixelShift: Equatable, Sendable {
  public let right: Int
  public let down: Int

  public init(right: Int, down: Int) {
    self.right = right
    self.down = down
  }

  /// As it is, and by one pixel in each of the four directions.
  public static let cross = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)].map {
    PixelShift(right: $0.0, down: $0.1)
  }
}

extension Selection {
  /// The images at these positions, moved.
  func shifted(_ positions: Range<Int>, by shift: PixelShift) -> ImageSet {
    let (height, width) = (images.height, images.width)
    var pixels = [UInt8](repeating: 0, count: positions.count * images.imageSize)
    for (number, position) in positions.enumerated() {
      let (from, to) = (Int(indices[position]) * images.imageSize, number * images.imageSize)
      for y in 0..<height where (0..<height).contains(y - shift.down) {
        for x in 0..<width where (0..<width).contains(x - shift.right) {
          pixels[to + y * width + x] =
            images.pixels[from + (y - shift.down) * width + x - shift.right]
        }
      }
    }
    return ImageSet(
      height: height, width: width, pixels: pixels, labels: positions.map(label(at:)))
  }
}
