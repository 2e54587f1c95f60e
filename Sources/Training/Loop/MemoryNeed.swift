import Configuration
import NN
import Support

/// The memory that a model takes at its peak beside the program and the images, estimated from shapes
/// before anything is allocated. `Scripts/check_memory.py` compares it with real peaks.
public struct MemoryNeed {
  private let model: ModelOutline
  private let threads: Int
  /// Bytes.
  public let bytes: Int
  private let purpose: MemoryError.Purpose

  /// For one training with its validations, its checkpoints and the test of the best one.
  ///
  /// - Parameter images: those to train on.
  public init(training model: ModelOutline, _ settings: TrainingSettings, images: Int, threads: Int)
  {
    self.model = model
    self.threads = threads
    let batch = max(1, min(settings.batchSize, images))
    purpose = .training(batch: batch)
    let weights = model.weightBytes
    let state = boundedProduct(4, model.parameters, settings.optimizer.statePerWeight)
    let kept = boundedSum([state, settings.averageDecay > 0 ? weights : 0])
    let validation = model.inferenceBytes(batch: Evaluator.batch(for: model))
    // A checkpoint holds the weights, what the optimizer keeps and the average; the test reads one
    // while the training is still there.
    let checkpoint = boundedSum([weights, kept])
    let test = MemoryNeed(evaluating: model, threads: threads).bytes
    bytes = boundedSum([
      model.trainingBytes(batch: batch), kept, validation, max(checkpoint, test),
      model.scratchBytes(batch: batch, threads: threads),
      settings.accumulate > 1 ? weights : 0,
    ])
  }

  /// For reading a checkpoint and classifying images.
  init(evaluating model: ModelOutline, threads: Int) {
    self.model = model
    self.threads = threads
    purpose = .evaluation
    let weights = model.weightBytes
    let batch = Evaluator.batch(for: model, atMost: 256)
    // The file, its tensors and the model; then the model and what it works with.
    bytes = max(
      boundedProduct(3, weights),
      boundedSum([
        weights, model.inferenceBytes(batch: batch),
        model.scratchBytes(batch: batch, threads: threads),
      ]))
  }

  /// - Throws: ``MemoryError`` if there is less.
  func check(against available: AvailableMemory? = .now) throws {
    guard let available, bytes > available.bytes else { return }
    throw MemoryError(
      model: model.description.name, purpose: purpose, needed: bytes, available: available)
  }
}

/// A model that needs more memory than there is.
public struct MemoryError: UserError, Equatable {
  public enum Purpose: Equatable, Sendable {
    case training(batch: Int)
    case evaluation
  }

  public let model: String
  public let purpose: Purpose
  /// Bytes, an estimate.
  public let needed: Int
  public let available: AvailableMemory

  public var exitCode: ExitCode { .configuration }

  public var description: String {
    let (what, advice) =
      switch purpose {
      case .training(let batch):
        (
          "training model '\(model)' in batches of \(batch)",
          batch > 1 ? "smaller batches or a smaller model" : "a smaller model"
        )
      case .evaluation: ("using model '\(model)'", "a smaller model")
      }
    return
      "\(what) needs about \(byteCount(needed)) of memory, but \(availability); choose \(advice)"
  }

  private var availability: String {
    let bytes = byteCount(available.bytes)
    switch available.bound {
    case .machine: return "\(bytes) are available"
    case .controlGroup(let limit):
      return "\(bytes) are left of the \(byteCount(limit)) that this process is allowed"
    }
  }
}
