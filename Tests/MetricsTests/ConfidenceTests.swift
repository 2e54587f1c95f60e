import Support
import Testing

@testable import Metrics

@Suite struct CharacterEvidenceTests {
  /// A white square of 2 x 2 pixels in the middle of 6 x 6.
  private func evidence(
    _ square: [UInt8], _ logits: [Float], isInkDark: Bool = false
  ) -> CharacterEvidence {
    CharacterEvidence(square.span, width: 6, logits: logits.span, isInkDark: isInkDark)
  }

  private let square: [UInt8] = (0..<36).map {
    (2...3).contains($0 / 6) && (2...3).contains($0 % 6) ? 255 : 0
  }

  @Test func everyNumberIsItsFormula() {
    let evidence = evidence(square, [3, 1, -1])
    // Four pixels of ink; two edges of two pixels in each direction; at the lower right corner of the
    // ink none, at its upper left one both differences are 1.
    let outline = 6 + 2.0.squareRoot()
    // Each edge bends twice: 1 to 0 and 0 to 0.
    let (bend, sum) = (16.0, (1 + exponential(-2) + exponential(-4)))
    let mean = 1.0
    let spread = (8.0 / 3).squareRoot()
    let certainty = (-2 * exponential(-2) - 4 * exponential(-4)) / sum - logarithm(sum)
    let expected = [
      logarithm(9), logarithm(9), logarithm(9), 9 / (outline + 1), 1 / (outline + 1),
      (bend + 1) / (outline + 1), 0, 3, 2, mean, spread, certainty, 1, 2, 2, 0, 0,
    ]
    for (name, (found, wanted)) in zip(CharacterEvidence.names, zip(evidence.values, expected)) {
      #expect(abs(found - wanted) < 1e-12, "\(name): \(found), not \(wanted)")
    }
  }

  @Test func piecesOfInkAreCountedLessTheirHoles() {
    func euler(_ rows: [String]) -> Double {
      let pixels: [UInt8] = rows.joined().map { $0 == "#" ? 255 : 100 }
      return CharacterEvidence(pixels.span, width: rows[0].count, logits: ([0, 0] as [Float]).span)
        .values[12]
    }
    #expect(euler(["....", "...."]) == 0 && euler(["#..#", "#..#"]) == 2)
    // A ring, one that only corners close, and a bar beside it; corners join.
    #expect(euler(["###", "#.#", "###"]) == 0 && euler([".#.", "#.#", ".#."]) == 0)
    #expect(euler(["###.#", "#.#.#", "###.#"]) == 1)
    #expect(euler(["#####", "#.#.#", "#####"]) == -1)
  }

  @Test func crossingsAreThoseOfTheRowAndColumnWithMost() {
    func crossings(_ rows: [String]) -> [Double] {
      let pixels: [UInt8] = rows.joined().map { $0 == "#" ? 255 : 0 }
      let evidence = CharacterEvidence(
        pixels.span, width: rows[0].count, logits: ([0, 0] as [Float]).span)
      return Array(evidence.values[13...14])
    }
    // Three strokes beside each other, the paper outside of the image on their sides; and nothing.
    #expect(crossings(["#.#.#", "#.#.#", "..#.."]) == [6, 2])
    #expect(crossings(["....", "...."]) == [0, 0])
  }

  @Test func coreIsInkThatHoldsASquare() {
    func core(_ height: Int, _ width: Int, paper: UInt8 = 255) -> Double {
      let pixels = [UInt8](repeating: paper, count: height * width)
      let logits: [Float] = [0, 0]
      return CharacterEvidence(pixels.span, width: width, logits: logits.span).values[16]
    }
    #expect(core(3, 9) == 0 && core(9, 3) == 0 && core(1, 1) == 0)
    let square = CharacterEvidence(
      [UInt8](repeating: 255, count: 9).span, width: 3, logits: ([0, 0] as [Float]).span)
    #expect(square.values[15] == logarithm(2))
    #expect(core(4, 4) == logarithm(2) && core(5, 6) == logarithm(7))
    #expect(abs(core(5, 6, paper: 51) - logarithm(6 * 0.2 + 1)) < 1e-12)
  }

  @Test func darkInkIsInk() {
    let inverse = square.map { 255 - $0 }
    #expect(evidence(inverse, [0, 0], isInkDark: true) == evidence(square, [0, 0]))
  }
}

@Suite struct CharacterScoreTests {
  /// Evidence whose every number is drawn around a middle.
  private func evidence(_ count: Int, around middle: Float, seed: UInt64) -> [CharacterEvidence] {
    var random = RandomStream(seed: seed, purpose: .testing)
    return (0..<count).map { _ in
      CharacterEvidence(CharacterEvidence.names.map { _ in Double(middle + random.normal()) })
    }
  }

  @Test func whatIsApartIsToldApart() {
    let (characters, others) = (
      evidence(200, around: 0, seed: 1), evidence(200, around: 2, seed: 2)
    )
    let score = CharacterScore(characters: characters, others: others)
    let threshold = Confidence.threshold(of: characters.map { score($0) })
    #expect(evidence(500, around: 2, seed: 3).count { score($0) >= threshold } < 10)
    #expect(evidence(500, around: 0, seed: 4).count { score($0) < threshold } < 40)
  }

  @Test func gradientVanishesWhereTheFitEnds() {
    let (characters, others) = (
      evidence(60, around: 0, seed: 5), evidence(60, around: 0.7, seed: 6)
    )
    let score = CharacterScore(characters: characters, others: others)
    // The bias has no penalty, so the probabilities add up to the characters.
    let sum = (characters + others).reduce(0) { $0 + 1 / (1 + exponential(-score($1))) }
    #expect(abs(sum - 60) < 1e-3)
  }

  @Test func charactersThatAreAllTheSameAreNoTrap() {
    let one = evidence(1, around: 0, seed: 7)
    let score = CharacterScore(characters: one, others: evidence(1, around: 5, seed: 8))
    #expect(score(one[0]).isFinite)
    #expect(CharacterScore(means: [], deviations: [], weights: []) == nil)
  }
}

@Suite struct ConfidenceTests {
  @Test func aScoreOfTwelveNumbersStillDecides() throws {
    let old = try #require(
      CharacterScore(
        means: [Double](repeating: 0, count: 12), deviations: [Double](repeating: 1, count: 12),
        weights: [1] + [Double](repeating: 0.5, count: 24)))
    // Whatever the number that it does not know.
    let values = (0..<12).map { Double($0 % 3) }
    let (some, other) = (
      CharacterEvidence(values + [0, 0, 0, 0, 0]), CharacterEvidence(values + [5, 6, 7, 8, 9])
    )
    #expect(old(some) == old(other) && old(some) == 1 + 12 * 0.5 + 20 * 0.5)
    // Nor do later ones know the last four.
    let later = try #require(
      CharacterScore(
        means: [Double](repeating: 0, count: 13), deviations: [Double](repeating: 1, count: 13),
        weights: [Double](repeating: 0, count: 13) + [1] + [Double](repeating: 0, count: 13)))
    #expect(later(some) == 0 && later(other) == 5)
  }

  private var confidence: Confidence? {
    CharacterScore(
      means: (0..<12).map { Double($0) / 3 }, deviations: (1...12).map(Double.init),
      weights: (0..<25).map { Double($0) * 0.1 - 1 }
    ).map { Confidence(temperature: Temperature(0.75), score: $0, threshold: -1.5) }
  }

  @Test func metadataGiveItBack() throws {
    let written = try #require(confidence)
    let texts = Dictionary(uniqueKeysWithValues: written.metadata.map { ($0.key, $0.value) })
    func text(_ key: String) -> String { texts[key] ?? "" }
    let score = try JSONValue(parsing: Array(text(Confidence.scoreKey).utf8), path: "score")
    let read = Confidence(
      temperature: text(Confidence.temperatureKey), threshold: text(Confidence.thresholdKey),
      score: score)
    #expect(read == written)
    #expect(Confidence(temperature: "0", threshold: "1", score: score) == nil)
    #expect(Confidence(temperature: "1", threshold: "nan", score: score) == nil)
    #expect(Confidence(temperature: "1", threshold: "1", score: [:]) == nil)
  }

  @Test func thresholdRejectsItsShareAndNoneOfFew() {
    let scores = (0..<400).map(Double.init)
    #expect(Confidence.threshold(rejecting: 0.025, of: scores) == 10)
    #expect(Confidence.threshold(rejecting: 0.025, of: [4, 3, 5]) == 3)
  }

  @Test func notANumberIsNoCharacter() throws {
    let confidence = try #require(confidence)
    #expect(!confidence.accepts(.nan) && confidence.accepts(-1.5) && !confidence.accepts(-1.6))
  }

  @Test func temperedProbabilitiesAreThoseOfDividedLogits() {
    let logits = [2.0, 0.5, -1]
    func softmax(_ values: [Double]) -> [Double] {
      let weights = values.map(exponential)
      return weights.map { $0 / weights.reduce(0, +) }
    }
    let found = Temperature(0.5).apply(to: softmax(logits))
    for (a, b) in zip(found, softmax(logits.map { $0 / 0.5 })) { #expect(abs(a - b) < 1e-12) }
  }
}

@Suite struct SelectiveResultTests {
  private func prediction(_ isCorrect: Bool, _ score: Double?) -> Prediction {
    Prediction(
      trueClass: 0, predictedClass: isCorrect ? 0 : 1, probability: 0.5, margin: 0, score: score)
  }

  @Test func riskIsThatOfTheHighestScores() throws {
    // In the order of their scores: right, wrong, right, wrong.
    let predictions = [
      prediction(false, 1), prediction(true, 4), prediction(true, 2), prediction(false, 3),
    ]
    let result = try #require(SelectiveResult(predictions, threshold: 2))
    #expect(result.curve(points: 4).map(\.risk) == [0, 0.5, 1.0 / 3, 0.5])
    #expect(result.coverage == 0.75 && abs(result.accuracy - 2.0 / 3) < 1e-12)
    #expect(abs(result.meanRisk - (0 + 0.5 + 1.0 / 3 + 0.5) / 4) < 1e-12)
    #expect(try #require(SelectiveResult(predictions, threshold: 9)).accuracy.isNaN)
  }

  @Test func nothingOrNoScoreIsNoResult() {
    #expect(SelectiveResult([], threshold: 0) == nil)
    #expect(SelectiveResult([prediction(true, 1), prediction(true, nil)], threshold: 0) == nil)
  }
}
