extension LayeredConfiguration {
  /// Checks the options of the training loop against each other.
  ///
  /// - Throws: ``ConfigurationError``.
  func validateLoop() throws {
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
  }
}
