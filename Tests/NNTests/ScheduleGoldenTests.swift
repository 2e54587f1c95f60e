import Testing

@testable import NN

/// `Golden/schedules-*.json`: the rates of fifty steps.
private struct GoldenSchedules: Decodable {
  let rate: Double
  let cases: [Case]

  struct Case: Decodable {
    let schedule: String
    let options: Options
    let rates: [Double]
  }

  struct Options: Decodable {
    let period, decay, power, minimum, rise, start, end, threshold: Double?
    let steps, restarts, growth, patience: Int?
    let milestones: [Int]?
    let metrics: [Double?]?
    let higher: Bool?
  }
}

@Suite struct ScheduleGoldenTests {
  private func schedule(
    _ name: String, rate: Double, _ o: GoldenSchedules.Options
  ) throws -> any Schedule {
    switch name {
    case "step":
      return try StepSchedule(
        rate: rate, period: Int(#require(o.period)), factor: #require(o.decay))
    case "multi_step":
      return try MultiStepSchedule(
        rate: rate, milestones: #require(o.milestones), factor: #require(o.decay))
    case "exponential":
      return try ExponentialSchedule(
        rate: rate, period: #require(o.period), factor: #require(o.decay))
    case "inverse_time":
      return try InverseTimeSchedule(
        rate: rate, period: #require(o.period), decay: #require(o.decay))
    case "polynomial":
      return try PolynomialSchedule(
        rate: rate, minimum: #require(o.minimum), power: #require(o.power),
        steps: #require(o.steps))
    case "cosine":
      return try CosineSchedule(
        rate: rate, steps: #require(o.steps), minimum: #require(o.minimum),
        restarts: #require(o.restarts), growth: #require(o.growth))
    default:
      try #require(name == "one_cycle")
      return try OneCycleSchedule(
        rate: rate, steps: #require(o.steps), rise: #require(o.rise),
        startDivisor: #require(o.start), endDivisor: #require(o.end))
    }
  }

  private func plateauRates(
    _ o: GoldenSchedules.Options, rate: Double
  ) throws -> [Double] {
    let plateau = try PlateauReduction(
      rate: rate, factor: #require(o.decay), patience: #require(o.patience),
      threshold: #require(o.threshold), minimum: #require(o.minimum),
      higherIsBetter: o.higher == true)
    return try #require(o.metrics).map { metric in
      defer { plateau.note(metric ?? .nan) }
      return plateau.state.rate
    }
  }

  @Test(arguments: ["pytorch", "keras"])
  func fiftyStepsAreThoseOfTheFramework(framework: String) throws {
    let golden: GoldenSchedules = try goldenFile("schedules-\(framework)")
    #expect(golden.cases.count >= (framework == "keras" ? 3 : 11))
    for test in golden.cases {
      var rates: [Double]
      if test.schedule == "plateau" {
        rates = try plateauRates(test.options, rate: golden.rate)
      } else {
        let schedule = try schedule(test.schedule, rate: golden.rate, test.options)
        rates = (0..<50).map(schedule.rate)
      }
      #expect(test.rates.count == 50 && rates.count == 50)
      for (step, (found, wanted)) in zip(rates, test.rates).enumerated() {
        #expect(
          abs(found - wanted) <= 1e-12 * abs(wanted),
          "\(test.schedule) \(test.options) step \(step)")
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
