import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Support

/// A training as TensorBoard shows it: layers, options and samples of what is learned from, the numbers
/// of every epoch, and at the end of the test its confusion matrix.
struct TrainingEvents {
  private let outline: ModelOutline
  private let options: String
  private let samples: RGBPicture?

  init(_ session: TrainingSession) {
    let configuration = session.configuration.configuration
    outline = session.model.outline
    options = Self.table(of: configuration)
    samples = TrainingPictures.samples(of: session.training, configuration)
  }

  /// Writes the file, or what is new of it.
  ///
  /// The first event's time is that of the file if there is one already, and a training that is gone on
  /// with says the same as before of what it did before, so that the file grows from epoch to epoch and
  /// TensorBoard shows a training while it runs.
  /// - Parameter test: the matrix, and the epoch whose weights were tested.
  /// - Throws: ``FileError``.
  func write(
    _ history: [EpochRecord], test: (matrix: ConfusionMatrix, epoch: Int)? = nil, to path: String
  ) throws {
    let begin =
      TensorBoardEvents.time(ofFile: path)
      ?? wallClockSeconds() - history.reduce(0) { $0 + $1.recordedSeconds }
    var events = TensorBoardEvents(time: begin)
    events.addGraph(outline, time: begin)
    events.addText("configuration", options, step: 0, time: begin)
    if let samples {
      events.addImage(
        "samples", png: samples.png, width: samples.width, height: samples.height, step: 0,
        time: begin)
    }
    let end = history.addEvents(to: &events, from: begin)
    if let test, test.matrix.count > 0 {
      let picture = TrainingPictures.confusion(test.matrix)
      events.addImage(
        "confusion/test", png: picture.png, width: picture.width, height: picture.height,
        step: test.epoch, time: end)
    }
    try GrowingFile.write(events.bytes, to: path)
  }

  /// The options that make the training what it is, in Markdown.
  private static func table(of configuration: TrainingConfiguration) -> String {
    let rows = ConfigurationOption.all.compactMap { option -> String? in
      guard !left.contains(option.name), let value = option.text(in: configuration) else {
        return nil
      }
      // A bar would end the cell.
      return "| \(option.name) | \(value.shown.replacing("|", with: "\\|")) |"
    }
    return "| option | value |\n|---|---|\n" + rows.joined(separator: "\n")
  }

  /// What may be said anew when a training goes on, or says where it lies.
  private static let left = Set(LayeredConfiguration.changeableInResume + ["out", "name", "force"])
}

extension [EpochRecord] {
  /// Adds the numbers of every epoch.
  ///
  /// - Returns: the time of the last.
  func addEvents(to events: inout TensorBoardEvents, from begin: Double) -> Double {
    var time = begin
    for record in self {
      time += record.recordedSeconds
      events.addScalars(record.scalars, step: record.epoch, time: time)
    }
    return time
  }
}

extension EpochRecord {
  /// The seconds as `history.csv` keeps them.
  fileprivate var recordedSeconds: Double {
    Double(fixed(seconds, 3)).map { $0.isFinite ? $0 : 0 } ?? 0
  }

  /// What stands before the slash is a chapter in TensorBoard.
  fileprivate var scalars: [(tag: String, value: Double)] {
    var scalars = [("loss/train", trainLoss), ("accuracy/train", trainAccuracy)]
    if let validationLoss { scalars.append(("loss/val", validationLoss)) }
    if let validationAccuracy { scalars.append(("accuracy/val", validationAccuracy)) }
    return scalars + [
      ("training/lr", learningRate), ("training/images_per_second", recordedSpeed),
    ]
  }

  /// Likewise.
  private var recordedSpeed: Double { Double(fixed(imagesPerSecond, 1)) ?? imagesPerSecond }
}
