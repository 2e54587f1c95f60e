import NN
import Support
import Tensor

/// The numbers that a training loop needs, with every default filled in.
public struct TrainingSettings: Sendable {
  public var epochs: Int
  public var batchSize: Int
  public var optimizer: OptimizerSettings
  public var scheduler: SchedulerName
  public var warmupEpochs: Double
  public var labelSmoothing: Double
  /// Epochs without improvement after which training stops; 0: never.
  public var patience: Int
  public var monitor: MonitoredMetric
  public var shuffles: Bool
  public var augmentation: AugmentationOptions
  /// Seconds; `nil`: no limit.
  public var maxTime: Double?
  /// Steps; `nil`: no limit.
  public var maxSteps: Int?
  public var seed: UInt64
  /// One batch of each kind.
  public var isRehearsal: Bool

  /// The settings of a configuration; what neither a person nor a recipe chose is Keras' default.
  public init(_ configuration: TrainingConfiguration) {
    epochs = configuration.fastDevRun ? 1 : configuration.epochs ?? 10
    batchSize = configuration.batchSize ?? 128
    optimizer = OptimizerSettings(configuration)
    scheduler = configuration.scheduler ?? .constant
    warmupEpochs = configuration.warmupEpochs ?? 0
    labelSmoothing = configuration.labelSmoothing ?? 0
    patience = configuration.patience ?? 0
    monitor = configuration.monitor
    shuffles = configuration.shuffle
    augmentation = configuration.augmentation
    maxTime = configuration.maxTime
    maxSteps = configuration.maxSteps
    seed = configuration.seed
    isRehearsal = configuration.fastDevRun
  }

  /// The learning rate's schedule. `step` divides it by ten after each third of the way.
  func makeSchedule(stepsAnEpoch: Int) -> any Schedule {
    let learningRate = optimizer.learningRate
    let steps = epochs * stepsAnEpoch
    let warmUp = min(steps, Int((warmupEpochs * Double(stepsAnEpoch)).rounded()))
    let rest = max(1, steps - warmUp)
    switch scheduler {
    case .constant: return WarmUpSchedule(ConstantSchedule(rate: learningRate), steps: warmUp)
    case .step:
      let schedule = StepSchedule(rate: learningRate, period: (rest + 2) / 3, factor: 0.1)
      return WarmUpSchedule(schedule, steps: warmUp)
    case .cosine:
      return WarmUpSchedule(CosineSchedule(rate: learningRate, steps: rest), steps: warmUp)
    }
  }
}
