import Testing

@testable import Reports

@Suite struct TicksTests {
  @Test func stepsAreOneTwoOrFive() {
    #expect(Ticks.linear(0...1, limit: 6).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks.linear(0...100, limit: 3).labels == ["0", "50", "100"])
    #expect(Ticks.linear(-0.3...0.3, limit: 4).labels == ["-0.2", "0.0", "0.2"])
    #expect(
      Ticks.linear(97...99.5, limit: 7).labels == ["97.0", "97.5", "98.0", "98.5", "99.0", "99.5"])
  }

  @Test func epochsAreWhole() {
    #expect(Ticks.linear(1...3, limit: 10, isWhole: true).labels == ["1", "2", "3"])
    #expect(Ticks.linear(1...30, limit: 5, isWhole: true).labels == ["10", "20", "30"])
  }

  @Test func tinyAndHugeNumbersHavePowers() {
    #expect(Ticks.linear(0...3e-7, limit: 4).labels == ["0", "10⁻⁷", "2·10⁻⁷", "3·10⁻⁷"])
    #expect(Ticks.linear(0...2e6, limit: 3).labels == ["0", "10⁶", "2·10⁶"])
  }

  @Test func logarithmicTicksThinOut() {
    #expect(
      Ticks.logarithmic(0.1...10, limit: 8).labels == ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    #expect(Ticks.logarithmic(0.1...10, limit: 5).labels == ["0.1", "0.3", "1", "3", "10"])
    #expect(Ticks.logarithmic(1e-6...1, limit: 3).labels == ["10⁻⁶", "0.001", "1"])
  }

  @Test func aCrowdedAxisDropsLabels() {
    let axis = Axis("epoch", 1...1_000_000, isWhole: true)
    let ticks = axis.ticks(along: 120, size: 11)
    #expect(ticks.values.count >= 1 && ticks.values.count <= 3)
  }
}

@Suite struct AxisTests {
  @Test func theRangeEndsAtRoundNumbers() {
    #expect(Axis("y", covering: [0.13, 2.3]).range == 0...2.5)
    #expect(Axis("y", covering: [98.2, 99.7], within: 0...100).range.upperBound <= 100)
    #expect(Axis("y", covering: [.nan, .infinity]).range == 0...1)
  }

  @Test func oneValueGetsRoom() {
    let axis = Axis("y", covering: [3, 3])
    #expect(axis.range.lowerBound < 3 && axis.range.upperBound > 3)
    #expect(Axis("y", covering: [100], within: 0...100).range.lowerBound < 100)
  }

  @Test func positionsRunFromZeroToOne() {
    let axis = Axis("y", covering: [0.001, 10], mayBeLogarithmic: true)
    #expect(axis.scale == .logarithmic)
    #expect(axis.range == 0.001...10)
    #expect(axis.position(0.001) == 0 && axis.position(10) == 1)
    #expect(abs(axis.position(0.1) - 0.5) < 1e-12)
  }

  @Test func valuesThatAreNotPositiveStayLinear() {
    #expect(Axis("y", covering: [0, 10], mayBeLogarithmic: true).scale == .linear)
  }
}
