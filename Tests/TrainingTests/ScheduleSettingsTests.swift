import NN
import Testing

@testable import Configuration
@testable import Training

@Suite struct ScheduleSettingsTests {
  private func schedule(
    _ options: [String: String], epochs: Int, stepsAnEpoch: Int
  ) throws -> any Schedule {
    var layers = LayeredConfiguration()
    for (name, word) in options { try layers.layFlag(.known(name), word) }
    let settings = TrainingSettings(layers.configuration)
    return settings.schedule.makeSchedule(
      rate: 1, epochs: epochs, stepsAnEpoch: stepsAnEpoch, settings.numbers)
  }

  private func expect(_ schedule: any Schedule, _ rates: [(step: Int, rate: Double)]) {
    for (step, rate) in rates {
      #expect(abs(schedule.rate(at: step) - rate) < 1e-12, "step \(step)")
    }
  }

  @Test func stepDividesByTenAfterEachThird() throws {
    expect(
      try schedule(["scheduler": "step"], epochs: 3, stepsAnEpoch: 4),
      [(0, 1), (3, 1), (4, 0.1), (7, 0.1), (8, 0.01), (11, 0.01)])
    expect(
      try schedule(
        ["scheduler": "step", "lr_period": "1.5", "lr_decay": "0.5"], epochs: 3, stepsAnEpoch: 4),
      [(5, 1), (6, 0.5), (11, 0.5)])
  }

  @Test func multiStepFallsAtHalfAndThreeQuarters() throws {
    expect(
      try schedule(["scheduler": "multi_step"], epochs: 4, stepsAnEpoch: 4),
      [(7, 1), (8, 0.1), (11, 0.1), (12, 0.01)])
    expect(
      try schedule(
        ["scheduler": "multi_step", "lr_milestones": "1,2.5", "warmup_epochs": "1"], epochs: 4,
        stepsAnEpoch: 4),
      [(4, 1), (7, 1), (8, 0.1), (13, 0.1), (14, 0.01)])
  }

  @Test func exponentialEndsAtAHundredth() throws {
    expect(
      try schedule(["scheduler": "exponential"], epochs: 2, stepsAnEpoch: 10),
      [(0, 1), (10, 0.1), (20, 0.01)])
    expect(
      try schedule(["scheduler": "exponential", "lr_decay": "0.5"], epochs: 9, stepsAnEpoch: 10),
      [(10, 0.5), (20, 0.25)])
  }

  @Test func inverseTimeHalvesInOneEpoch() throws {
    expect(
      try schedule(["scheduler": "inverse_time"], epochs: 4, stepsAnEpoch: 5),
      [(0, 1), (5, 0.5), (15, 0.25)])
  }

  @Test func polynomialIsAStraightLineToTheMinimum() throws {
    expect(
      try schedule(["scheduler": "polynomial", "lr_min": "0.2"], epochs: 2, stepsAnEpoch: 4),
      [(0, 1), (4, 0.6), (8, 0.2)])
  }

  @Test func cosineEndsWithTheLastStepAndFillsTheTrainingWithItsCycles() throws {
    expect(
      try schedule(["scheduler": "cosine"], epochs: 2, stepsAnEpoch: 5),
      [(0, 1), (5, 0.5), (10, 0)])
    expect(
      try schedule(["scheduler": "cosine", "lr_restarts": "1"], epochs: 2, stepsAnEpoch: 6),
      [(0, 1), (3, 0.5), (6, 1), (9, 0.5), (12, 0)])
    expect(
      try schedule(
        ["scheduler": "cosine", "lr_restarts": "1", "lr_restart_growth": "2"], epochs: 2,
        stepsAnEpoch: 6),
      [(2, 0.5), (4, 1), (8, 0.5), (12, 0)])
  }

  @Test func oneCycleRisesAndFalls() throws {
    let schedule = try schedule(["scheduler": "one_cycle"], epochs: 10, stepsAnEpoch: 10)
    expect(schedule, [(0, 0.04), (29, 1), (99, 0.04 / 10_000)])
  }

  @Test func warmUpTakesAShareOfAnEpochAndAtMostTheWholeTraining() throws {
    let half = try schedule(["warmup_epochs": "0.5"], epochs: 2, stepsAnEpoch: 4)
    #expect([0, 1, 2, 3].map(half.rate) == [1.0 / 3, 2.0 / 3, 1, 1])
    let long = try schedule(["warmup_epochs": "9"], epochs: 2, stepsAnEpoch: 4)
    #expect(long.rate(at: 7) == 8.0 / 9)
  }

  @Test func numbersFarBeyondATrainingDoNoHarm() throws {
    for options in [
      ["scheduler": "step", "lr_period": "1e30"],
      ["scheduler": "multi_step", "lr_milestones": "1e30"],
      ["scheduler": "exponential", "lr_period": "1e30", "lr_decay": "0.5"],
    ] {
      expect(try schedule(options, epochs: 2, stepsAnEpoch: 4), [(7, 1)])
    }
    #expect(
      try schedule(["warmup_epochs": "1e30"], epochs: 2, stepsAnEpoch: 4).rate(at: 7) == 8.0 / 9)
    expect(
      try schedule(
        ["scheduler": "cosine", "lr_restarts": "1000", "lr_restart_growth": "10"], epochs: 2,
        stepsAnEpoch: 4), [(0, 1)])
  }

  @Test func onlyThePlateauHasAMemory() throws {
    for schedule in ScheduleDescriptor.all {
      let reduction = schedule.makeReduction(rate: 1, higherIsBetter: false)
      #expect((reduction != nil) == (schedule == .plateau))
      #expect(schedule.looksAtValidation == (schedule == .plateau))
    }
  }
}
