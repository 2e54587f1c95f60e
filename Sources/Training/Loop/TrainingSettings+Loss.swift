import Configuration
import NN
import Support
import Tensor

extension TrainingSettings {
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
