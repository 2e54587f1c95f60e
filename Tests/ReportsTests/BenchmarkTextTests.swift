import Testing

@testable import Reports

@Suite struct BenchmarkTextTests {
  @Test(arguments: [
    (0.000_000_5, "0.50 us"), (0.000_012_34, "12.3 us"), (0.001_234, "1.23 ms"),
    (0.000_999_9, "1.00 ms"), (0.123_4, "123 ms"), (2, "2.00 s"), (99.96, "100 s"),
  ])
  func timesHaveThreeDigits(seconds: Double, expected: String) {
    #expect(shortTime(seconds, .ascii) == expected)
  }
}
