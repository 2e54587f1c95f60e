import Support

extension ConfigurationOption {
  /// The learning rate's schedule and its numbers.
  public static let schedule: [ConfigurationOption] = [
    .init(
      "scheduler", \.scheduler, .choice(of: "scheduler"), "NAME", in: .schedule,
      help: "how the learning rate falls"),
    .init(
      "warmup_epochs", \.scheduleOptions.warmupEpochs, .number(atLeast: 0), "X", in: .schedule,
      help: "epochs over which the learning rate first rises: all but one_cycle"),
    .init(
      "lr_decay", \.scheduleOptions.decay, .number(above: 0), "X", in: .schedule,
      help: "factor of step, multi_step, exponential (default: 1 % at the end) and plateau; "
        + "inverse_time divides by 1 + X a period"),
    .init(
      "lr_period", \.scheduleOptions.period, .number(above: 0), "EPOCHS", in: .schedule,
      help: "epochs from one factor to the next: step (default: a third of all), exponential, "
        + "inverse_time"),
    .init(
      "lr_milestones", \.scheduleOptions.milestones, .numbers(above: 0), "X,X", in: .schedule,
      help: "epochs after the warm-up at which multi_step falls (default: half and three "
        + "quarters)"),
    .init(
      "lr_power", \.scheduleOptions.power, .number(above: 0), "X", in: .schedule,
      help: "exponent of polynomial; 1 is a straight line"),
    .init(
      "lr_min", \.scheduleOptions.minimum, .number(atLeast: 0), "X", in: .schedule,
      help: "learning rate at its lowest: cosine, polynomial, plateau"),
    .init(
      "lr_restarts", \.scheduleOptions.restarts, .wholeNumber(in: 0...1000), "N", in: .schedule,
      help: "times that cosine begins anew"),
    .init(
      "lr_restart_growth", \.scheduleOptions.restartGrowth, .wholeNumber(in: 1...10), "N",
      in: .schedule, help: "how many times longer each new cosine is"),
    .init(
      "one_cycle_rise", \.scheduleOptions.riseShare, .number(in: 0...1), "SHARE", in: .schedule,
      help: "share of the steps in which one_cycle rises"),
    .init(
      "one_cycle_start", \.scheduleOptions.startDivisor, .number(atLeast: 1), "X", in: .schedule,
      help: "how many times lower than --lr one_cycle starts"),
    .init(
      "one_cycle_end", \.scheduleOptions.endDivisor, .number(atLeast: 1), "X", in: .schedule,
      help: "how many times lower than its start one_cycle ends"),
    .init(
      "plateau_patience", \.scheduleOptions.plateauPatience, .wholeNumber(atLeast: 0), "N",
      in: .schedule, help: "epochs without improvement that plateau waits for"),
    .init(
      "plateau_threshold", \.scheduleOptions.plateauThreshold, .number(in: 0..<1), "SHARE",
      in: .schedule, help: "least relative improvement that plateau counts"),
  ]
}
