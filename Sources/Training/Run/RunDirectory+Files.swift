import Platform
import Support

extension RunDirectory {
  /// Removes all that a training and its test wrote, and the directories of its folds; other files
  /// stay.
  ///
  /// - Throws: ``RunError/inUse(path:)`` of a fold.
  func removeRun() throws {
    for fold in foldRuns {
      try fold.locked().removeRun()
      FileSystem.removeDirectory(fold.path)
    }
    for file in [config, history, events, steps, best, earlierBest, last, folds, foldsTable] {
      FileSystem.removeFile(file)
    }
    removeTest()
  }

  /// Removes the test result and what was drawn of it.
  func removeTest() {
    for file in [evaluation, confusion, predictions] { FileSystem.removeFile(file) }
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

  /// Removes the report and its pictures; the directory stays if it holds anything else.
  public func removeReport() {
    FileSystem.removeFile(report)
    let files = (try? FileManager.default.contentsOfDirectory(atPath: pictures)) ?? []
    for file in files where file.hasSuffix(".svg") || file.hasSuffix(".png") {
      FileSystem.removeFile("\(pictures)/\(file)")
    }
    FileSystem.removeDirectory(pictures)
  }
}

extension RunDirectory {
  /// The run of a fold, from 1, of a cross-validation in this directory.
  public func fold(_ number: Int) -> RunDirectory { RunDirectory(path: "\(path)/fold-\(number)") }

  /// The runs of the folds that were begun, in their order; empty if this is no cross-validation.
  public var foldRuns: [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { $0.hasPrefix("fold-") ? Int($0.dropFirst(5)) : nil }.sorted()
      .map(fold).filter { FileSystem.exists($0.config) }
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
  case noRuns
  case noCheckpoint(path: String)
  case noValidation(path: String)
  case inUse(path: String)
  case holdsFolds(path: String)
  case classesDiffer(run: String, trained: Int, dataset: String, found: Int)
  case labelsDiffer(run: String, dataset: String, index: Int, trained: String, found: String)
  case imageSizeDiffers(run: String, trained: String, dataset: String, found: String)

  public var exitCode: ExitCode {
    switch self {
    case .exists: .cannotCreate
    case .missing, .notARun, .noRuns, .noCheckpoint, .noValidation: .noInput
    case .inUse: .temporaryFailure
    case .holdsFolds: .usage
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
    case .noRuns: "runs: no run found here"
    case .noCheckpoint(let path):
      "\(path): no such checkpoint; the run ended before its first epoch, train it again"
    case .noValidation(let path):
      "\(path): was trained without a validation part"
    case .inUse(let path):
      "\(path): another process is training in it"
    case .holdsFolds(let path):
      "\(path): holds the folds of a cross-validation; name one of them, as \(path)/fold-1"
    case .classesDiffer(let run, let trained, let dataset, let found):
      "\(run): was trained on \(trained) classes, but '\(dataset)' has \(found)"
    case .labelsDiffer(let run, let dataset, let index, let trained, let found):
      "\(run): class \(index) is '\(trained)', but in '\(dataset)' it is '\(found)'"
    case .imageSizeDiffers(let run, let trained, let dataset, let found):
      "\(run): was trained on images of \(trained) pixels, but '\(dataset)' has \(found)"
    }
  }
}
