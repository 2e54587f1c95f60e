import Configuration
import Interchange
import NN
import Tensor

/// What happens to the weights behind a backward pass: penalties and limits of the gradient, the
/// optimizer's step at the schedule's rate, the average.
public final class WeightUpdate {
  public let optimizer: any Optimizer
  /// The average of the weights, if one is kept.
  public let average: WeightAverage?
  /// What lowers the rate by the epochs' results, if anything does.
  public let plateau: PlateauReduction?
  /// What the rate is multiplied by after the training diverged.
  var rateFactor = 1.0
  private let schedule: any Schedule
  private let rules: GradientRules
  private let parameters: [Parameter]
  private let device: Device

  init(_ model: Model, _ settings: TrainingSettings, stepsAnEpoch: Int) {
    parameters = model.parameters
    device = model.device
    optimizer = settings.optimizer.makeOptimizer(for: parameters, settings.numbers)
    rules = settings.gradientRules
    let rate = settings.learningRate
    plateau = settings.schedule.makeReduction(
      rate: rate, higherIsBetter: settings.monitor.followedByRate.higherIsBetter, settings.numbers)
    schedule = settings.schedule.makeSchedule(
      rate: plateau == nil ? rate : 1, epochs: settings.epochs, stepsAnEpoch: stepsAnEpoch,
      settings.numbers)
    average =
      settings.averageDecay > 0 ? WeightAverage(model, decay: settings.averageDecay) : nil
  }

  /// The learning rate of step `step`, from 0.
  public func rate(at step: Int) -> Double {
    schedule.rate(at: step) * (plateau?.state.rate ?? 1) * rateFactor
  }

  /// Changes the weights after their gradients.
  func apply(step: Int) {
    rules.apply(to: parameters, on: device)
    optimizer.step(parameters, rate: rate(at: step), on: device)
    average?.update(step: step, on: device)
  }

  /// Takes note of what an epoch came to.
  func note(_ record: EpochRecord, following metric: MonitoredMetric) {
    guard let value = metric.value(of: record) else { return }
    plateau?.note(value)
  }

  /// Calls `body` while the model has the weights that are validated and kept: the average, if
  /// there is one.
  public func withBestWeights<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let average else { return try body() }
    return try average.whileInUse(body)
  }
}

// What `last.safetensors` keeps of a training beside the weights.

extension WeightUpdate {
  private static let optimizerPrefix = "optimizer."
  private static let averagePrefix = "ema."

  /// The optimizer's state as `optimizer.…`, and the average of the weights, if there is one, under
  /// the weights' names behind `ema.`.
  func tensors(of model: Model, steps: Int) -> [SafetensorsTensor] {
    let state = optimizer.state(of: model.parameters).map {
      SafetensorsTensor(
        name: Self.optimizerPrefix + $0.name, $0.value, layout: $0.layout)
    }
    guard average != nil else { return state }
    let averages = withBestWeights { model.torchTensors(steps: steps) }.map {
      SafetensorsTensor(
        name: Self.averagePrefix + $0.name, dtype: $0.dtype, shape: $0.shape, bytes: $0.bytes)
    }
    return state + averages
  }

  /// Takes what ``tensors(of:steps:)`` gave.
  ///
  /// - Throws: ``SafetensorsError`` and ``WeightsError``, after which the update is of no use.
  func load(_ file: SafetensorsFile, for model: Model) throws {
    try file.section(Self.optimizerPrefix).load(
      into: optimizer.state(of: model.parameters), of: model.description.name)
    try average?.whileInUse { try model.load(file.section(Self.averagePrefix)) }
  }
}
