import Analysis
import Configuration
import Datasets
import Formats
import Metrics
import Support
import Training

/// Images that a run was trained on, and what its first epochs made of them.
public struct VariedImages: Sendable {
  fileprivate let height: Int
  fileprivate let width: Int
  fileprivate let rows: [Row]

  fileprivate struct Row: Sendable {
    let label: String
    /// Where in the training files the image stands.
    let index: Int
    /// As it is, and as epochs 1, 2, … showed it.
    let pictures: [[UInt8]]
  }

  private static let imageCount = 8
  private static let mostEpochs = 7

  /// The first images of the training part; `nil` if the run varies none.
  ///
  /// - Throws: what ``TrainingParts/init(of:_:)`` throws.
  public init?(of dataset: Dataset, _ options: TrainingConfiguration, epochs: Int) throws {
    let augmentation = options.augmentation
    let varied = Double(epochs) * (augmentation.until ?? 1)
    guard !augmentation.augmentation.isIdentity, varied >= 1 else { return nil }
    let selection = try TrainingParts(of: dataset, options).training
    let images = selection.images
    (height, width) = (images.height, images.width)
    try augmentation.check(images)
    let preview = AugmentationPreview(images, augmentation, seed: options.seed)
    let count = 1 + min(Self.mostEpochs, Int(varied))
    rows = selection.indices.prefix(Self.imageCount).map { index in
      Row(
        label: dataset.classes.labels[Int(images.labels[Int(index)])], index: Int(index),
        pictures: preview.pictures(of: Int(index), count: count))
    }
  }

  /// A row an image.
  var picture: ReportPicture {
    let pictureRows = rows.map { row in
      ImageGrid.Row(
        [row.label, "image \(row.index)"],
        row.pictures.enumerated().map { epoch, pixels in
          ImageGrid.Cell(
            png: PNG.encode(gray: onPaper(pixels), width: width, height: height), lines: [],
            hover: epoch == 0 ? "as it is" : "epoch \(epoch)")
        })
    }
    let last = (rows.first?.pictures.count ?? 1) - 1
    return ReportPicture(
      "augmentation", ImageGrid("What the network saw", rows: pictureRows).drawing,
      caption: "The first training images: as they are, and varied as "
        + (last == 1 ? "epoch 1" : "epochs 1 to \(last)") + " showed them.",
      png: sheet)
  }

  private var sheet: [UInt8] {
    LabelledRows(columns: rows.first?.pictures.count ?? 1, height: height, width: width)
      .png(rows.map { ($0.label, $0.pictures) }).bytes
  }

  /// Ink on paper, as people write.
  private func onPaper(_ pixels: [UInt8]) -> [UInt8] { pixels.map { 255 - $0 } }
}

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
