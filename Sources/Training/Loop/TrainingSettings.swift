import Configuration
import NN
import Support
import Tensor

/// The numbers that a training loop needs, with every default filled in.
public struct TrainingSettings: Sendable {
  public var epochs: Int
  public var batchSize: Int
  public var optimizer: OptimizerDescriptor
  public var schedule: ScheduleDescriptor
  /// The numbers that somebody chose for the optimizer, the schedule and the loss.
  public var numbers: Settings
  public var gradientRules: GradientRules
  /// Of the weights' average; 0: none.
  public var averageDecay: Double
  public var labelSmoothing: Double
  public var loss: LossOptions
  /// Batches whose mean gradient makes one update.
  public var accumulate: Int
  /// Epochs without improvement after which training stops; 0: never.
  public var patience: Int
  public var monitor: BestEpochRule
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
    optimizer = configuration.optimizerOrDefault
    schedule = configuration.schedulerOrDefault
    numbers = configuration.settings
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

extension TrainingSettings {
  /// The learning rate at its highest.
  public var learningRate: Double {
    get { optimizer.values(numbers)[.learningRate] }
    set { numbers[.learningRate] = newValue }
  }

  /// The learning rates at `points` evenly spaced moments from the first to the last step, as if no
  /// plateau came. An epoch is taken to have a thousand steps.
  public func plannedRates(points: Int) -> [Double] {
    let steps = 1_000
    let planned = schedule.makeSchedule(
      rate: learningRate, epochs: epochs, stepsAnEpoch: steps, numbers)
    return (0..<points).map {
      planned.rate(at: (epochs * steps - 1) * $0 / max(1, points - 1))
    }
  }

  /// The loss for batches of up to `batch` rows.
  ///
  /// - Parameter classCounts: the number of training images of each class.
  /// - Throws: ``LossError/weightCount(found:classes:)``.
  func makeLoss(batch: Int, classCounts: [Int]) throws -> any Loss {
    let classes = classCounts.count
    let weights = loss.classWeights?.values(counts: classCounts)
    if let weights, weights.count != classes {
      throw LossError.weightCount(found: weights.count, classes: classes)
    }
    return loss.loss.makeLoss(
      LossPlace(labelSmoothing: labelSmoothing, weights: weights, classes: classes, batch: batch),
      numbers)
  }

  /// What mixes batches of up to `batch` images, if anything does.
  func makeMixer(shape: Shape, batch: Int) -> BatchMixer? {
    let (mixup, cutmix) = (loss.mixup ?? 0, loss.cutmix ?? 0)
    guard mixup > 0 || cutmix > 0 else { return nil }
    return BatchMixer(mixup: mixup, cutmix: cutmix, shape: shape, batch: batch)
  }
}

/// A loss that does not fit the data.
public enum LossError: UserError, Equatable {
  case weightCount(found: Int, classes: Int)

  public var exitCode: ExitCode { .usage }

  public var description: String {
    switch self {
    case .weightCount(let found, let classes):
      "class_weights has \(found) numbers, but there are \(classes) classes; give each one a number"
    }
  }
}
