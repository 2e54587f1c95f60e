import Configuration
import Support
import Training

/// The learning rate of a training, drawn before it runs.
public enum ScheduleText {
  /// A sentence about the schedule and the chart of its rate over the epochs.
  public static func text(of configuration: TrainingConfiguration, terminal: Terminal) -> String {
    let settings = TrainingSettings(configuration)
    let chart = TerminalCurve(
      top: settings.optimizer.learningRate, yTitle: "learning rate", xTitle: "epoch",
      xEnd: "\(settings.epochs)", terminal: terminal)
    let rates = settings.plannedRates(points: chart.pointCount)
    return heading(settings) + "\n\n" + chart.text(rates) + note(settings)
  }

  private static func heading(_ settings: TrainingSettings) -> String {
    let warmUp = settings.schedule.options.warmupEpochs ?? 0
    let epochs = settings.epochs == 1 ? "1 epoch" : "\(settings.epochs) epochs"
    return "\(settings.schedule.name.rawValue), \(epochs)"
      + (warmUp > 0 ? ", warm-up over \(warmUp)" : "")
  }

  private static func note(_ settings: TrainingSettings) -> String {
    guard settings.schedule.name == .plateau else { return "" }
    let factor = settings.schedule.options.decay ?? 1
    return
      "\nmultiplied by \(factor) whenever \(settings.monitor.rawValue) does not improve, which is "
      + "not drawn\n"
  }

  /// The object of `train --plot-schedule --json`: the rates of 101 evenly spaced moments.
  public static func json(of configuration: TrainingConfiguration) -> JSONObject {
    let settings = TrainingSettings(configuration)
    return [
      "schema": 1, "scheduler": .string(settings.schedule.name.rawValue),
      "epochs": .integer(settings.epochs),
      "lr": .array(settings.plannedRates(points: 101).map { .number($0) }),
    ]
  }
}
