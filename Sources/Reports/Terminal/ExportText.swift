import Analysis
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
    if let accuracy = agreement.accuracy, result.isQuantized,
      accuracy.program - accuracy.file > Self.noticeableLoss
    {
      lines.append(
        "  warning: eight bits cost \(fixed(100 * (accuracy.program - accuracy.file), 2)) points there; "
          + "export in floats, or train longer or with more filters")
    }
    var costs = "  \(grouped(result.multiplyAdds)) multiply-adds an image"
    if let ram = result.ramBytes { costs += ", \(byteCount(ram)) of RAM beside the weights" }
    lines.append(costs)
    return lines.map { $0 + "\n" }.joined()
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
