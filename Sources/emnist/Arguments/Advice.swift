import Analysis
import Configuration
import Datasets
import Interchange
import NN
import Platform
import Serving
import Studies
import Support
import Training

/// An error with what the command line says to do about it.
///
/// Whoever throws an error states facts, an option by its key: `'val_split'`. Which flag or command
/// mends it is said here, where the flags are.
protocol AdvisedError: UserError {
  /// The keys of the options that the description names.
  var options: [String] { get }
  /// What to do, behind a semicolon; `nil` if the facts say it.
  var advice: String? { get }
  /// What the description counts, a line each.
  var details: [String] { get }
}

extension AdvisedError {
  var options: [String] { [] }
  var advice: String? { nil }
  var details: [String] { [] }
}

extension UserError {
  /// The sentence for standard error: the description with flags for options, and the advice.
  var sentence: String {
    guard let advised = self as? any AdvisedError else { return description }
    let facts = advised.options.reduce(description) {
      $0.replacing("'\($1)'", with: "--" + $1.replacing("_", with: "-"))
    }
    return advised.advice.map { "\(facts); \($0)" } ?? facts
  }
}

private let chooseData = "choose the data with --dataset and --data"
/// A command with a path, as one types it into a shell; in quotation marks, if the path needs none.
private func command(_ words: String, _ path: String) -> String {
  path.shellWord == path ? "'\(words) \(path)'" : "\(words) \(path.shellWord)"
}

private let sameData = "say with --data where the same data lies"

// MARK: Data and models

extension DatasetError: AdvisedError {
  var options: [String] {
    if case .loneOption(let given, let missing) = self { [given, missing] } else { [] }
  }

  var advice: String? {
    switch self {
    case .noSuchDirectory: "check --data"
    case .notFound(let name, _, let available):
      RemoteSource.dataset(named: name) != nil
        ? "'emnist data fetch \(name)' gets it, or say where it is with --data"
        : available.isEmpty ? "say where it is with --data" : nil
    case .several: "choose one with --dataset"
    case .unusable: "mend it, get data with 'emnist data fetch', or say where they are with --data"
    case .unclearSize(_, _, nil): "say the size with --image-size, such as 20x30"
    case .unclearSize: "correct --image-size"
    case .tooMuchMemory: "choose a smaller --image-size"
    case .unlabelledTest:
      "predict them with 'emnist predict', or hold images back with --test-split 0.15"
    case .noTestPart: "hold one back with --test-split 0.15"
    case .partNotNamed(let part): "add --\(part)-images and --\(part)-labels"
    case .noReservedTail, .tailTooLong: "use --val-split 0.1"
    default: nil
    }
  }
}

extension FetchError: AdvisedError {
  var advice: String? {
    switch self {
    case .unreachable, .webPage, .wrongSize, .tooLong, .wrongDigest:
      "try again later, or give another address with --mirror"
    case .noCurl, .otherFile, .brokenOff, .cannotWrite: nil
    }
  }
}

extension CSVError: AdvisedError {
  var advice: String? {
    switch self {
    case .unclearLabel: "name it with --label-column"
    case .severalLabels: "choose one with --label-column"
    case .noColumn: "correct --label-column"
    case .unclearSize: "say the size with --image-size, such as 20x30"
    case .otherSize: "correct --image-size"
    default: nil
    }
  }
}

extension FoldsError: AdvisedError {
  var advice: String? { "lower --folds or raise --limit" }
}

extension SyntheticDataError: AdvisedError {
  var options: [String] { ["train_count", "test_count"] }

  var advice: String? { if case .notEmpty = self { "choose another, or add --force" } else { nil } }
}

extension ModelError: AdvisedError {
  var options: [String] {
    switch self {
    case .optionDoesNotApply(let option, _), .optionNeedsNormalization(let option, _),
      .optionNeedsGroups(let option, _):
      [option]
    case .normalizationsDiffer: ["batch-norm", "norm"]
    case .optionNeedsActivation(let option, _): [option, "activation"]
    case .wrongFilterCount: ["filters"]
    case .nothingToWhiten: ["init"]
    default: []
    }
  }

  var advice: String? {
    switch self {
    case .optionNeedsNormalization: "add --batch-norm"
    case .optionNeedsGroups: "add --norm group"
    case .wrongFilterCount(_, _, let model): "\(command("emnist models", model)) shows its layers"
    case .noLayers: "see 'emnist models cnn --json'"
    default: nil
    }
  }
}

extension ConfigurationError: AdvisedError {
  var advice: String? {
    if case .unknownKey(_, _, nil) = self {
      "'emnist train --print-config' lists all keys"
    } else {
      nil
    }
  }
}

// MARK: Trainings

extension TrainingError: AdvisedError {
  var advice: String? {
    switch self {
    case .diverged(let divergence):
      "try a lower --lr than \(divergence.rate), a longer --warmup-epochs or --clip-norm 1"
        + (divergence.restores == 0 ? ", or add --on-divergence restore" : "")
    case .noImages: "lower --val-split or raise --limit"
    }
  }
}

extension TrainingInterrupted: AdvisedError {
  var advice: String? { "go on with \(command("emnist train --resume", run))" }
}

extension SeriesInterrupted: AdvisedError {
  var advice: String? { "go on with \(command("emnist train --resume", run))" }
}

extension RunError: AdvisedError {
  var advice: String? {
    switch self {
    case .exists:
      "choose another --out or --name, --resume-or-start to go on with the run in it, or --force "
        + "to overwrite it"
    case .notARun: "name one that 'emnist train' wrote"
    case .noRuns: "train one with 'emnist train', or name a run directory"
    case .noValidation: "choose another --part"
    case .inUse: "wait for its end, or choose another --out"
    case .classesDiffer, .labelsDiffer, .imageSizeDiffers: chooseData
    case .missing(_, nil): "name one that 'emnist train' wrote"
    case .missing, .noCheckpoint, .holdsSeveral, .isStudy: nil
    }
  }
}

extension ResumeError: AdvisedError {
  var options: [String] {
    if case .optionChanged(let option, _, _) = self { [option] } else { [] }
  }

  var advice: String? {
    switch self {
    case .noState(let path): "begin a new run with \(command("--init-from", path))"
    case .rowsMissing, .bestMissing: "restore the file, or train anew with --force"
    case .otherModel: "restore both files, or train anew with --force"
    case .imageCountDiffers, .imagesDiffer: sameData
    case .optionEdited: "put it back, or begin a new run"
    case .isMember, .optionChanged: nil
    }
  }
}

// MARK: Finished runs and sweeps

extension RecordError: AdvisedError {
  var advice: String? {
    if case .badKey = self { "write the file anew with 'emnist eval'" } else { nil }
  }
}

extension ComparisonError: AdvisedError {
  var advice: String? {
    switch self {
    case .notTested(let run, _): "make one with \(command("emnist eval", run))"
    case .tooFew: "test them on the same images with 'emnist eval'"
    default: "test both on the same images with 'emnist eval'"
    }
  }

  var details: [String] { if case .tooFew(_, let reasons) = self { reasons } else { [] } }
}

extension FoldsComparisonError: AdvisedError {
  var advice: String? {
    switch self {
    case .amongRuns: "compare it with other cross-validations"
    case .noFolds: "compare it with other runs"
    case .unfinished(let path, _, _): "go on with \(command("emnist train --resume", path))"
    case .unknownImages: "train it again"
    case .noTestImages: "leave --images out"
    case .otherData, .otherCount, .otherImages, .tooFew:
      "train them with the same data, --folds, --limit and --split-seed"
    }
  }

  var details: [String] { if case .tooFew(_, let reasons) = self { reasons } else { [] } }
}

extension AuditError: AdvisedError {
  var advice: String? {
    switch self {
    case .seen: "train with 'emnist train --folds 5', or judge the test part with '--part test'"
    case .foldsMissing(let run, _, _):
      "finish the training with \(command("emnist train --resume", run))"
    }
  }
}

extension ExportError: AdvisedError {
  var advice: String? {
    switch self {
    case .noWholeNumbers(_, let what):
      "leave --quantize int8 out"
        + (what.hasSuffix("normalization") ? ", or train with '--norm batch'" : "")
    default: nil
    }
  }
}

extension JournalError: AdvisedError {
  var advice: String? {
    switch self {
    case .otherSweep: "change it back or choose another --out"
    case .otherData, .foreign: "choose another --out"
    case .damagedLine, .damagedBreak, .cannotLock, .removed: nil
    }
  }
}

extension StudyError: AdvisedError {
  var advice: String? {
    switch self {
    case .notAStudy: "name the directory that 'emnist sweep' wrote"
    case .notEmpty: "choose another --out"
    case .isBusy: "wait for it, or add --join to help it"
    }
  }
}

extension SweepError: AdvisedError {
  var advice: String? {
    switch self {
    case .noWinner(let path), .failures(let path):
      "\(command("emnist sweep --show", path)) lists the reasons"
    case .nothingFits: "raise them, or give smaller values"
    case .noValidation, .tooManyThreads: nil
    }
  }
}

extension SweepFileError: AdvisedError {
  var advice: String? {
    switch problem {
    case .noSuchOption(nearest: nil) where !isUnknown: "'emnist train --help' lists all"
    case .noSuchOption(nearest: nil):
      "'emnist train --help' lists all, --ignore-unknown leaves it out"
    case .unknownChoice where isMetric, .otherPart:
      "or let --ignore-unknown choose one by the goal"
    case .option(_, _, .unknownChoice) where isUnknown: "or leave it out with --ignore-unknown"
    default: nil
    }
  }

  /// Whether it is about a parameter, a choice or a metric that is unknown here.
  fileprivate var isUnknown: Bool {
    switch problem {
    case .noSuchOption, .option(_, _, .unknownChoice): isInParameters
    case .unknownChoice, .otherPart: isMetric
    default: false
    }
  }

  private var isInParameters: Bool { key.hasPrefix("parameters.") }
  private var isMetric: Bool { key == "metric.name" }
}

extension SweepFileErrors: AdvisedError {
  /// As many as one reads.
  private static let longestList = 50

  var advice: String? {
    errors.contains(where: \.isUnknown)
      ? "--ignore-unknown leaves out what is unknown here" : nil
  }

  var details: [String] {
    let rest = errors.count - Self.longestList
    return errors.prefix(Self.longestList).map(\.fact) + (rest > 0 ? ["and \(rest) more"] : [])
  }
}

extension ServerError: AdvisedError {
  var advice: String? {
    switch self {
    case .noSuchHost, .cannotListen(_, _, EADDRNOTAVAIL):
      "give --host one of its addresses, or 0.0.0.0 for all"
    case .cannotListen: "choose another with --port"
    }
  }
}
