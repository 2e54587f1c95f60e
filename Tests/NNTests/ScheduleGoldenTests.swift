import Support
import TestSupport
import Testing

@testable import NN

/// `Golden/schedules-*.json`: the rates of fifty steps, which are epochs of one step each.
private struct GoldenSchedule {
  let schedule: ScheduleDescriptor
  let epochs: Int
  let settings: Settings
  let rates: [Double]
  /// What each epoch came to; `nil` unless the schedule looks at it.
  let metrics: [Double]?
  let higherIsBetter: Bool

  init(_ json: JSONValue) throws {
    let name = try #require(json["schedule"]?.string)
    schedule = try #require(ScheduleDescriptor.named(name))
    epochs = try #require(json["epochs"]?.int)
    settings = try Settings(#require(json["options"]?.object), of: ScheduleDescriptor.settings)
    rates = try #require(json["rates"]?.array).compactMap(\.double)
    metrics = json["metrics"]?.array?.map { $0.double ?? .nan }
    higherIsBetter = json["higher"] == true
  }

  static let rate = 0.1

  /// The rates of the first fifty steps.
  func found() -> [Double] {
    let reduction = schedule.makeReduction(
      rate: Self.rate, higherIsBetter: higherIsBetter, settings)
    if let reduction, let metrics {
      return metrics.map { metric in
        defer { reduction.note(metric) }
        return reduction.state.rate
      }
    }
    let made = schedule.makeSchedule(rate: Self.rate, epochs: epochs, stepsAnEpoch: 1, settings)
    return (0..<50).map(made.rate)
  }
}

@Suite struct ScheduleGoldenTests {
  private func cases(_ framework: String) throws -> [GoldenSchedule] {
    let path = goldenPath("schedules-\(framework)")
    let json = try JSONValue(parsing: readFile(path), path: path)
    #expect(json["rate"]?.double == GoldenSchedule.rate)
    return try #require(json["cases"]?.array).map(GoldenSchedule.init)
  }

  @Test func everyScheduleIsThere() throws {
    let names = try (cases("pytorch") + cases("keras")).map(\.schedule.name)
    #expect(Set(names + ["constant"]) == Set(ScheduleDescriptor.all.map(\.name)))
  }

  @Test(arguments: ["pytorch", "keras"])
  func fiftyStepsAreThoseOfTheFramework(framework: String) throws {
    let tests = try cases(framework)
    #expect(tests.count >= (framework == "keras" ? 3 : 11))
    for test in tests {
      let rates = test.found()
      #expect(rates.count == 50 && test.rates.count == 50)
      for (step, (found, wanted)) in zip(rates, test.rates).enumerated() {
        #expect(
          abs(found - wanted) <= 1e-12 * abs(wanted),
          "\(test.schedule.name) \(test.settings) step \(step)")
      }
    }
  }

  @Test func aPlateauBeginsWithTheFirstNumber() {
    let plateau = PlateauReduction(rate: 1, factor: 0.5, patience: 1, higherIsBetter: false)
    for metric in [Double.nan, 3, 4] { plateau.note(metric) }
    #expect(plateau.state == .init(rate: 1, best: 3, badEpochs: 1))
    plateau.note(5)
    #expect(plateau.state == .init(rate: 0.5, best: 3, badEpochs: 0))
  }

  @Test(arguments: [0, 1, 2, 3, 10]) func shortCyclesStayInTheirBounds(steps: Int) {
    let schedule = OneCycleSchedule(rate: 0.1, steps: steps)
    for step in 0..<20 { #expect((4e-7...0.1).contains(schedule.rate(at: step))) }
  }

  @Test func behindTheLastCycleTheCosineStaysLow() {
    let schedule = CosineSchedule(rate: 1, steps: 4, minimum: 0.25, restarts: 1, growth: 2)
    #expect([0, 4, 12, 100].map(schedule.rate) == [1, 1, 0.25, 0.25])
  }
}
