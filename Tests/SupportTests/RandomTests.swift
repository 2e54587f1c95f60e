import Support
import Testing

/// A known answer of Philox 4x32-10.
struct PhiloxCase: CustomTestStringConvertible {
  let counter: SIMD4<UInt32>
  let key: UInt64
  let block: SIMD4<UInt32>
  var testDescription: String { "counter \(counter)" }
}

@Suite struct RandomTests {
  /// From `kat_vectors` of the Random123 distribution (Salmon et al., 2011).
  static let knownAnswers = [
    PhiloxCase(
      counter: SIMD4(repeating: 0), key: 0,
      block: SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
    PhiloxCase(
      counter: SIMD4(repeating: .max), key: .max,
      block: SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)),
    PhiloxCase(
      counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      key: 0x299F_31D0_A409_3822,
      block: SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)),
  ]

  @Test(arguments: knownAnswers)
  func blocksAreThePublishedOnes(_ test: PhiloxCase) {
    #expect(Philox(key: test.key).block(test.counter) == test.block)
  }

  @Test func aStreamIsThePhiloxBlocksOfItsAddress() {
    let philox = Philox(key: 99)
    var stream = RandomStream(seed: 99, purpose: .shuffling, major: 3, minor: 4)
    for counter: UInt32 in 0..<3 {
      let block = philox.block(SIMD4(counter, 4, 3, RandomPurpose.shuffling.rawValue))
      for word in 0..<4 { #expect(stream.bits() == block[word]) }
    }
  }

  @Test func streamsOfDifferentAddressesDiffer() {
    var first = Set<UInt64>()
    for seed: UInt64 in [1, 2] {
      for purpose in [RandomPurpose.dropout, .testing] {
        for (major, minor) in [(0, 0), (0, 1), (1, 0), (0, 1 << 32)] {
          var stream = RandomStream(seed: seed, purpose: purpose, major: major, minor: minor)
          first.insert(stream.next())
        }
      }
    }
    #expect(first.count == 16)
  }

  @Test(arguments: [1, 2, 3, 10, 47])
  func numbersBelowABoundAreUniform(_ bound: Int) {
    var stream = RandomStream(seed: 1, purpose: .testing, minor: bound)
    var counts = [Int](repeating: 0, count: bound)
    let draws = 200 * bound
    for _ in 0..<draws { counts[stream.below(bound)] += 1 }
    // χ² has bound − 1 degrees of freedom; five of its standard deviations above its mean.
    let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
    let freedom = Double(bound - 1)
    #expect(chiSquare <= freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test func boundsUpToTheLargestAreKept() {
    var stream = RandomStream(seed: 1, purpose: .testing)
    for bound in [1 << 31 + 1, Int(UInt32.max)] {
      let draws = (0..<200).map { _ in stream.below(bound) }
      #expect(draws.allSatisfy { $0 >= 0 && $0 < bound })
      #expect(draws.contains { $0 > bound / 2 } && draws.contains { $0 < bound / 2 })
    }
  }

  @Test func uniformNumbersFillTheirRange() {
    var stream = RandomStream(seed: 1, purpose: .testing)
    let draws = (0..<2000).map { _ in stream.uniform() }
    #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
    // The mean's standard deviation is 1 / √(12 · 2000) = 0.0065.
    #expect(abs(draws.reduce(0, +) / 2000 - 0.5) < 0.03)
    let scaled = (0..<200).map { _ in stream.uniform(-3...5) }
    #expect(scaled.allSatisfy { $0 >= -3 && $0 <= 5 })
    #expect(scaled.contains { $0 < -2 } && scaled.contains { $0 > 4 })
  }

  @Test func normalNumbersHaveTheMomentsOfTheirDistribution() {
    var stream = RandomStream(seed: 1, purpose: .testing)
    let count = 4000.0
    let draws = (0..<Int(count)).map { _ in Double(stream.normal()) }
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { p, _ in p * x } } / count
    }
    // Five standard deviations each: √(1/n), √(2/n), √(15/n), √(96/n).
    #expect(abs(moment(1)) < 5 * (1 / count).squareRoot())
    #expect(abs(moment(2) - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(moment(3)) < 5 * (15 / count).squareRoot())
    #expect(abs(moment(4) - 3) < 5 * (96 / count).squareRoot())
    #expect(draws.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [0, 1, 2, 3, 100])
  func shufflingIsAPermutation(_ count: Int) {
    var stream = RandomStream(seed: 1, purpose: .testing)
    var items = Array(0..<count)
    stream.shuffle(&items)
    #expect(items.sorted() == Array(0..<count))
    #expect(count < 100 || items != Array(0..<count))
  }

  @Test func everyPermutationOfThreeIsAsLikely() {
    var stream = RandomStream(seed: 2, purpose: .testing)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<1200 {
      var items = [0, 1, 2]
      stream.shuffle(&items)
      counts[items, default: 0] += 1
    }
    // 200 each; a standard deviation is √(1200 · 5/36) = 13.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 200) < 65 })
  }
}
