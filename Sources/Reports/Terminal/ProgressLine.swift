import Support
import Training

/// Shows a training's progress: on a terminal a line that is drawn over until its epoch ends and
/// then stays as the epoch's summary; elsewhere just the summaries, without any escape.
///
/// The cursor is never hidden, so that a kill at any time leaves nothing to restore.
public struct ProgressLine {
  /// The least time between two drawings, in seconds.
  static let interval = 0.1

  /// May be changed when the window is resized.
  public var terminal: Terminal
  private let write: (String) -> Void
  private var lastDrawing: Double?
  private var isShown = false
  /// When and at which epoch (with its fraction) the first update came.
  private var start: (time: Double, position: Double)?
  /// Every step since then.
  private(set) var trace = LossTrace()

  /// - Parameter write: takes the text to show, escapes and line breaks included.
  public init(terminal: Terminal, write: @escaping (String) -> Void) {
    self.terminal = terminal
    self.write = write
  }

  /// Draws the line over, unless that was done less than a tenth of a second ago.
  ///
  /// - Parameter time: in seconds, of a clock that only goes forward.
  public mutating func update(_ progress: StepProgress, at time: Double) {
    let position = Double(progress.epoch - 1) + progress.share
    let start = start ?? (time, position)
    self.start = start
    guard terminal.canRedraw else { return }
    trace.add(progress.record.loss)
    if let lastDrawing, time - lastDrawing < Self.interval { return }
    lastDrawing = time
    let speed = (position - start.position) / (time - start.time)
    let remaining = (Double(progress.epochCount) - position) / speed
    redraw(line(of: progress, remaining: speed > 0 ? remaining : nil), end: "")
  }

  /// Ends an epoch: its summary stays and the next epoch gets a line of its own.
  ///
  /// - Parameters:
  ///   - epochCount: of the whole training.
  ///   - isBest: whether no epoch before was better.
  public mutating func finish(_ record: EpochRecord, of epochCount: Int, isBest: Bool) {
    let parts = parts(of: record, epochCount, isBest: isBest)
    guard terminal.canRedraw else { return write(text(of: parts) + "\n") }
    redraw(fitted(parts), end: "\n")
    (isShown, lastDrawing) = (false, nil)
  }

  /// Shows a message on a line of its own, above the progress.
  public mutating func show(_ message: String) {
    clear()
    write(message + "\n")
  }

  /// Takes the line away, as before other output and at the end.
  public mutating func clear() {
    if isShown { write("\r\u{1B}[K") }
    (isShown, lastDrawing) = (false, nil)
  }

  private mutating func redraw(_ line: String, end: String) {
    write("\r" + line + "\u{1B}[K" + end)
    isShown = true
  }
}
