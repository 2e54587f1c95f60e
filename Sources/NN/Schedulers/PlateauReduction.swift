import Support
/// A rate that is multiplied by `factor` whenever a metric did not improve for more than `patience`
/// epochs, as `torch.optim.lr_scheduler.ReduceLROnPlateau` with its relative threshold. Of all ways
/// to set a rate the only one with a memory.
public final class PlateauReduction {
  /// What is remembered.
  public struct State: Equatable, Sendable {
    public var rate: Double
    /// The best value so far; `nil` before the first.
    public var best: Double?
    /// Epochs without improvement since the last one, or since the last reduction.
    public var badEpochs: Int

    public init(rate: Double, best: Double? = nil, badEpochs: Int = 0) {
      (self.rate, self.best, self.badEpochs) = (rate, best, badEpochs)
    }
  }

  public var state: State
  public let factor: Double
  private let patience: Int
  private let threshold: Double
  private let minimum: Double
  private let higherIsBetter: Bool
  /// Reductions that are no larger are not made.
  private static let leastReduction = 1e-8

  /// - Parameters:
  ///   - threshold: the share by which a value must be better than the best to count.
  ///   - minimum: the rate that no reduction goes below.
  public init(
    rate: Double, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    minimum: Double = 0, higherIsBetter: Bool
  ) {
    state = State(rate: rate)
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.minimum = minimum
    self.higherIsBetter = higherIsBetter
  }

  /// Takes note of an epoch's metric, and reduces the rate if it is time to.
  public func note(_ metric: Double) {
    if improves(metric) {
      (state.best, state.badEpochs) = (metric, 0)
    } else {
      state.badEpochs += 1
    }
    guard state.badEpochs > patience else { return }
    state.badEpochs = 0
    let reduced = max(state.rate * factor, minimum)
    if state.rate - reduced > Self.leastReduction { state.rate = reduced }
  }

  private func improves(_ metric: Double) -> Bool {
    guard let best = state.best else { return !metric.isNaN }
    return higherIsBetter
      ? metric > best * (1 + threshold) : metric < best * (1 - threshold)
  }
}

extension ScheduleDescriptor {
  /// PyTorch waits for ten epochs, where trainings last for hundreds.
  public static let plateau = ScheduleDescriptor(
    "plateau", "falls by a factor when the monitored metric stays",
    uses: [
      .init(.warmupEpochs, 0), .init(.decay, 0.1), .init(.lowestRate, 0), .init(.patience, 2),
      .init(.threshold, 1e-4),
    ],
    reduction: { rate, higherIsBetter, values in
      PlateauReduction(
        rate: rate, factor: values[.decay], patience: values[.patience],
        threshold: values[.threshold], minimum: values[.lowestRate],
        higherIsBetter: higherIsBetter)
    }
  ) { span, _ in ConstantSchedule(rate: span.rate) }
}

extension Setting<Int> {
  fileprivate static var patience: Self {
    Self(
      "plateau_patience", .wholeNumber(atLeast: 0), "N",
      help: "epochs it waits for without improvement of val_loss, or of val_accuracy if --monitor "
        + "is that")
  }
}

extension Setting<Double> {
  fileprivate static var threshold: Self {
    Self(
      "plateau_threshold", .number(in: 0..<1), "SHARE",
      help: "least relative improvement that counts")
  }
}
