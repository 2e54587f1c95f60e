import Platform
import Support

/// The directory of one training run. Every file in it is written whole or not at all.
public struct RunDirectory: Sendable {
  public let path: String
  /// Held by whoever writes into it.
  private var lock: DirectoryLock?

  /// A directory that exists.
  public init(path: String) { self.path = path }

  /// The directory, kept from other processes while this value or a copy of it lives, and without
  /// what those that were killed left half-written.
  ///
  /// - Throws: ``RunError/inUse(path:)``.
  public func locked() throws -> RunDirectory {
    guard lock == nil else { return self }
    guard let lock = DirectoryLock(path) else { throw RunError.inUse(path: path) }
    Leftovers.remove(from: path)
    var run = self
    run.lock = lock
    return run
  }

  public var config: String { path + "/config.json" }
  /// What the run was made from and what came of it; see ``Manifest``.
  public var manifest: String { path + "/manifest.json" }
  public var history: String { path + "/history.csv" }
  public var steps: String { path + "/steps.csv" }
  public var best: String { path + "/best.safetensors" }
  public var last: String { path + "/last.safetensors" }
  /// The best epoch's checkpoint before the one in ``best``, while a resume might need it: an epoch
  /// that was cut short may be the best, but is done anew as a whole one.
  public var earlierBest: String { path + "/best-before.safetensors" }
  /// The history for TensorBoard; it grows.
  public var events: String { path + "/events.out.tfevents.emnist" }
  public var evaluation: String { path + "/evaluation.json" }
  public var confusion: String { path + "/confusion.csv" }
  public var predictions: String { path + "/predictions.csv" }
  /// What a person should know of the network before using it.
  public var card: String { path + "/MODEL_CARD.md" }
  /// What became of the accuracy on harder and harder images, as JSON, as a table and as
  /// a picture, where the system can draw it also of pixels.
  public var perturbation: String { path + "/perturbation.json" }
  public var perturbationTable: String { path + "/perturbation.csv" }
  public var perturbationPicture: String { path + "/perturbation.svg" }
  public var perturbationRaster: String { path + "/perturbation.png" }
  /// What an audit found of a part, as a table and as pictures.
  public func labelErrors(_ part: RunPart) -> String { "\(path)/label-errors-\(part.rawValue).csv" }
  public func labelErrorSheet(_ part: RunPart) -> String {
    "\(path)/label-errors-\(part.rawValue).png"
  }

  /// Where runs go that were given no place of their own.
  public static let root = "runs"

  /// Creates the directory of a new run: at `out`, or `runs/NAME`, or the first free
  /// `runs/STEM-1`, `runs/STEM-2`, …
  ///
  /// - Parameter root: what stands for `runs`.
  /// - Throws: ``RunError/exists(path:)`` if it has files already and `force` is off, ``FileError``
  ///   if it cannot be created.
  public static func create(
    out: String?, name: String?, stem: String, force: Bool, root: String = root
  ) throws -> RunDirectory {
    if let path = out ?? name.map({ "\(root)/\($0)" }) {
      return try create(at: path, force: force)
    }
    try makeDirectories(root)
    var number = 1
    while !FileSystem.makeDirectory("\(root)/\(stem)-\(number)") {
      guard errno == EEXIST else {
        throw FileError.cannotCreate(path: "\(root)/\(stem)-\(number)", reason: errno)
      }
      number += 1
    }
    return try RunDirectory(path: "\(root)/\(stem)-\(number)").locked()
  }

  private static func create(at path: String, force: Bool) throws -> RunDirectory {
    try makeDirectories(path)
    let run = try RunDirectory(path: path).locked()
    guard force || run.holdsNothing else { throw RunError.exists(path: path) }
    guard FileSystem.isWritable(path) else {
      throw FileError.cannotCreate(path: path, reason: errno)
    }
    // What an earlier run left must not pass for this one's.
    try run.removeRun()
    return run
  }

  /// The directory for a run that begins again with the configuration in it.
  ///
  /// - Throws: ``RunError/inUse(path:)``.
  func begunAnew() throws -> RunDirectory {
    let run = try locked()
    run.removeTraining()
    return run
  }

  /// The file that makes a directory that of a study.
  public static let studyJournal = "journal.jsonl"

  /// The run at `path`, or the ``newest(root:)``.
  ///
  /// - Throws: ``RunError`` if there is none, or if it is a directory of several.
  public static func find(_ path: String?, root: String = root) throws -> RunDirectory {
    let run = try path.map { try named($0, root: root) } ?? newest(root: root)
    guard FileSystem.exists(run.config) else {
      if let kind = run.seriesKind { throw RunError.holdsSeveral(path: run.path, kind) }
      throw FileSystem.exists("\(run.path)/\(studyJournal)")
        ? RunError.isStudy(path: run.path) : .notARun(path: run.path)
    }
    return run
  }

  /// What under `runs/` has the newest checkpoint, a run or a directory of folds or repeats; a rehearsal
  /// (`fast_dev_run`) only if there is nothing else.
  ///
  /// - Throws: ``RunError/noRuns``.
  public static func newest(root: String = root) throws -> RunDirectory {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let runs = names.sorted().compactMap { name -> (run: RunDirectory, time: Double)? in
      let run = RunDirectory(path: "\(root)/\(name)")
      let time =
        modificationTime(run.last)
        ?? run.seriesRuns.compactMap { modificationTime($0.last) }.max()
      return time.map { (run, $0) }
    }
    let newestFirst = runs.sorted { $0.time > $1.time }.map(\.run)
    guard let newest = newestFirst.first(where: { !$0.isRehearsal }) ?? newestFirst.first else {
      throw RunError.noRuns
    }
    return newest
  }

  /// Whether it was trained for a moment only, to see that all works.
  private var isRehearsal: Bool {
    let config = (seriesRuns.first ?? self).config
    guard let bytes = try? readFile(config, as: .text) else { return false }
    return (try? JSONValue(parsing: bytes, path: config))?["fast_dev_run"] == true
  }

  /// The directory at `path`, or else the one of this name under `runs/`.
  ///
  /// - Throws: ``RunError/missing(path:nearest:)`` if there is neither.
  public static func named(_ path: String, root: String = root) throws -> RunDirectory {
    for place in [path, "\(root)/\(path)"] where FileSystem.exists(place) {
      return RunDirectory(path: place)
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let nearest = nearestName(to: name, in: names.filter { !$0.hasPrefix(".") }.sorted())
    throw RunError.missing(path: path, nearest: nearest.map { "\(root)/\($0)" })
  }

  private static func modificationTime(_ path: String) -> Double? {
    guard let status = FileSystem.status(path) else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
