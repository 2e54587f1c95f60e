import Testing

@testable import NN

@Suite struct ScheduleTests {
  private func expect(_ schedule: any Schedule, gives rates: [Double]) {
    for (step, rate) in rates.enumerated() {
      #expect(abs(schedule.rate(at: step) - rate) < 1e-15, "step \(step)")
    }
  }

  @Test func constantStays() {
    expect(ConstantSchedule(rate: 0.1), gives: [0.1, 0.1, 0.1])
  }

  // The numbers are PyTorch 2.13's, printed before each step of
  // o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1) with the named scheduler.

  @Test func stepIsThatOfPyTorch() {
    // StepLR(o, 3, 0.5)
    expect(
      StepSchedule(rate: 0.1, period: 3, factor: 0.5),
      gives: [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025])
  }

  @Test func cosineIsThatOfPyTorch() {
    // CosineAnnealingLR(o, 8)
    expect(
      CosineSchedule(rate: 0.1, steps: 8),
      gives: [
        0.1, 0.09619397662556434, 0.08535533905932738, 0.0691341716182545, 0.05,
        0.030865828381745515, 0.014644660940672627, 0.0038060233744356634, 0,
      ])
  }

  @Test func warmUpIsThatOfPyTorch() {
    // SequentialLR(o, [LinearLR(o, 0.25, 1, 3), CosineAnnealingLR(o, 4)], [3])
    expect(
      WarmUpSchedule(CosineSchedule(rate: 0.1, steps: 4), steps: 3),
      gives: [0.025, 0.05, 0.075, 0.1, 0.08535533905932738, 0.05, 0.014644660940672627, 0])
  }

  @Test func cosineStaysAtZeroBehindItsEnd() {
    #expect(CosineSchedule(rate: 0.1, steps: 4).rate(at: 100) == 0)
  }

  @Test func degenerateLengthsAreHarmless() {
    #expect(CosineSchedule(rate: 0.1, steps: 0).rate(at: 0) == 0.1)
    #expect(StepSchedule(rate: 0.1, period: 0, factor: 0.5).rate(at: 1) == 0.05)
    #expect(WarmUpSchedule(ConstantSchedule(rate: 0.1), steps: 0).rate(at: 0) == 0.1)
  }
}
