import Training

/// One of the trainings that make up a trial: a fold, or a seed of several, or both.
struct TrialJob: Sendable {
  /// The directory within the trial's; `nil` if there is only one.
  let name: String?
  /// What is added to the trial's seed.
  let seedOffset: UInt64
  let parts: TrainingParts

  /// The trainings of a trial on these folds, or on its one pair of parts, in the order in which
  /// they are done.
  static func all(on folds: [TrainingParts], repeats: Int) -> [TrialJob] {
    let isAlone = folds.count == 1 && repeats == 1
    return folds.enumerated().flatMap { fold, parts in
      (0..<repeats).map { turn in
        let names =
          (folds.count > 1 ? ["fold-\(fold + 1)"] : [])
          + (repeats > 1 ? ["repeat-\(turn + 1)"] : [])
        return TrialJob(
          name: isAlone ? nil : names.joined(separator: "-"), seedOffset: UInt64(turn),
          parts: parts)
      }
    }
  }
}
