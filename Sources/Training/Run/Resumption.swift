import Configuration
import Datasets
import NN
import Support
import Tensor

/// A training that cannot go on, or not so.
public enum ResumeError: UserError, Equatable {
  /// The checkpoint holds weights and nothing else.
  case noState(path: String)
  case rowsMissing(path: String, found: Int, needed: Int)
  case bestMissing(path: String, epoch: Int)
  case otherModel(path: String, config: String)
  case imageCountDiffers(run: String, trained: Int, dataset: String, found: Int)
  case imagesDiffer(run: String, dataset: String)
  /// One of several trainings that go on together.
  case isMember(path: String, SeriesKind)
  case optionChanged(option: String, from: String?, to: String)
  /// `config.json` was edited after the training began.
  case optionEdited(path: String, option: String, trained: String, found: String)

  public var exitCode: ExitCode {
    switch self {
    case .noState, .rowsMissing, .bestMissing, .otherModel, .imageCountDiffers, .imagesDiffer,
      .optionEdited:
      .dataError
    case .isMember, .optionChanged: .usage
    }
  }

  public var description: String {
    switch self {
    case .noState(let path):
      "\(path): holds weights, but not the state of a training that could go on"
    case .rowsMissing(let path, let found, let needed):
      "\(path): has \(found) of the \(needed) rows that the checkpoint beside it was written after"
    case .bestMissing(let path, let epoch):
      "\(path): is not the checkpoint of epoch \(epoch), the best so far"
    case .otherModel(let path, let config):
      "\(path): has other layers than \(config) asks for"
    case .imageCountDiffers(let run, let trained, let dataset, let found):
      "\(run): was trained on \(trained) images, but '\(dataset)' gives \(found) here"
    case .imagesDiffer(let run, let dataset):
      "\(run): was trained on other images or labels than '\(dataset)' has here"
    case .optionEdited(let path, let option, let trained, let found):
      "\(path): '\(option)' is \(found), but the checkpoint beside it was trained with \(trained)"
    case .isMember(let path, let kind):
      "\(path): is one \(kind.member) of \(kind.whole); resume them all, by the directory above it"
    case .optionChanged(let option, let from, let to):
      "'\(option)' cannot change from \(from ?? "none") to \(to) in a run that goes on; "
        + "leave it out, or begin a new run"
    }
  }
}

extension LayeredConfiguration {
  /// What may be said anew when a training goes on: how long it lasts, where it runs and where its
  /// data lies. All else would make another training of it.
  public static let changeableInResume = [
    "epochs", "patience", "max_time", "max_steps", "on_divergence", "threads", "data",
    "train_images", "train_labels", "test_images", "test_labels",
  ]

  /// A run's `config.json`, with the memory of who gave what.
  ///
  /// - Throws: what ``layFile(_:)`` throws.
  public init(recordedIn path: String) throws {
    let file = try JSONValue(parsing: readFile(path, as: .text), path: path)
    guard let members = file.object else { throw ConfigurationError.notAnObject(path: path) }
    try self.init(recordedAs: members, path: path)
  }

  /// The members of a run's `config.json` that stand in the file at `path`.
  init(recordedAs members: JSONObject, path: String) throws {
    self.init()
    var members = members
    // A run of before there was another way goes on as it began.
    if members["convolution"] == nil {
      members["convolution"] = .string(ConvolutionAlgorithm.direct.rawValue)
    }
    try layMembers(members, of: path)
    for option in ConfigurationOption.all {
      guard let name = members["sources"]?[option.name]?.string,
        let source = ConfigurationSource(rawValue: name)
      else { continue }
      remember(option.name, from: source)
    }
  }

  /// The configuration of a run that goes on: as it was, but for what flags may change.
  /// Environment variables are not asked again, but for the number of threads; a file is, where it
  /// is one of those that speak.
  ///
  /// - Throws: ``ResumeError/optionChanged(option:from:to:)``.
  public func resumed(with given: LayeredConfiguration) throws -> LayeredConfiguration {
    let found = given.withAbsolutePaths
    var changes = found
    for option in ConfigurationOption.all {
      let source = given.sources[option.name]
      let isMeant =
        source == .flag || source == .file || source == .environment && option.name == "threads"
      guard isMeant, option.text(in: found.configuration) != option.text(in: configuration) else {
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
      $0.schedule.makeSchedule(rate: 1, epochs: $0.epochs, stepsAnEpoch: steps, $0.numbers)
    }
    return (0..<min(new.epochs, old.epochs) * steps).contains {
      schedules[0].rate(at: $0) != schedules[1].rate(at: $0)
    }
  }
}
