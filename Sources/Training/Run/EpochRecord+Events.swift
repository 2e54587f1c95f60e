import Interchange
import Support

extension [EpochRecord] {
  /// Writes the history as an event file of TensorBoard.
  ///
  /// The first event's time is that of the file if there is one already, so that the file grows from
  /// epoch to epoch and TensorBoard shows a training while it runs.
  /// - Throws: ``FileError``.
  public func writeEvents(to path: String) throws {
    let begin =
      TensorBoardEvents.time(ofFile: path)
      ?? wallClockSeconds() - reduce(0) { $0 + $1.seconds }
    var events = TensorBoardEvents(time: begin)
    var time = begin
    for record in self {
      time += record.seconds.isFinite ? record.seconds : 0
      events.addScalars(record.scalars, step: record.epoch, time: time)
    }
    try GrowingFile.write(events.bytes, to: path)
  }
}

extension EpochRecord {
  /// What stands before the slash is a chapter in TensorBoard.
  fileprivate var scalars: [(tag: String, value: Double)] {
    var scalars = [("loss/train", trainLoss), ("accuracy/train", trainAccuracy)]
    if let validationLoss { scalars.append(("loss/val", validationLoss)) }
    if let validationAccuracy { scalars.append(("accuracy/val", validationAccuracy)) }
    return scalars + [
      ("training/lr", learningRate), ("training/images_per_second", imagesPerSecond),
    ]
  }
}
