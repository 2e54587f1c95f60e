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

// What stands in a line, and what is left out where it does not fit.
extension ProgressLine {
  /// A part of a line. Where the line is too long the parts with the highest `rank` go first.
  struct Part {
    let text: String
    let rank: Int
  }

  /// The columns a line may take: the last one stays free, since a full line wraps.
  private var room: Int { max(1, terminal.width - 1) }

  func line(of progress: StepProgress, remaining: Double?) -> String {
    let head = epochText(progress.epoch, progress.epochCount)
    let tail = [
      Part(text: speedText(progress.imagesPerSecond), rank: 2),
      Part(text: "loss " + lossText(progress.loss), rank: Self.lossRank),
      Part(text: "acc " + percent(progress.accuracy, 1), rank: 3),
      Part(text: remaining.map { clock($0) + " left" } ?? "", rank: 0),
    ]
    let parts = fitting(tail, in: room - head.count - 2)
    let spare = room - head.count - text(of: parts).count - 4
    guard spare >= Self.leastBar else {
      return (head + "  " + text(of: parts)).cut(to: room)
    }
    let curve = curve(in: min(16, (spare - 1) / 2))
    let bar = bar(progress.share, width: min(24, spare - curve.count))
    let rest = parts.map { $0.rank == Self.lossRank ? Part(text: $0.text + curve, rank: 1) : $0 }
    return head + "  " + bar + "  " + text(of: rest)
  }

  private static let lossRank = 1
  /// The columns of the shortest bar and of the shortest curve that say something.
  private static let leastBar = 6

  /// A space and the course of the loss, for terminals only that show shades and more than ASCII.
  private func curve(in columns: Int) -> String {
    guard terminal.allowsColor, terminal.allowsUnicode, columns >= Self.leastBar else { return "" }
    return " " + trace.text(columns: columns).filled(right: columns)
  }

  func parts(of record: EpochRecord, _ epochCount: Int, isBest: Bool) -> [Part] {
    var parts = [
      Part(text: epochText(record.epoch, epochCount), rank: 0),
      Part(text: duration(record.seconds), rank: 4),
      Part(text: speedText(record.imagesPerSecond), rank: 6),
      Part(text: "loss " + lossText(record.trainLoss), rank: 3),
      Part(text: "accuracy " + percent(record.trainAccuracy), rank: 5),
    ]
    if let loss = record.validationLoss, let accuracy = record.validationAccuracy {
      parts.append(Part(text: "val loss " + lossText(loss), rank: 2))
      parts.append(Part(text: "val accuracy " + percent(accuracy), rank: 1))
    }
    if isBest { parts.append(Part(text: "best", rank: 1)) }
    return parts
  }

  func text(of parts: [Part]) -> String {
    parts.map(\.text).filter { !$0.isEmpty }.joined(separator: "  ")
  }

  /// The parts that fit the terminal, cut if even the most important does not.
  func fitted(_ parts: [Part]) -> String { text(of: fitting(parts, in: room)).cut(to: room) }

  private func fitting(_ parts: [Part], in room: Int) -> [Part] {
    var parts = parts
    while text(of: parts).columnCount > room, parts.count > 1 {
      let last = parts.indices.max { parts[$0].rank < parts[$1].rank } ?? 0
      parts.remove(at: last)
    }
    return parts
  }

  private func epochText(_ epoch: Int, _ count: Int) -> String {
    "epoch " + "\(epoch)".padded(left: "\(count)".count) + "/\(count)"
  }

  /// A loss that diverged is `nan`, whatever the sign bit of its NaN.
  private func lossText(_ loss: Double) -> String { loss.isNaN ? "nan" : fixed(loss, 4) }

  private func speedText(_ imagesPerSecond: Double) -> String {
    guard imagesPerSecond.isFinite, imagesPerSecond < 1e15 else { return "" }
    return grouped(Int(imagesPerSecond.rounded())) + " images/s"
  }

  private func bar(_ share: Double, width: Int) -> String {
    let clamped = share.isFinite ? min(max(share, 0), 1) : 0
    let done = Int((clamped * Double(width)).rounded())
    let style = Style(terminal)
    let (full, empty) = terminal.allowsUnicode ? ("━", "─") : ("#", "-")
    return style(.green, String(repeating: full, count: done))
      + style(.dim, String(repeating: empty, count: width - done))
  }

  /// `0:07`, `12:34`, `1:02:03`
  private func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded(.up))
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":\(two(whole % 60))"
  }
}
