import Search
import Support
import Synchronization

/// How much a searched parameter matters for the metric, by two measures.
public struct ParameterWeight: Sendable {
  public let name: String
  /// For being among the best tenth of the trials; see ``ParameterImportance``.
  public let bestTenth: ImportanceEstimate
  /// For the variance of the metric; see ``FunctionalANOVA``. `nil` where it says nothing: of what
  /// not every trial uses, and before two trials differ.
  public let variance: ImportanceEstimate?

  /// What parameters are sorted by.
  public var share: Double { variance?.share ?? bestTenth.share }
}

/// The importance of a study's parameters, once somebody asked for it.
final class FoundWeights: Sendable {
  private let found = Mutex<[ParameterWeight]?>(nil)

  func value(_ find: () -> [ParameterWeight]) -> [ParameterWeight] {
    found.withLock { found in
      if let found { return found }
      let weights = find()
      found = weights
      return weights
    }
  }
}

extension StudyRecord {
  /// The finished trials and their losses, the best first.
  private var losses: [(point: SearchPoint, loss: Double)] {
    ranking.map { ($0.point, sweep.metric.loss($0.value ?? .infinity)) }
  }

  /// The importance of each searched parameter for the metric, in the space's order; see
  /// ``ParameterImportance``.
  public var importance: [(name: String, share: Double)] {
    let shares = ParameterImportance.of(losses, in: sweep.space)
    return zip(sweep.space.parameters, shares).filter { !$0.0.distribution.isConstant }
      .map { ($0.0.name, $0.1) }
  }

  /// The same by both measures and with what is not known of them. It takes some tenths of a second
  /// when it is asked for first.
  public var weights: [ParameterWeight] { foundWeights.value(findWeights) }

  private func findWeights() -> [ParameterWeight] {
    let best = ParameterImportance.estimates(of: losses, in: sweep.space)
    let variances = FunctionalANOVA.of(losses, in: sweep.space)
    return sweep.space.parameters.indices.compactMap { index in
      let parameter = sweep.space.parameters[index]
      return parameter.distribution.isConstant
        ? nil
        : ParameterWeight(
          name: parameter.name, bestTenth: best[index], variance: variances[index])
    }
  }
}
