/// The values of `--init`.
public enum InitializerName: String, CaseIterable, Sendable {
  case he, heUniform = "he_uniform", glorot, glorotNormal = "glorot_normal", lecun
  case lecunUniform = "lecun_uniform", orthogonal, zeros, whitening
}

/// The values of `--optimizer`.
public enum OptimizerName: String, CaseIterable, Sendable {
  case sgd, rmsprop, adagrad, adam, adamw, muon
}

/// The values of `--scheduler`.
public enum SchedulerName: String, CaseIterable, Sendable {
  case constant, step
  case multiStep = "multi_step"
  case exponential
  case inverseTime = "inverse_time"
  case polynomial, cosine
  case oneCycle = "one_cycle"
  case plateau
}

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
