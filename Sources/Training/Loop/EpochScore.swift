import Configuration

/// How good an epoch is by a rule; the higher the better.
struct EpochScore: Comparable {
  var value = -Double.infinity
  /// What decides between epochs of the same value.
  var tieBreak = 0.0

  static func < (a: EpochScore, b: EpochScore) -> Bool {
    (a.value, a.tieBreak) < (b.value, b.tieBreak)
  }
}

extension MonitoredMetric {
  /// The metric after an epoch; `nil` if nothing was validated.
  public func value(of record: EpochRecord) -> Double? {
    switch self {
    case .valLoss: record.validationLoss
    case .valAccuracy: record.validationAccuracy
    }
  }

  /// The same with the sign that makes more better. Nothing compares with what is not a number: any
  /// other epoch must win over it.
  fileprivate func score(of record: EpochRecord) -> Double? {
    value(of: record).map { $0.isNaN ? -.infinity : higherIsBetter ? $0 : -$0 }
  }
}

extension BestEpochRule {
  /// What epochs are compared by; `nil` if nothing was validated.
  func score(of record: EpochRecord) -> EpochScore? {
    guard let value = followed.score(of: record) else { return nil }
    guard self == .valAccuracyThenLoss, let loss = MonitoredMetric.valLoss.score(of: record) else {
      return EpochScore(value: value)
    }
    return EpochScore(value: value, tieBreak: loss)
  }
}
