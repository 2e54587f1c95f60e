import Configuration
import Support
import Testing
import TestSupport

@testable import Reports

@Suite struct ScheduleTextTests {
  private func configuration(_ options: [(String, String)]) throws -> TrainingConfiguration {
    var layers = LayeredConfiguration()
    for (name, word) in [("lr", "0.1"), ("epochs", "4")] + options {
      try layers.layFlag(.known(name), word)
    }
    return layers.configuration
  }

  @Test func theChartIsPlainWhereTheTerminalIs() throws {
    let terminal = Terminal(
      width: 30, canRedraw: false, allowsColor: false, allowsUnicode: false)
    let text = ScheduleText.text(
      of: try configuration([("scheduler", "polynomial"), ("warmup_epochs", "1")]),
      terminal: terminal)
    #expect(
      text == """
        polynomial, 4 epochs, warm-up over 1.0

        learning rate
         0.1 +
             |     ****
             |     *  **
             |    **   **
             |    *     ***
             |   **       **
        0.05 +   *         **
             |  **          ***
             |  *             **
             |  *              **
             | **               ***
             | *                  **
           0 +**                   *
             +----------------------
              0                    4
                      epoch

        """)
  }

  @Test func aJumpIsAnUnbrokenLine() throws {
    let text = ScheduleText.text(
      of: try configuration([("scheduler", "step"), ("lr_period", "2")]), terminal: .ascii)
    let lines = text.split(separator: "\n")
    #expect(lines.filter { $0.contains("*") }.count == 12)
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func dotsAndColorAreUsedWhereTheyAreShown() throws {
    let text = try ScheduleText.text(of: configuration([]), terminal: .color)
    #expect(text.contains("\u{1B}[32m⠉⠉"))
    let plain = try ScheduleText.text(of: configuration([]), terminal: .plain)
    #expect(!plain.contains("\u{1B}"))
  }

  @Test func whatAPlateauWillDoIsSaid() throws {
    let text = ScheduleText.text(
      of: try configuration([("scheduler", "plateau")]), terminal: .plain)
    #expect(text.contains("multiplied by 0.1 whenever val_loss does not improve"))
  }

  @Test func theObjectHasRatesFromStartToEnd() throws {
    let configuration = try configuration([("scheduler", "cosine")])
    let json = ScheduleText.json(of: configuration)
    let rates = json["lr"]?.array?.compactMap(\.double) ?? []
    #expect(rates.count == 101 && rates[0] == 0.1 && abs(rates[50] - 0.05) < 1e-3)
    #expect(json["scheduler"] == "cosine" && json["epochs"] == 4)
  }
}
