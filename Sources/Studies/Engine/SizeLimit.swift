import Configuration
import Datasets
import NN
import Search
import Tensor

/// The largest network that a sweep may try.
struct SizeLimit {
  private let sweep: SweepFile
  private let inputShape: Shape
  private let classes: Int

  /// `nil` if the sweep has no limit.
  init?(_ sweep: SweepFile, _ dataset: Dataset) {
    guard sweep.settings.maxParameters != nil || sweep.settings.maxMacs != nil,
      let images = dataset.train
    else { return nil }
    self.sweep = sweep
    inputShape = [images.height, images.width, 1]
    classes = dataset.classes.count
  }

  /// Whether a point's network is small enough. One that cannot be built is: its trial will say why.
  func allows(_ point: SearchPoint) -> Bool {
    guard let options = try? sweep.options(of: point).configuration,
      let description = try? modelDescription(for: options),
      let model = try? ModelOutline(description, inputShape: inputShape, classes: classes)
    else { return true }
    return model.parameters <= sweep.settings.maxParameters ?? .max
      && model.multiplyAdds <= sweep.settings.maxMacs ?? .max
  }
}
