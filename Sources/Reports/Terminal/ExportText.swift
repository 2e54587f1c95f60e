import Analysis
import Interchange
import Support

/// What became of an export, as a person reads it.
public struct ExportText {
  private let result: ExportResult
  private let usage: String

  /// A share of right answers that is worth a warning.
  private static let noticeableLoss = 0.005

  /// - Parameter usage: what a person must know to use the file.
  public init(_ result: ExportResult, usage: String) {
    self.result = result
    self.usage = usage
  }

  /// The file, and how it compares with the program; lines ended by line breaks.
  public var text: String {
    let agreement = result.agreement
    var lines = [
      "written: \(result.path.shown), \(byteCount(result.bytes)), \(result.format)",
      "  \(usage.shown)",
      "  read back and run on \(counted(agreement.count, "image")), \(result.origin): "
        + "\(percent(agreement.sameAnswers)) same answers, logits differ by at most "
        + "\(Self.short(agreement.largestDifference)) (largest logit "
        + "\(fixed(Double(agreement.largestLogit), 1)))",
    ]
    if let accuracy = agreement.accuracy {
      lines.append(
        "  accuracy there: \(percent(accuracy.program)) here, \(percent(accuracy.file)) in the file"
      )
    }
    if let loss = result.loss, let worst = loss.worst {
      let noise =
        worst.signalToNoise.isFinite ? "\(fixed(worst.signalToNoise, 1)) dB" : "without bound"
      lines.append(
        "  '\(worst.name.shown)' lost most: it alone in steps of \(Self.short(worst.scale)) changes "
          + "\(percent(worst.changedAnswers)) of the answers; signal to noise of the logits \(noise), "
          + "\(grouped(loss.count)) images")
    }
    if let warning { lines.append("  " + warning) }
    var costs = "  \(grouped(result.multiplyAdds)) multiply-adds an image"
    if let ram = result.ramBytes { costs += ", \(byteCount(ram)) of RAM beside the weights" }
    lines.append(costs)
    return lines.map { $0 + "\n" }.joined()
  }

  /// What whole numbers cost and what to try, if that is worth a warning.
  public var warning: String? {
    guard let accuracy = result.agreement.accuracy, let loss = result.loss,
      accuracy.program - accuracy.file > Self.noticeableLoss
    else { return nil }
    let layer = loss.worst.map { ", most of it in '\($0.name.shown)'" } ?? ""
    return "warning: eight bits cost \(fixed(100 * (accuracy.program - accuracy.file), 2)) points"
      + "\(layer); export in floats, or train longer or with more filters"
  }

  /// Two digits: `3.1e-06`.
  private static func short(_ value: Float) -> String {
    guard value > 0 else { return "0" }
    let exponent = Int(value.exponent) * 30103 / 100_000 - 1
    var (mantissa, power) = (Double(value), 0)
    while mantissa < 1 {
      mantissa *= 10
      power -= 1
    }
    return power < -3 || exponent > 3 ? "\(fixed(mantissa, 1))e\(power)" : fixed(Double(value), 4)
  }
}
