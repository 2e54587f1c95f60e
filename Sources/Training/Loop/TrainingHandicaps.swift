import Configuration
import Datasets
import NN

/// What makes training harder than validation and test are, so that its loss and accuracy are not
/// theirs: dropout, label smoothing, varied images.
public struct TrainingHandicaps: Equatable, Sendable {
  /// What a person calls them; empty if there are none.
  public let names: [String]

  /// Those that a configuration and the layers of a model come to.
  public init(_ options: TrainingConfiguration, _ model: ModelSummary) {
    let loss = options.loss
    let known: [(name: String, isOn: Bool)] = [
      ("label smoothing", options.labelSmoothing ?? 0 > 0),
      ("class weights", loss.classWeights != nil),
      ("dropout", model.layers.contains { Self.drops($0) }),
      ("augmentation", !options.augmentation.augmentation.isIdentity),
      ("mixup", loss.mixup ?? 0 > 0), ("cutmix", loss.cutmix ?? 0 > 0),
    ]
    names = known.filter(\.isOn).map(\.name)
  }

  /// Whether a layer leaves something out at random in training alone.
  private static func drops(_ layer: ModelSummary.Layer) -> Bool {
    switch layer.type {
    case Dropout.type, SpatialDropout.type, Residual.type: Double(layer.detail) ?? 0 > 0
    default: false
    }
  }
}
