import Configuration
import Datasets
import Interchange
import Metrics
import NN
import Support
import Tensor

extension Confidence {
  /// The most characters, and pictures that are none, that a score is fitted on.
  private static let mostSamples = 2_000

  /// Fits temperature, score and threshold on images that the model was not trained on.
  ///
  /// The result depends on model, images and seed alone.
  ///
  /// - Parameter validation: the images.
  /// - Returns: `nil` of fewer than ``leastCharacters``.
  init?(fitting evaluator: Evaluator, on validation: Selection, form: CharacterForm, seed: UInt64) {
    guard validation.count >= Self.leastCharacters else { return nil }
    let (evidence, probabilities) = evaluator.evidence(of: validation)
    let temperature = Temperature(
      fitting: probabilities, labels: (0..<validation.count).map(validation.label(at:)),
      classCount: probabilities.count / validation.count)
    let count = min(validation.count, Self.mostSamples)
    let characters = (0..<count).map { evidence[$0 * validation.count / count] }
    let others = NonCharacters(unlike: validation, form: form, seed: seed).images(count)
    let score = CharacterScore(
      characters: characters, others: evaluator.evidence(of: Selection(others)).evidence)
    self.init(
      temperature: temperature, score: score,
      threshold: Self.threshold(of: evidence.map { score($0) }))
  }
}

extension TrainingSession {
  /// Adds to the best epoch's checkpoint how far its answers are to be believed, if there are
  /// validation images to tell by. Its weights stay; after an end in between it is made up for.
  func addConfidence() throws {
    guard fitsConfidence, let validation, Interruption.signal == nil,
      !configuration.configuration.fastDevRun,
      FileSystem.exists(run.best)
    else { return }
    let file = try SafetensorsFile.read(path: run.best)
    guard file[metadata: Confidence.temperatureKey] == nil else { return }
    let (checkpoint, model) = try Checkpoint.read(run.best, on: device)
    let confidence = Confidence(
      fitting: Evaluator(model, of: checkpoint), on: validation, form: checkpoint.form,
      seed: configuration.configuration.seed)
    guard let confidence else { return }
    var completed = file
    completed.metadata += confidence.metadata
    try completed.checksummed.write(to: run.best)
  }
}
