import Foundation
import Testing

@testable import Reports
@testable import Training

@Suite struct ProgressLineTests {
  /// Collects what a line writes.
  private final class Screen {
    var text = ""
    func line(on terminal: Terminal) -> ProgressLine {
      ProgressLine(terminal: terminal) { [self] in text += $0 }
    }
  }

  private let terminal = Terminal(
    width: 80, canRedraw: true, allowsColor: false, allowsUnicode: true)

  private func progress(
    epoch: Int = 3, share: Double, stepLoss: Double = 0.1234
  ) -> StepProgress {
    StepProgress(
      epoch: epoch, epochCount: 12, share: share, imagesPerSecond: 14_200, loss: 0.1234,
      accuracy: 0.961,
      record: StepRecord(step: 1, learningRate: 0.1, loss: stepLoss, accuracy: 0.961))
  }

  private let record = EpochRecord(
    epoch: 3, seconds: 4.2, imagesPerSecond: 14_200.4, learningRate: 0.1, trainLoss: 0.1234,
    trainAccuracy: 0.961, validationLoss: 0.0912, validationAccuracy: 0.9731)

  @Test func theLineIsDrawnOverWithBarAndTimeLeft() {
    let screen = Screen()
    var line = screen.line(on: terminal)
    line.update(progress(share: 0), at: 100)
    screen.text = ""
    // Half an epoch in 5 s: 9.5 more epochs take 95 s.
    line.update(progress(share: 0.5), at: 105)
    #expect(
      screen.text
        == "\repoch  3/12  ━━━━━━━──────  14,200 images/s  loss 0.1234  acc 96.1 %  1:35 left\u{1B}[K"
    )
  }

  @Test func drawingsAreATenthOfASecondApart() {
    let screen = Screen()
    var line = screen.line(on: terminal)
    for step in 0...100 { line.update(progress(share: Double(step) / 100), at: Double(step) / 64) }
    // 100/64 s; the next multiple of 1/64 that is a tenth or more later is 7/64: 0, 7, … 98.
    #expect(screen.text.split(separator: "\r").count == 15)
  }

  @Test func anEpochLeavesItsSummaryAndTheNextStartsBelow() {
    let screen = Screen()
    var line = screen.line(on: terminal)
    line.update(progress(share: 0.5), at: 1)
    line.finish(record, of: 12, isBest: true)
    #expect(
      screen.text.hasSuffix(
        "\u{1B}[K\repoch  3/12  4.2 s  loss 0.1234  val loss 0.0912  val accuracy 97.31 %  best"
          + "\u{1B}[K\n"))
    screen.text = ""
    line.update(progress(epoch: 4, share: 0), at: 1.01)
    #expect(screen.text.hasPrefix("\repoch  4/12  "))
  }

  @Test func elsewhereThereIsALineAnEpochWithoutEscapes() {
    let screen = Screen()
    var line = screen.line(on: .plain)
    line.update(progress(share: 0.5), at: 1)
    #expect(screen.text == "")
    line.finish(record, of: 12, isBest: true)
    line.show("done")
    line.clear()
    #expect(
      screen.text
        == "epoch  3/12  4.2 s  14,200 images/s  loss 0.1234  accuracy 96.10 %  val loss 0.0912"
        + "  val accuracy 97.31 %  best\ndone\n")
  }

  @Test func messagesGoAboveTheLine() {
    let screen = Screen()
    var line = screen.line(on: terminal)
    line.show("first")
    #expect(screen.text == "first\n")
    line.update(progress(share: 0.5), at: 1)
    screen.text = ""
    line.show("warning")
    #expect(screen.text == "\r\u{1B}[Kwarning\n")
    line.update(progress(share: 0.5), at: 1.001)
    #expect(screen.text.contains("\repoch"))
  }

  /// What stands on a line of `width` columns after a loss that halved `steps` times.
  private func line(_ width: Int, steps: Int, _ change: (inout Terminal) -> Void = { _ in })
    -> String
  {
    let screen = Screen()
    var terminal = Terminal.color
    terminal.width = width
    change(&terminal)
    var line = screen.line(on: terminal)
    for step in 0...steps {
      let share = Double(step) / Double(steps) / 2
      line.update(
        progress(share: share, stepLoss: 4 * pow(0.5, Double(step))), at: 100 + 10 * share)
    }
    let last = screen.text.split(separator: "\r").last ?? ""
    return String(last.replacing(/\u{1B}\[[0-9;]*[mK]/, with: ""))
  }

  @Test func theLossHasACurveBesideItIfThereIsRoom() {
    #expect(
      line(80, steps: 5)
        == "epoch  3/12  ━━━───  14,200 images/s  loss 0.1234 █▇▅▄▂▁  acc 96.1 %  1:35 left")
    #expect(
      line(120, steps: 7)
        == "epoch  3/12  ━━━━━━━━━━━━────────────  14,200 images/s  loss 0.1234 █▇▆▅▄▃▂▁        "
        + "  acc 96.1 %  1:35 left")
    // Its columns go to the bar before anything else is left out.
    #expect(
      line(79, steps: 5)
        == "epoch  3/12  ━━━━━━──────  14,200 images/s  loss 0.1234  acc 96.1 %  1:35 left")
  }

  @Test func withoutColorUnicodeOrATerminalThereIsNoCurve() {
    func hasCurve(_ change: (inout Terminal) -> Void) -> Bool {
      line(120, steps: 5, change).contains { "▁▂▃▄▅▆▇█".contains($0) }
    }
    #expect(hasCurve { _ in })
    #expect(!hasCurve { $0.allowsColor = false })
    #expect(!hasCurve { $0.allowsUnicode = false })
    #expect(!hasCurve { $0.canRedraw = false })
  }

  @Test(arguments: 1...130, [false, true]) func noLineIsWiderThanTheTerminal(
    _ width: Int, allowsColor: Bool
  ) {
    let screen = Screen()
    var narrow = terminal
    narrow.width = width
    narrow.allowsColor = allowsColor
    var line = screen.line(on: narrow)
    line.update(progress(share: 0), at: 0)
    line.update(progress(share: 0.99), at: 50)
    line.finish(record, of: 12, isBest: true)
    let lines = screen.text.replacing(/\u{1B}\[[0-9;]*[mK]/, with: "")
      .split { $0 == "\r" || $0 == "\n" }
    #expect(lines.allSatisfy { $0.count <= max(1, width - 1) })
  }

  @Test func numbersThatAreNoNumbersDoNotTrap() {
    let screen = Screen()
    var line = screen.line(on: .color)
    let broken = StepProgress(
      epoch: 1, epochCount: 1, share: .nan, imagesPerSecond: .infinity, loss: -.nan, accuracy: 0,
      record: StepRecord(step: 1, learningRate: 0.1, loss: .nan, accuracy: 0))
    line.update(broken, at: 0)
    line.update(broken, at: 1)
    #expect(screen.text.contains("epoch 1/1"))
    #expect(screen.text.contains("  loss nan  "))
  }
}

@Suite struct LossTraceTests {
  @Test func itBeginsWithACharacterAStep() {
    var trace = LossTrace()
    #expect(trace.text(columns: 8) == "")
    trace.add(2)
    #expect(trace.text(columns: 8) == "▁")
    trace.add(1)
    #expect(trace.text(columns: 8) == "█▁")
  }

  @Test(arguments: [255, 256, 257, 1000, 100_000]) func anyNumberOfStepsFitsTheColumns(_ count: Int)
  {
    var trace = LossTrace()
    for step in 0..<count { trace.add(exp(-Double(step) / Double(count))) }
    let text = trace.text(columns: 16)
    #expect(text.count == 16 && text.first == "█" && text.last == "▁")
    // An exponential is a straight line on a logarithmic scale.
    #expect(text.unicodeScalars.map(\.value) == text.unicodeScalars.map(\.value).sorted(by: >))
  }

  @Test func whatIsNoPositiveNumberIsLeftOut() {
    var trace = LossTrace()
    for loss in [3, .nan, .infinity, 0, -1, 1] { trace.add(loss) }
    #expect(trace.text(columns: 8) == "█▁")
  }
}
