/// What is measured on the validation part after each epoch.
public enum MonitoredMetric: String, CaseIterable, Sendable {
  case valLoss = "val_loss", valAccuracy = "val_accuracy"

  public var higherIsBetter: Bool { self == .valAccuracy }

  /// `validation accuracy`
  public var words: String {
    switch self {
    case .valLoss: "validation loss"
    case .valAccuracy: "validation accuracy"
    }
  }
}

/// The values of `--monitor`: the rule that says which epoch is kept as the best. Names are Keras',
/// as far as it has such a rule. `Scripts/best_epoch.py` compares them.
public enum BestEpochRule: String, CaseIterable, Sendable {
  case valLoss = "val_loss", valAccuracy = "val_accuracy"
  /// Of epochs that are equally accurate the one with the lowest loss, not the first.
  case valAccuracyThenLoss = "val_accuracy_then_loss"
  /// Whatever validation says.
  case last

  /// What patience follows.
  public var followed: MonitoredMetric {
    switch self {
    case .valLoss, .last: .valLoss
    case .valAccuracy, .valAccuracyThenLoss: .valAccuracy
    }
  }

  /// What a learning rate that falls at a plateau follows. Accuracy moves in steps, so it is the loss
  /// unless somebody asks for accuracy alone.
  public var followedByRate: MonitoredMetric { self == .valAccuracy ? .valAccuracy : .valLoss }

  /// What the epoch that is kept is called.
  public var epochName: String { self == .last ? "last epoch" : "best epoch" }

  /// What it is the best by, to stand behind its number: `by validation accuracy`; `nil` if nothing
  /// was compared.
  public var reason: String? {
    switch self {
    case .valLoss, .valAccuracy: "by \(followed.words)"
    case .valAccuracyThenLoss: "by validation accuracy, then loss"
    case .last: nil
    }
  }
}
