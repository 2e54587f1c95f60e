import Reports
import Studies
import Support
import Synchronization
import Training

/// Shows a sweep on standard error: on a terminal a table that is drawn over, above it and elsewhere
/// a line for each trial that has ended.
final class SweepConsole: SweepObserver {
  private struct State {
    var running: [Int: SweepProgressText.Running] = [:]
    var counts: StudyCounts
    var endedHere = 0
    var drawnLines = 0
    var lastDrawing = -Double.infinity
  }

  private let view: SweepProgressText
  private let isQuiet: Bool
  private let color: ColorChoice
  private let start = monotonicSeconds()
  private let state: Mutex<State>

  /// The least time between two drawings, in seconds.
  private static let interval = 0.2

  init(_ sweep: SweepFile, isQuiet: Bool, color: ColorChoice) {
    view = SweepProgressText(sweep)
    self.isQuiet = isQuiet
    self.color = color
    state = Mutex(State(counts: StudyCounts([], by: sweep.metric)))
  }

  /// Shows a line above the table.
  func show(_ message: String) {
    guard !isQuiet else { return }
    state.withLock { put(message + "\n", &$0) }
  }

  /// Takes the table away.
  func end() {
    guard !isQuiet else { return }
    state.withLock { put("", &$0) }
  }

  func sweep(worker: Int, begins trial: StudyTrial, of study: StudyCounts) {
    guard !isQuiet else { return }
    state.withLock {
      $0.running[worker] = SweepProgressText.Running(trial: trial.number)
      $0.counts = study
      draw(&$0)
    }
  }

  func sweep(worker: Int, isAt progress: StepProgress) {
    guard !isQuiet else { return }
    state.withLock {
      $0.running[worker]?.progress = progress
      draw(&$0)
    }
  }

  func sweep(worker: Int, ended trial: StudyTrial, of study: StudyCounts) {
    guard !isQuiet else { return }
    state.withLock {
      $0.running[worker] = nil
      $0.counts = study
      if trial.isSettled { $0.endedHere += 1 }
      if let line = view.line(of: trial, for: terminal) { put(line + "\n", &$0) }
      $0.lastDrawing = -.infinity
      draw(&$0)
    }
  }

  private var terminal: Terminal {
    Terminal(descriptor: StandardStream.error.rawValue, color: color)
  }

  private func draw(_ state: inout State) {
    let now = monotonicSeconds()
    guard now - state.lastDrawing >= Self.interval, terminal.canRedraw else { return }
    let lines = view.lines(
      of: state.running.sorted { $0.key < $1.key }.map(\.value), state.counts,
      endedHere: state.endedHere, seconds: now - start, terminal: terminal)
    put(lines.map { $0 + "\n" }.joined(), &state)
    (state.drawnLines, state.lastDrawing) = (lines.count, now)
  }

  /// Writes in place of the table, which is gone then.
  private func put(_ text: String, _ state: inout State) {
    let erasing = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A\u{1B}[J" : ""
    state.drawnLines = 0
    guard !(erasing + text).isEmpty else { return }
    try? StandardStream.error.put(erasing + text)
  }
}
