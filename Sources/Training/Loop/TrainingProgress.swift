import NN
import Support

/// How far a training has come: what it must know to go on as if it had never stopped, beside its
/// weights and the optimizer's state.
///
/// Times are in it only where an epoch was cut short, so that checkpoints of the same training are
/// the same bytes.
public struct TrainingProgress: Equatable, Sendable {
  /// Epochs that are over.
  public internal(set) var epochs = 0
  /// Updates of the weights.
  public internal(set) var step = 0
  /// Batches, by which dropout and mixing draw their random numbers.
  var batches = 0
  /// The best epoch, from 1; 0 before the first. Without a validation part the latest is.
  public internal(set) var bestEpoch = 0
  /// The latest epoch that was better than all before it, which patience counts from. It is the best
  /// one unless the rule is to keep the last.
  public internal(set) var improvedEpoch = 0
  /// The score of that epoch.
  var bestScore = EpochScore()
  /// What a schedule with a memory remembers.
  var plateau: PlateauReduction.State?
  /// How often the training diverged and went on with half the rate.
  public internal(set) var restores = 0
  /// What the rate is multiplied by for that.
  var rateFactor: Double { 1 / Double(1 << restores) }
  /// What was done of the next epoch.
  public internal(set) var part: EpochPart?

  /// Why no further epoch begins, as far as it does not depend on the time.
  func reasonToStop(_ settings: TrainingSettings) -> StopReason? {
    if let steps = settings.maxSteps, step >= steps { return .steps }
    if settings.patience > 0, epochs - improvedEpoch >= settings.patience { return .early }
    return epochs >= settings.epochs ? .finished : nil
  }
}

/// The first part of an epoch that was cut short.
public struct EpochPart: Equatable, Sendable {
  /// Over the images that it took.
  var result: LossResult
  /// Of its steps.
  var seconds: Double
  /// Seconds of the whole training until then.
  var elapsed: Double
}

extension TrainingProgress {
  /// The key of a checkpoint's metadata.
  static let key = "emnist.progress"
  /// That of where a training ended, if it goes on from elsewhere.
  static let endKey = "emnist.end"

  /// The value of these keys.
  var json: JSONObject {
    var object: JSONObject = [
      "epochs": .integer(epochs), "step": .integer(step), "batches": .integer(batches),
      "best_epoch": .integer(bestEpoch), "best_score": exact(bestScore.value),
    ]
    if improvedEpoch != bestEpoch { object["improved_epoch"] = .integer(improvedEpoch) }
    if bestScore.tieBreak != 0 { object["best_tie_break"] = exact(bestScore.tieBreak) }
    if let plateau {
      object["plateau"] = [
        "lr": exact(plateau.rate), "best": plateau.best.map(exact) ?? .null,
        "bad_epochs": .integer(plateau.badEpochs),
      ]
    }
    if restores > 0 { object["restores"] = .integer(restores) }
    if let part {
      object["part"] = [
        "images": .integer(part.result.rows), "hits": .integer(part.result.hits),
        "loss_sum": exact(part.result.sum), "weight_sum": exact(part.result.weight),
        "seconds": exact(part.seconds), "elapsed": exact(part.elapsed),
      ]
    }
    return object
  }

  /// - Returns: `nil` for what ``json`` never is.
  init?(_ json: JSONValue) {
    guard let epochs = json["epochs"]?.count, let step = json["step"]?.count,
      let batches = json["batches"]?.count, let bestEpoch = json["best_epoch"]?.count,
      let bestScore = json["best_score"]?.exactNumber, bestEpoch <= epochs
    else { return nil }
    (self.epochs, self.step, self.batches) = (epochs, step, batches)
    (self.bestEpoch, improvedEpoch, self.bestScore.value) = (bestEpoch, bestEpoch, bestScore)
    if let improved = json["improved_epoch"] {
      guard let improved = improved.count, improved <= epochs else { return nil }
      improvedEpoch = improved
    }
    if let tieBreak = json["best_tie_break"] {
      guard let tieBreak = tieBreak.exactNumber else { return nil }
      self.bestScore.tieBreak = tieBreak
    }
    if let restores = json["restores"] {
      guard let restores = restores.int, (0...DivergenceRestore.limit).contains(restores) else {
        return nil
      }
      self.restores = restores
    }
    if let plateau = json["plateau"] {
      guard let state = PlateauReduction.State(plateau) else { return nil }
      self.plateau = state
    }
    if let part = json["part"] {
      guard let part = EpochPart(part) else { return nil }
      self.part = part
    }
  }
}

extension PlateauReduction.State {
  fileprivate init?(_ json: JSONValue) {
    guard let rate = json["lr"]?.exactNumber, let badEpochs = json["bad_epochs"]?.count,
      let best = json["best"]
    else { return nil }
    self.init(rate: rate, best: best.exactNumber, badEpochs: badEpochs)
  }
}

extension EpochPart {
  fileprivate init?(_ json: JSONValue) {
    guard let images = json["images"]?.count, let hits = json["hits"]?.count,
      let sum = json["loss_sum"]?.exactNumber, let weight = json["weight_sum"]?.exactNumber,
      let seconds = json["seconds"]?.exactNumber, let elapsed = json["elapsed"]?.exactNumber,
      RecordBounds.seconds.contains(seconds), RecordBounds.seconds.contains(elapsed)
    else { return nil }
    result = LossResult(sum: sum, weight: weight, hits: hits, rows: images)
    (self.seconds, self.elapsed) = (seconds, elapsed)
  }
}

/// A number that reads back as itself; what JSON cannot write is a string.
private func exact(_ number: Double) -> JSONValue {
  number.isFinite ? .number(number) : .string("\(number)")
}

extension JSONValue {
  fileprivate var exactNumber: Double? { double ?? string.flatMap { Double($0) } }

  fileprivate var count: Int? { int.flatMap { RecordBounds.count.contains($0) ? $0 : nil } }
}
