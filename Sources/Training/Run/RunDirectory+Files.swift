import Platform
import Support

extension RunDirectory {
  /// Removes all that a training and its test wrote, and the directories of several trainings; other
  /// files stay.
  ///
  /// - Throws: ``RunError/inUse(path:)`` of one of these.
  func removeRun() throws {
    for run in seriesRuns {
      try run.locked().removeRun()
      FileSystem.removeDirectory(run.path)
    }
    for file in [config, manifest] { FileSystem.removeFile(file) }
    for kind in SeriesKind.allCases {
      FileSystem.removeFile(summary(of: kind))
      FileSystem.removeFile(summaryTable(of: kind))
    }
    removeTraining()
  }

  /// Removes what a training and its test wrote, and leaves its configuration.
  func removeTraining() {
    for file in [history, events, steps, best, earlierBest, last] { FileSystem.removeFile(file) }
    removeTest()
  }

  /// Whether no training and nobody else has left a whole file here; the empty directories of several
  /// trainings and what was left half-written do not count.
  var holdsNothing: Bool {
    Leftovers.others(in: path).allSatisfy { name in
      SeriesKind.allCases.contains { $0.number(in: name) != nil }
        && Leftovers.others(in: "\(path)/\(name)").isEmpty
        && FileStart.isDirectory("\(path)/\(name)")
    }
  }

  /// Removes the test result and what was drawn of it.
  func removeTest() {
    let perturbations = [
      perturbation, perturbationTable, perturbationPicture, perturbationRaster,
    ]
    for file in [evaluation, confusion, predictions, card] + perturbations {
      FileSystem.removeFile(file)
    }
    for part in RunPart.allCases {
      FileSystem.removeFile(labelErrors(part))
      FileSystem.removeFile(labelErrorSheet(part))
    }
    removeReport()
  }
}

extension RunDirectory {
  /// The page that `emnist report` draws.
  public var report: String { path + "/report.html" }
  /// The directory of its pictures.
  public var pictures: String { path + "/report" }

  /// Removes the report and the pictures on its page; other files stay, and the directory with them.
  public func removeReport() {
    let page = (try? readFile(report)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for name in Self.pictureNames(on: page) {
      for kind in ["svg", "png"] { FileSystem.removeFile("\(pictures)/\(name).\(kind)") }
    }
    FileSystem.removeFile(report)
    FileSystem.removeDirectory(pictures)
  }

  /// The names of the figures of a page; a name that could lead elsewhere is none.
  private static func pictureNames(on page: String) -> [Substring] {
    let figures = page.split(separator: "<figure ", omittingEmptySubsequences: false).dropFirst()
    return figures.compactMap { figure in
      let attributes = figure.prefix { $0 != ">" }.split(separator: "\"")
      let id = zip(attributes, attributes.dropFirst()).first { key, _ in key.hasSuffix("id=") }
      return id?.1.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } == true ? id?.1 : nil
    }
  }
}

/// Keeps other processes out of a directory for as long as it lives. It ends with the process,
/// however that ends.
public final class DirectoryLock: Sendable {
  private let file: Int32

  /// Locks a directory. Where the file system knows no locks, there is none.
  ///
  /// - Returns: `nil` if another lock is on it.
  public init?(_ path: String) {
    file = FileSystem.descriptor(of: path, O_RDONLY | O_DIRECTORY)
    guard file >= 0, flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    close(file)
    return nil
  }

  deinit { if file >= 0 { close(file) } }
}

/// A run directory that cannot be used.
public enum RunError: UserError, Equatable {
  case exists(path: String)
  case missing(path: String, nearest: String?)
  case notARun(path: String)
  case isStudy(path: String)
  case noRuns
  case noCheckpoint(path: String)
  case noValidation(path: String)
  case inUse(path: String)
  case holdsSeveral(path: String, SeriesKind)
  case classesDiffer(run: String, trained: Int, dataset: String, found: Int)
  case labelsDiffer(run: String, dataset: String, index: Int, trained: String, found: String)
  case imageSizeDiffers(run: String, trained: String, dataset: String, found: String)

  public var exitCode: ExitCode {
    switch self {
    case .exists: .cannotCreate
    case .missing, .notARun, .noRuns, .noCheckpoint, .noValidation: .noInput
    case .inUse: .temporaryFailure
    case .holdsSeveral, .isStudy: .usage
    default: .dataError
    }
  }

  public var description: String {
    switch self {
    case .exists(let path):
      "\(path): is not empty"
    case .missing(let path, let nearest):
      "\(path): no such run, here or under runs/"
        + (nearest.map { "; did you mean \($0)?" } ?? "")
    case .notARun(let path):
      "\(path): has no config.json, so it is not a run directory"
    case .isStudy(let path):
      "\(path): is a study, not a run; name one of its runs, as "
        + "\(path)/trials/0000".shellWord
    case .noRuns: "runs: no run found here"
    case .noCheckpoint(let path):
      "\(path): no such checkpoint; the run ended before its first epoch, train it again"
    case .noValidation(let path):
      "\(path): was trained without a validation part"
    case .inUse(let path):
      "\(path): another process is training in it"
    case .holdsSeveral(let path, let kind):
      "\(path): holds the \(kind.rawValue) of \(kind.whole); name one of them, as "
        + "\(path)/\(kind.member)-1".shellWord
    case .classesDiffer(let run, let trained, let dataset, let found):
      "\(run): was trained on \(trained) classes, but '\(dataset)' has \(found)"
    case .labelsDiffer(let run, let dataset, let index, let trained, let found):
      "\(run): class \(index) is '\(trained)', but in '\(dataset)' it is '\(found)'"
    case .imageSizeDiffers(let run, let trained, let dataset, let found):
      "\(run): was trained on images of \(trained) pixels, but '\(dataset)' has \(found)"
    }
  }
}
