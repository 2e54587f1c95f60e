import Support
import Testing

@testable import Search

/// A distribution and what it is called in a test's list.
struct DistributionCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let distribution: SearchDistribution

  static let all = [
    DistributionCase("choices", .choices(["a", 1, 1.0, true])),
    DistributionCase("integers", .integers(-3...8)),
    DistributionCase("uniform", .continuous(.uniform(-2...5))),
    DistributionCase("log", .continuous(.logUniform(1e-5...10))),
    DistributionCase("normal", .continuous(.normal(mean: 3, deviation: 2))),
    DistributionCase("log normal", .continuous(.logNormal(mean: -1, deviation: 0.5))),
    DistributionCase("beta", .continuous(.beta(a: 2, b: 5))),
    DistributionCase("q", .quantized(.uniform(0...1), step: 0.1)),
    DistributionCase("q log", .quantized(.logUniform(16...512), step: 16)),
    DistributionCase("q normal", .quantized(.normal(mean: 0, deviation: 3), step: 2)),
  ]

  private init(_ name: String, _ distribution: SearchDistribution) {
    testDescription = name
    self.distribution = distribution
  }
}

@Suite struct SweepDistributionTests {
  @Test(arguments: DistributionCase.all)
  func aValueLeadsBackToItsCoordinate(_ item: DistributionCase) throws {
    let distribution = item.distribution
    var stream = RandomStream(seed: 1, purpose: .testing)
    for _ in 0..<200 {
      let coordinate = distribution.sample(using: &stream)
      let value = distribution.value(at: coordinate)
      let back = try #require(distribution.coordinate(of: value))
      // Values are rounded to 53 bits, which shows where the law is flat.
      #expect(abs(back - coordinate) < 1e-9)
    }
  }

  /// Cells lie side by side and cover everything: their sizes are the values' probabilities.
  @Test(arguments: DistributionCase.all.filter { $0.distribution.cell(around: 0.5) != nil })
  func valuesComeAsOftenAsTheirCellIsLarge(_ item: DistributionCase) throws {
    var stream = RandomStream(seed: 2, purpose: .testing)
    var counts: [String: (count: Int, size: Double)] = [:]
    let total = 4_000
    for _ in 0..<total {
      let coordinate = item.distribution.sample(using: &stream)
      let cell = try #require(item.distribution.cell(around: coordinate))
      let size = cell.upperBound - cell.lowerBound
      counts[item.distribution.value(at: coordinate).text(), default: (0, size)].count += 1
    }
    #expect(counts.count > 5)
    for (count, size) in counts.values {
      let expected = Double(total) * size
      // Four standard deviations of a count.
      #expect(abs(Double(count) - expected) < 4 * expected.squareRoot() + 1)
    }
  }

  /// Where there are no cells, the share of draws below a value is what the law says.
  @Test(arguments: [
    ContinuousLaw.uniform(-2...5), .normal(mean: 3, deviation: 2), .beta(a: 2, b: 5),
  ])
  func continuousValuesFollowTheirLaw(_ law: ContinuousLaw) throws {
    var stream = RandomStream(seed: 2, purpose: .testing)
    let distribution = SearchDistribution.continuous(law)
    let draws = try (0..<4_000).map { _ in
      try #require(distribution.value(at: distribution.sample(using: &stream)).double)
    }
    for tenth in 1...9 {
      let value = law.value(atShare: Double(tenth) / 10)
      // Four standard deviations of a share of 4,000, at most 1 / 126.
      #expect(abs(Double(draws.count { $0 < value }) / 4_000 - Double(tenth) / 10) < 4 / 126.0)
    }
  }

  @Test func quantizedValuesHaveTheDigitsOfTheirStep() {
    let distribution = SearchDistribution.quantized(.uniform(0...1), step: 0.1)
    let texts = (0...10).map { distribution.value(at: Double($0) / 10).text() }
    #expect(texts.joined(separator: " ") == "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0")
    let whole = SearchDistribution.quantized(.logUniform(16...512), step: 16)
    #expect([0, 0.5, 1].map { whole.value(at: $0) } == [16, 96, 512])
  }

  /// Values from SciPy 1.17: `scipy.stats.norm.ppf`, `scipy.stats.beta(2, 5).cdf`, `.ppf`.
  @Test func lawsAgreeWithSciPy() {
    #expect(abs(NormalDistribution.value(atShare: 0.975) - 1.959963984540054) < 1e-13)
    #expect(abs(NormalDistribution.value(atShare: 1e-10) + 6.361340902404056) < 1e-12)
    #expect(abs(BetaDistribution(a: 2, b: 5).share(below: 0.3) - 0.579825) < 1e-13)
    #expect(abs(BetaDistribution(a: 2, b: 5).value(atShare: 0.5) - 0.26444998329566005) < 1e-13)
    #expect(abs(BetaDistribution(a: 0.5, b: 0.5).share(below: 0.9) - 0.7951672353008665) < 1e-13)
  }

  @Test func probabilitiesAreFollowed() {
    let distribution = SearchDistribution.choices(["a", "b", "c"], probabilities: [0.7, 0, 0.3])
    var stream = RandomStream(seed: 3, purpose: .testing)
    var counts = [0, 0, 0]
    for _ in 0..<1_000 { counts[Int(distribution.sample(using: &stream))] += 1 }
    #expect(counts[1] == 0)
    // 700 give or take four standard deviations.
    #expect((642...758).contains(counts[0]))
  }
}

@Suite struct SweepGridTests {
  @Test func theLastParameterChangesFastest() {
    let grid = SearchGrid(
      SearchSpace([
        SearchParameter("a", .choices(["x", "y"])), SearchParameter("b", .integers(1...3)),
      ]))
    let points = (0..<7).map { grid[$0]?.values.map { $0?.text() ?? "-" }.joined() }
    #expect(grid.count == 6)
    #expect(points == [#""x"1"#, #""x"2"#, #""x"3"#, #""y"1"#, #""y"2"#, #""y"3"#, nil])
  }

  @Test(arguments: [
    (0.0...1.0, 0.25, "0.0 0.25 0.5 0.75"), (0.1...0.4, 0.1, "0.1 0.2 0.3"),
    (1.0...6.0, 2.0, "1 3 5"), (0.5...2.0, 1.0, "0.5 1.5"), (0.0...1.0, 3.0, "0"),
  ])
  func quantizedUniformLeavesOutItsUpperBound(
    range: ClosedRange<Double>, step: Double, expected: String
  ) {
    let values = SearchDistribution.quantized(.uniform(range), step: step).gridValues ?? []
    #expect(values.map { $0.text() }.joined(separator: " ") == expected)
  }

  @Test func aParameterMultipliesOnlyTheChoiceItDependsOn() {
    let grid = SearchGrid(
      SearchSpace([
        SearchParameter("kind", .choices(["plain", "deep"])),
        SearchParameter("depth", .integers(2...4), if: .init(parameter: 0, choice: 1)),
        SearchParameter("rate", .choices([0.1, 0.2])),
      ]))
    let points = (0..<grid.count).compactMap { grid[$0] }
    #expect(grid.count == 8)
    #expect(points.count { $0.values[1] == nil } == 2)
    #expect(Set(points.map { "\($0.values)" }).count == 8)
  }

  @Test func aGridBeyondCountingHasAnEndAllTheSame() {
    let huge = SearchSpace(
      (0..<30).map { SearchParameter("p\($0)", .choices((0..<9).map { .integer($0) })) })
    #expect(SearchGrid(huge).count == .max)
    #expect(SearchGrid(huge)[80]?.values.suffix(3) == [0, 8, 8])
  }

  @Test func placeholdersSetNothing() throws {
    let space = SearchSpace([
      SearchParameter("decay", .choices([0.0, SearchChoice.placeholder(1)])),
      SearchParameter(
        "decay.1", .integers(5...6), option: "decay", if: .init(parameter: 0, choice: 1)),
    ])
    let grid = SearchGrid(space)
    let settings = (0..<grid.count).compactMap { grid[$0]?.settings(in: space) }
    #expect(settings == [["decay": 0.0], ["decay": 5], ["decay": 6]])
    let parameters = try #require(grid[2]).parameters(in: space)
    #expect(SearchPoint(parameters, in: space) == grid[2])
    #expect(SearchPoint(["decay": 0.0, "decay.1": 5], in: space) == nil)
  }
}
