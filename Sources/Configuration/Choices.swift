/// The values of `--monitor`: what decides which epoch was best.
public enum MonitoredMetric: String, CaseIterable, Sendable {
  case valLoss = "val_loss", valAccuracy = "val_accuracy"
}

/// What `--val-split` holds back from the training images.
public enum ValidationSplit: Equatable, Sendable {
  /// A stratified, seeded share of them; 0 for none.
  case share(Double)
  /// The tail that EMNIST's authors reserved for validation.
  case reserved
}
