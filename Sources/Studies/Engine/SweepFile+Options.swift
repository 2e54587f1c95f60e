import Configuration
import Datasets
import NN
import Search
import Support
import Tensor

extension SweepFile {
  /// The options of a trial's training, resolved with its model's recipe: the base, and on it the
  /// point's.
  ///
  /// A search is often flat, with a momentum beside a choice of optimizers. An option that the
  /// trial's own model, optimizer, schedule or loss has no use for is left out of it.
  /// - Throws: ``ConfigurationError`` and ``ModelError`` if the point's options contradict each
  ///   other.
  public func options(of point: SearchPoint) throws -> LayeredConfiguration {
    var layers = LayeredConfiguration()
    let seed = UInt64(settings.seed)
    try layers.layMembers(["seed": .string("\(seed)")], of: path)
    try layers.layMembers(settings.base, of: path)
    try layers.layMembers(HiddenLayers.settle(point.settings(in: space)), of: path)
    try layers.layMembers(["monitor": .string(metric.name.rawValue)], of: path)
    layers.forget(try layers.resolved(with: recipe(for: layers.configuration)).unusedOptions)
    let resolved = try layers.resolved(with: recipe(for: layers.configuration))
    try resolved.validate()
    return resolved
  }
}

extension SweepFile {
  /// What all trials have in common: the base, and the parameters that are constant.
  ///
  /// - Throws: ``ConfigurationError``.
  public var commonOptions: TrainingConfiguration {
    get throws {
      var layers = LayeredConfiguration()
      try layers.layMembers(settings.base, of: path)
      let constants = space.parameters.filter { $0.condition == nil && $0.distribution.isConstant }
      let values = JSONObject(constants.map { ($0.option, $0.distribution.value(at: 0)) })
      try layers.layMembers(HiddenLayers.settle(values), of: path)
      return layers.configuration
    }
  }
}

extension LayeredConfiguration {
  /// The options that somebody gave and that what was chosen has no use for.
  fileprivate var unusedOptions: [String] {
    let families = OptionFamily.all.flatMap { family in
      let used = family.used(by: configuration)
      return family.members.filter { !used.contains($0) }
    }
    let preset = try? ModelPreset.named(configuration.model)
    let shape = ShapingOption.all.filter { option in
      preset.map { !$0.uses(option, with: configuration.settings) } ?? true
    }.map(\.name)
    return (families + shape).filter { location(of: $0) != nil }
  }
}

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
