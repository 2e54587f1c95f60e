import Configuration
import Platform
import Support
import Training

/// Where `emnist train` begins: anew, with what there is of a run, or with what another was made from.
struct TrainingStart {
  let configuration: LayeredConfiguration
  /// The training to go on with, if it is not a new one.
  var resumption: TrainingResumption?
  /// The manifest of the training to do again, if one is.
  var earlier: Manifest?

  /// - Parameters:
  ///   - given: by flags and the environment.
  ///   - file: of `--config`.
  ///   - resume: the run to go on with.
  ///   - isEither: whether the run at the place given is gone on with if it was begun.
  ///   - manifest: the file of the run to do again.
  /// - Throws: ``UsageError`` for what excludes each other; what reading the files throws.
  init(
    _ given: LayeredConfiguration, file: String?, resume: String?, isEither: Bool, manifest: String?
  ) throws {
    let flags = [
      resume.map { _ in "--resume" }, isEither ? "--resume-or-start" : nil,
      manifest.map { _ in "--from-manifest" },
    ].compactMap(\.self)
    guard flags.count < 2 else {
      throw UsageError.excluded(flags: flags, command: "emnist train")
    }
    guard file == nil || resume == nil && manifest == nil else {
      throw UsageError.twoConfigurations(flags[0])
    }
    if let resume {
      let resumption = try TrainingResumption(resume, with: given)
      (self.resumption, configuration) = (resumption, resumption.configuration)
      return
    }
    var layers = LayeredConfiguration()
    if let manifest {
      let earlier = try Manifest(reading: manifest)
      layers = try LayeredConfiguration(ofRun: earlier, path: manifest)
      self.earlier = earlier
    }
    if let file { try layers.layFile(file) }
    layers.lay(given)
    resumption = isEither ? try TrainingResumption(ifBegunBy: layers) : nil
    configuration =
      try resumption?.configuration ?? layers.resolved(with: recipe(for: layers.configuration))
  }
}

/// What `emnist train --resume RUN` goes on with.
struct TrainingResumption {
  /// The run directory, or that of several trainings.
  let run: RunDirectory
  /// The run's configuration with what may be given anew.
  let configuration: LayeredConfiguration
  /// What to know about a change of the number of epochs.
  let notice: String?

  /// - Parameter given: by flags and the environment.
  /// - Throws: ``RunError``, ``ResumeError``, and what reading `config.json` throws.
  init(_ path: String, with given: LayeredConfiguration) throws {
    run = try RunDirectory.named(path)
    let recorded = try Self.recorded(run)
    if let kind = run.membership { throw ResumeError.isMember(path: run.path, kind) }
    if recorded.configuration.loop.folds != nil, FileSystem.exists(run.config) {
      throw ResumeError.isMember(path: run.path, .folds)
    }
    configuration = try recorded.resumed(with: given)
    notice = Self.notice(
      before: recorded.configuration, after: configuration.configuration)
  }

  /// The configuration that a run, or several in a directory, began with.
  private static func recorded(_ run: RunDirectory) throws -> LayeredConfiguration {
    let fold = run.foldRuns.first
    if !FileSystem.exists(run.config), FileSystem.exists(run.manifest) {
      do {
        return try LayeredConfiguration(
          ofSeries: Manifest(reading: run.manifest), path: run.manifest)
      } catch {
        // A fold says the same, but for its own place.
        guard fold != nil else { throw error }
      }
    }
    if let fold { return try LayeredConfiguration(recordedIn: fold.config) }
    return try LayeredConfiguration(recordedIn: RunDirectory.find(run.path).config)
  }

  /// The run at the place that options name, if it was begun; `nil` if not.
  ///
  /// - Throws: ``UsageError/needsOption(flag:other:command:)`` if they name none; as
  ///   ``init(_:with:)``.
  init?(ifBegunBy given: LayeredConfiguration) throws {
    let options = given.configuration
    guard let path = options.out ?? options.name.map({ "\(RunDirectory.root)/\($0)" }) else {
      throw UsageError.needsOption(
        flag: "--resume-or-start", other: "--out or --name", command: "emnist train")
    }
    guard RunDirectory(path: path).isBegun else { return nil }
    // Where it is has been said; each of several trainings has a place of its own.
    var others = given
    others.forget(["out", "name", "force"])
    try self.init(path, with: others)
  }

  /// What there is of the run's training; `nil` if it ended before its first epoch.
  ///
  /// - Throws: what ``SavedTraining/init(reading:)`` throws.
  func saved() throws -> SavedTraining? {
    FileSystem.exists(run.last) ? try SavedTraining(reading: run) : nil
  }

  private static func notice(
    before: TrainingConfiguration, after: TrainingConfiguration
  ) -> String? {
    guard after.stepsDiffer(from: before), let old = before.epochs, let new = after.epochs else {
      return nil
    }
    return
      "planned for \(old) epochs, now for \(new): from here on rates and augmentation are those "
      + "of \(new), so the result is not that of \(new) in one go"
  }
}
