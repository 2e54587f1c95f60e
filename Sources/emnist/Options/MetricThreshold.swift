import Configuration
import Support

/// What `--fail-under accuracy=0.9` demands of a test result.
struct MetricThreshold: Equatable {
  /// Metrics of which more is better.
  enum Metric: String, CaseIterable { case accuracy, macroF1 = "macro_f1" }

  let metric: Metric
  let least: Double
}

extension ValueKind<MetricThreshold?> {
  /// `accuracy=0.9`
  static var metricThreshold: Self {
    word(expectation, toText: { $0.map { "\($0.metric.rawValue)=\($0.least)" } ?? "" }) {
      text throws(ValueProblem) in
      let parts = text.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let least = Double(parts[1]), (0...1).contains(least) else {
        throw .wrongKind(expected: expectation)
      }
      let name = String(parts[0])
      guard let metric = MetricThreshold.Metric(rawValue: name) else {
        let names = MetricThreshold.Metric.allCases.map(\.rawValue)
        throw .unknownChoice(name, of: "metric", choices: names)
      }
      return MetricThreshold(metric: metric, least: least)
    }
  }

  private static var expectation: String {
    "METRIC=SHARE with a share from 0 to 1, as accuracy=0.9"
  }
}
