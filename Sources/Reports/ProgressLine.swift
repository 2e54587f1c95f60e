import Support

/// How far a training has come inside an epoch.
public struct EpochProgress: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochCount: Int
  /// The share of this epoch's work that is done, 0 to 1.
  public var share: Double
  public var imagesPerSecond: Double
  /// Means over the epoch so far.
  public var loss: Double
  public var accuracy: Double
  /// Of the latest step alone.
  public var stepLoss: Double

  public init(
    epoch: Int, epochCount: Int, share: Double, imagesPerSecond: Double, loss: Double,
    accuracy: Double, stepLoss: Double
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.share = share
    self.imagesPerSecond = imagesPerSecond
    self.loss = loss
    self.accuracy = accuracy
    self.stepLoss = stepLoss
  }
}

/// What an epoch came to.
public struct EpochSummary: Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochCount: Int
  public var seconds: Double
  public var imagesPerSecond: Double
  public var trainLoss: Double
  public var trainAccuracy: Double
  /// Loss and accuracy on the validation part, if there is one.
  public var validation: (loss: Double, accuracy: Double)?
  /// Whether no epoch before was better.
  public var isBest: Bool

  public init(
    epoch: Int, epochCount: Int, seconds: Double, imagesPerSecond: Double, trainLoss: Double,
    trainAccuracy: Double, validation: (loss: Double, accuracy: Double)?, isBest: Bool
  ) {
    self.epoch = epoch
    self.epochCount = epochCount
    self.seconds = seconds
    self.imagesPerSecond = imagesPerSecond
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.validation = validation
    self.isBest = isBest
  }
}

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
  public mutating func update(_ progress: EpochProgress, at time: Double) {
    let position = Double(progress.epoch - 1) + progress.share
    let start = start ?? (time, position)
    self.start = start
    guard terminal.canRedraw else { return }
    trace.add(progress.stepLoss)
    if let lastDrawing, time - lastDrawing < Self.interval { return }
    lastDrawing = time
    let speed = (position - start.position) / (time - start.time)
    let remaining = (Double(progress.epochCount) - position) / speed
    redraw(line(of: progress, remaining: speed > 0 ? remaining : nil), end: "")
  }

  /// Ends an epoch: its summary stays and the next epoch gets a line of its own.
  public mutating func finish(_ summary: EpochSummary) {
    let parts = parts(of: summary)
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
