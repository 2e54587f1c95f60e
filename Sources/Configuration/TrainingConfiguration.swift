import Datasets
import NN
import Support
import Tensor

/// Everything that decides a training run. Flags, the environment, `--config` files, a run's
/// `config.json` and sweeps fill it through one list: ``ConfigurationOption/all``.
///
/// `nil` means that nobody chose: the model's recipe decides, or the option is not used.
public struct TrainingConfiguration: Equatable, Sendable {
  /// What shapes a preset, and the numbers of the optimizer, the schedule and the loss, as far as
  /// somebody chose them.
  public var settings = Settings()

  // Data
  public var dataset: String?
  public var data: String?
  public var trainImages: String?
  public var trainLabels: String?
  public var testImages: String?
  public var testLabels: String?
  public var mapping: String?
  /// `nil`: as the data set's family is stored.
  public var transpose: Bool?
  public var labelColumn: String?
  public var imageSize: ImageSize?
  public var limit: Int?
  public var limitTest: Int?
  /// The share of the training images that are the test part where there is none.
  public var testSplit: Double?
  public var validationSplit = ValidationSplit.share(0.1)

  // Model
  /// A preset's name or the path of a model file.
  public var model = ModelPreset.cnn.name
  public var initializer: Initializer?
  /// A safetensors file with the first weights.
  public var initFrom: String?

  // Training
  public var epochs: Int?
  public var batchSize: Int?
  public var optimizer: OptimizerDescriptor?
  public var scheduler: ScheduleDescriptor?
  public var regularization = RegularizationOptions()
  public var labelSmoothing: Double?
  /// Epochs without improvement after which training stops; 0: never.
  public var patience: Int?
  public var monitor = BestEpochRule.valAccuracyThenLoss
  public var shuffle = true
  /// Seconds of training.
  public var maxTime: Double?
  public var maxSteps: Int?
  public var loss = LossOptions()
  public var loop = LoopOptions()
  public var augmentation = AugmentationOptions()

  // Run
  public var seed: UInt64 = 0
  /// Of the draws that choose images; `nil`: as all others.
  public var splitSeed: UInt64?
  /// `nil`: one thread a processor.
  public var threads: Int?
  public var convolution = ConvolutionAlgorithm.winograd
  public var out: String?
  public var name: String?
  public var force = false
  /// Whether every step is recorded.
  public var logSteps = false
  public var fastDevRun = false

  public init() {}

  /// The optimizer, Keras' choice if nobody made one.
  public var optimizerOrDefault: OptimizerDescriptor { optimizer ?? .adam }

  /// The schedule, likewise.
  public var schedulerOrDefault: ScheduleDescriptor { scheduler ?? .constant }

  /// The seed of the draws that choose images: of limits, of the validation part and of folds.
  public var imageSeed: UInt64 { splitSeed ?? seed }
}

extension TrainingConfiguration {
  /// What the data options ask for.
  public var dataRequest: DataRequest {
    var request = DataRequest(
      name: dataset, directory: data, trainImages: trainImages, trainLabels: trainLabels,
      testImages: testImages, testLabels: testLabels, mapping: mapping, transposed: transpose)
    request.labelColumn = labelColumn
    request.imageSize = imageSize
    request.testSplit = testSplit
    return request
  }
}

/// What `--val-split` holds back from the training images.
public enum ValidationSplit: Equatable, Sendable {
  /// A stratified, seeded share of them; 0 for none.
  case share(Double)
  /// The tail that EMNIST's authors reserved for validation.
  case reserved
}
