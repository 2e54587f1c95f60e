import Configuration
import NN
import Support
import Tensor

/// The numbers that a training loop needs, with every default filled in.
public struct TrainingSettings: Sendable {
  public var epochs: Int
  public var batchSize: Int
  public var optimizer: OptimizerSettings
  public var schedule: ScheduleSettings
  public var gradientRules: GradientRules
  /// Of the weights' average; 0: none.
  public var averageDecay: Double
  public var labelSmoothing: Double
  public var loss: LossOptions
  /// Batches whose mean gradient makes one update.
  public var accumulate: Int
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
    schedule = ScheduleSettings(configuration)
    let regularization = configuration.regularization
    gradientRules = GradientRules(
      l1: regularization.l1 ?? 0, l2: regularization.l2 ?? 0,
      clipValue: regularization.clipValue ?? 0, clipNorm: regularization.clipNorm ?? 0)
    averageDecay = regularization.averageDecay ?? 0
    labelSmoothing = configuration.labelSmoothing ?? 0
    loss = configuration.loss
    accumulate = configuration.loop.accumulate
    patience = configuration.patience ?? 0
    monitor = configuration.monitor
    shuffles = configuration.shuffle && configuration.loop.overfitBatches == nil
    augmentation = configuration.augmentation
    maxTime = configuration.maxTime
    maxSteps = configuration.maxSteps
    seed = configuration.seed
    isRehearsal = configuration.fastDevRun
  }
}
