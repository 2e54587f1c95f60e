import Analysis
import Datasets
import Metrics
import Support

/// The images that a run was tested on, as far as they are found.
public enum TestImages: Sendable {
  case found(ImageSet)
  /// Why there are none, as a whole sentence.
  case missing(String)

  /// The test part of `dataset`, if it is what the run was tested on: every image that the run
  /// predicted must be there, with the class it had then.
  public init(of dataset: Dataset, for record: RunRecord) {
    guard let test = record.test else {
      self = .missing("Example images are left out: this run has not been tested.")
      return
    }
    guard let images = dataset.test else {
      self = .missing("Example images are left out: '\(dataset.name)' has no test part here.")
      return
    }
    let isTheSame = record.predictions.allSatisfy {
      $0.index < images.count && images.labels[$0.index] == $0.prediction.trueClass
    }
    guard isTheSame, test.dataset == dataset.name else {
      self = .missing(
        "Example images are left out: the test images of '\(dataset.name)' are not the ones that "
          + "this run was tested on; name those with --dataset and --data.")
      return
    }
    self = .found(images)
  }

  /// - Parameter reason: what kept the images from being loaded.
  public init(notLoaded reason: String) {
    self = .missing("Example images are left out: \(reason).")
  }
}
