import Datasets
import NN
import Support

extension LayeredConfiguration {
  /// Checks what no option can say alone.
  ///
  /// - Throws: ``ConfigurationError``.
  public func validate() throws {
    let pairs = [("train_images", "train_labels"), ("test_images", "test_labels")]
    for (images, labels) in pairs {
      try require(labels, if: images)
      try require(images, if: labels)
    }
    if configuration.validationSplit == .share(0), let location = location(of: "patience"),
      configuration.patience != 0
    {
      throw ConfigurationError.needsValidation(given: location)
    }
    try validateLoop()
    for family in OptionFamily.all { try validate(family) }
    try validateRates()
    if configuration.validationSplit == .share(0),
      configuration.scheduler?.looksAtValidation == true,
      let location = location(of: "scheduler")
    {
      throw ConfigurationError.needsValidation(given: location)
    }
    if let given = location(of: "nesterov"), configuration.settings[.nesterov] == true,
      configuration.settings[.momentum] == 0
    {
      throw ConfigurationError.missingPartner(
        given: given, needed: ConfigurationOption.known("momentum").flag)
    }
    try validateAugmentation()
  }

  /// Checks that nobody gave an option that the family's choice does not use.
  private func validate(_ family: OptionFamily) throws {
    let used = family.used(by: configuration)
    for name in family.members where !used.contains(name) {
      guard let given = location(of: name) else { continue }
      throw ConfigurationError.unusedOption(
        given: given, choice: "\(family.chooser) \(family.choice(configuration))", uses: used)
    }
  }

  /// Checks that the learning rate has room to fall.
  private func validateRates() throws {
    guard let given = location(of: "lr_min"),
      let lowest = configuration.settings[.lowestRate],
      let rate = configuration.settings[.learningRate], lowest > rate
    else { return }
    throw ConfigurationError.aboveRate(given, value: lowest, rate: rate)
  }

  private func require(_ partner: String, if name: String) throws {
    guard let given = location(of: name), location(of: partner) == nil else { return }
    throw ConfigurationError.missingPartner(
      given: given, needed: ConfigurationOption.known(partner).flag)
  }

  /// Checks the options of the training loop against each other.
  ///
  /// - Throws: ``ConfigurationError``.
  private func validateLoop() throws {
    for name in ["folds", "overfit_batches"] {
      guard let given = location(of: name), location(of: "val_split") != nil else { continue }
      throw ConfigurationError.contradiction(
        given, other: ConfigurationOption.known("val_split").flag,
        because: "\(given.subject) decides what is validated on")
    }
    if configuration.loop.folds != nil, let given = location(of: "overfit_batches") {
      throw ConfigurationError.contradiction(
        given, other: ConfigurationOption.known("folds").flag,
        because: "one learns by heart what the other holds back")
    }
    if configuration.loop.folds != nil, let given = location(of: "repeats") {
      throw ConfigurationError.contradiction(
        given, other: ConfigurationOption.known("folds").flag,
        because: "one trains on the same images with other seeds, the other on other images")
    }
  }
}
