import Configuration
import Studies
import Support
import Training

/// What a person sees of a sweep while it runs.
public struct SweepProgressText: Sendable {
  /// A trial that a worker of this process is at.
  public struct Running: Sendable {
    public let trial: Int
    public var progress: StepProgress?

    public init(trial: Int) { self.trial = trial }
  }

  private let sweep: SweepFile
  private let limit: Int?
  private let options: [StudyOption]
  /// What each report of a trial is about.
  private let reportUnit: String

  public init(_ sweep: SweepFile) {
    self.sweep = sweep
    limit = sweep.trialLimit
    let record = StudyRecord(directory: "", sweep: sweep, trials: [])
    options = StudyOption.all(of: record)
    reportUnit = record.reportUnit
  }

  /// The lines below everything that has ended: how far the study is, and each running trial.
  ///
  /// - Parameters:
  ///   - endedHere: the trials that this process has ended, in so many seconds.
  public func lines(
    of running: [Running], _ counts: StudyCounts, endedHere: Int, seconds: Double,
    terminal: Terminal
  ) -> [String] {
    let rows = running.map { row(of: $0, terminal) }
    return ([header(counts, endedHere, seconds)] + rows).map {
      $0.cut(to: max(1, terminal.width - 1)).withoutTrailingSpace
    }
  }

  private func header(_ counts: StudyCounts, _ endedHere: Int, _ seconds: Double) -> String {
    var parts = ["\(counts.settled)" + (limit.map { " of \($0)" } ?? "") + " trials"]
    if counts.pruned > 0 { parts.append("\(counts.pruned) pruned") }
    if counts.failed > 0 { parts.append("\(counts.failed) failed") }
    if let best = counts.best {
      parts.append(
        "best \(sweep.metric.name.rawValue) \(sweep.metric.text(best.value)) (\(best.trial))")
    }
    if let limit, endedHere > 0 {
      let left = seconds / Double(endedHere) * Double(max(0, limit - counts.settled))
      parts.append("about \(duration(left)) left")
    }
    return parts.joined(separator: "  ")
  }

  private func row(of running: Running, _ terminal: Terminal) -> String {
    let name = "  trial " + "\(running.trial)".padded(left: numberWidth)
    guard let progress = running.progress else { return name }
    let share = (Double(progress.epoch - 1) + progress.share) / Double(progress.epochCount)
    let epochs = "epoch \(progress.epoch)/\(progress.epochCount)"
    return name + "  " + bar(share, terminal) + "  " + epochs.padded(right: 12)
      + "  loss \(fixed(progress.loss, 4))  accuracy \(percent(progress.accuracy, 1))"
  }

  private func bar(_ share: Double, _ terminal: Terminal) -> String {
    let width = 16
    let done = Int((min(max(share, 0), 1) * Double(width)).rounded())
    let (full, empty) = terminal.allowsUnicode ? ("━", "─") : ("#", "-")
    return String(repeating: full, count: done) + String(repeating: empty, count: width - done)
  }

  /// The line that stays when a trial has ended; `nil` if it has not. A log gets all of it.
  public func line(of trial: StudyTrial, for terminal: Terminal) -> String? {
    guard trial.isSettled else { return nil }
    let value = trial.bestValue(by: sweep.metric).map(sweep.metric.text) ?? "-"
    let point = options.map { ($0.name, $0.text(of: trial)) }.filter { !$0.1.isEmpty }
      .map { "\($0)=\($1)".shown }
    let cells =
      [
        "trial " + "\(trial.number)".padded(left: numberWidth),
        trial.state.rawValue.padded(right: 8), value.padded(left: 7),
        counted(trial.reports.count, reportUnit).padded(right: reportUnit.count + 4),
        (trial.seconds.map(duration) ?? "").padded(right: 7),
      ] + point
    let line = (cells + (trial.state == .failed ? [(trial.reason ?? "").shown] : []))
      .joined(separator: "  ").withoutTrailingSpace
    return terminal.canRedraw ? line.cut(to: max(1, terminal.width - 1)) : line
  }

  private var numberWidth: Int { limit.map { "\($0 - 1)".count } ?? 1 }
}
