import Configuration
import Interchange
import NN
import Support
import Tensor

/// Where a training came to numbers that are none.
///
/// Each step looks at its loss, which is there anyway, and the end of an epoch at all weights and
/// running statistics, before they are validated and kept: no checkpoint holds a number that is not
/// finite. What such a number came from is looked for only then.
public struct Divergence: Equatable, Sendable {
  /// What was found not to be finite.
  public enum Finding: Equatable, Sendable {
    /// The loss alone.
    case loss
    /// The loss, and the gradient of this parameter, the first of those.
    case gradient(String)
    /// This parameter or running statistic, the first of those.
    case weights(String)
  }

  /// Counted from 1. Weights that are found at the end of an epoch are those after its last step.
  public let epoch: Int
  public let step: Int
  /// The step's learning rate.
  public let rate: Double
  public let finding: Finding
  /// How often the rate had been halved before.
  public let restores: Int

  public init(epoch: Int, step: Int, rate: Double, finding: Finding, restores: Int = 0) {
    (self.epoch, self.step, self.rate) = (epoch, step, rate)
    (self.finding, self.restores) = (finding, restores)
  }

  public var description: String {
    let found =
      switch finding {
      case .loss: "the loss is not a finite number"
      case .gradient(let name): "the loss and the gradient of '\(name)' are not finite numbers"
      case .weights(let name): "the weights of '\(name)' are not finite numbers"
      }
    let before =
      switch restores {
      case 0: ""
      case 1: " after its rate was halved once"
      default: " after its rate was halved \(restores) times"
      }
    return "training diverged\(before) in epoch \(epoch), step \(step): \(found)"
  }
}

extension Divergence.Finding {
  /// The first parameter or running statistic of a model that is not finite.
  static func weights(of model: Model) -> Self? {
    let tensors =
      model.parameters.map { ($0.name, $0.value) } + model.state.map { ($0.name, $0.value) }
    return tensors.first { !$0.1.isFinite }.map { .weights($0.0) }
  }

  /// What a loss that is not finite came from.
  static func behindLoss(of model: Model) -> Self {
    weights(of: model)
      ?? model.parameters.first { !$0.gradient.isFinite }.map { .gradient($0.name) } ?? .loss
  }
}

extension Tensor {
  fileprivate var isFinite: Bool { (0..<count).allSatisfy { self[$0].isFinite } }
}

/// How a training that diverged goes on: from its last checkpoint or its first weights, with half
/// the rate. The same training diverges in the same step again and again, so the rate decides alone,
/// and one that was killed meanwhile comes to the same weights.
final class DivergenceRestore {
  /// How often.
  static let limit = 3

  private let run: RunDirectory
  /// What the training begins with, until there is a checkpoint.
  private let first: SafetensorsFile

  init(_ trainer: Trainer, in run: RunDirectory) {
    self.run = run
    let model = trainer.model
    first = SafetensorsFile(
      metadata: [],
      tensors: model.torchTensors(steps: 0) + trainer.update.tensors(of: model, steps: 0))
  }

  /// Brings a trainer back.
  ///
  /// - Throws: what ``SavedTraining/init(reading:)`` throws.
  func restore(_ trainer: Trainer) throws {
    let restores = trainer.progress.restores + 1
    if FileSystem.exists(run.last) {
      let saved = try SavedTraining(reading: run)
      try trainer.model.load(saved.file)
      try trainer.takeUp(saved)
    } else {
      try trainer.model.load(first)
      try trainer.begin(first)
    }
    trainer.halveRate(times: restores)
  }
}
