import Configuration
import NN
import Testing

@testable import Training

@Suite struct TrainingHandicapsTests {
  private func names(_ options: [String: String]) throws -> [String] {
    var layers = LayeredConfiguration()
    for (name, text) in options { try layers.layFlag(.known(name), text) }
    let resolved = try layers.resolved(with: recipe(for: layers.configuration)).configuration
    let model = try ModelSummary(modelDescription(for: resolved))
    return TrainingHandicaps(resolved, model).names
  }

  @Test func whatTrainingAloneHasIsNamed() throws {
    #expect(try names(["model": "cnn"]) == ["label smoothing", "dropout"])
    #expect(try names(["model": "cnn", "label_smoothing": "0", "dropout": "0"]) == [])
    #expect(try names(["model": "lenet5"]) == [])
    #expect(
      try names([
        "model": "lenet5", "class_weights": "balanced", "augment": "light", "mixup": "0.2",
        "cutmix": "1",
      ]) == ["class weights", "augmentation", "mixup", "cutmix"])
    #expect(
      try names(["model": "resnet", "label_smoothing": "0", "drop_path": "0.2"]) == ["dropout"])
    #expect(
      try names(["model": "vit", "label_smoothing": "0", "dropout": "0", "augment": "none"]) == [])
  }
}
