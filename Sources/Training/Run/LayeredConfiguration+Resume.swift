import Configuration
import Datasets
import NN
import Support

extension LayeredConfiguration {
  /// What may be said anew when a training goes on: how long it lasts, where it runs and where its
  /// data lies. All else would make another training of it.
  public static let changeableInResume = [
    "epochs", "patience", "max_time", "max_steps", "threads", "data", "train_images",
    "train_labels", "test_images", "test_labels",
  ]

  /// A run's `config.json`, with the memory of who gave what.
  ///
  /// - Throws: what ``layFile(_:)`` throws.
  public init(recordedIn path: String) throws {
    self.init()
    try layFile(path)
    let recorded = try JSONValue(parsing: readFile(path), path: path)["sources"]
    for option in ConfigurationOption.all {
      guard let name = recorded?[option.name]?.string,
        let source = ConfigurationSource(rawValue: name)
      else { continue }
      remember(option.name, from: source)
    }
  }

  /// The configuration of a run that goes on: as it was, but for what flags may change.
  /// Environment variables are not asked again, but for the number of threads.
  ///
  /// - Throws: ``ResumeError/optionChanged(option:from:to:)``.
  public func resumed(with given: LayeredConfiguration) throws -> LayeredConfiguration {
    var changes = given
    for option in ConfigurationOption.all {
      let source = given.sources[option.name]
      let isMeant = source == .flag || source == .environment && option.name == "threads"
      guard isMeant, option.text(in: given.configuration) != option.text(in: configuration) else {
        changes.forget([option.name])
        continue
      }
      guard Self.changeableInResume.contains(option.name) else {
        throw ResumeError.optionChanged(
          option: option.name, from: option.text(in: configuration),
          to: option.text(in: given.configuration) ?? "none")
      }
    }
    var result = self
    result.lay(changes)
    return result
  }
}

extension TrainingConfiguration {
  /// Whether with another number of epochs the steps of those that are over would have been others:
  /// another learning rate, or augmentation until another epoch.
  public func stepsDiffer(from other: TrainingConfiguration) -> Bool {
    let (new, old) = (TrainingSettings(self), TrainingSettings(other))
    guard new.epochs != old.epochs else { return false }
    if let share = augmentation.until, share < 1, !augmentation.augmentation.isIdentity {
      return true
    }
    // As many steps an epoch as show any difference.
    let steps = 10
    let schedules = [new, old].map {
      $0.schedule.makeSchedule(rate: 1, epochs: $0.epochs, stepsAnEpoch: steps)
    }
    return (0..<min(new.epochs, old.epochs) * steps).contains {
      schedules[0].rate(at: $0) != schedules[1].rate(at: $0)
    }
  }
}
