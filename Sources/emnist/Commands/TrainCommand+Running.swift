import Configuration
import Datasets
import Platform
import Reports
import Support
import Tensor
import Training

extension TrainCommand {
  /// Trains, reports and says how it went.
  func runTraining() throws -> ExitCode {
    Interruption.startListening()
    let options = configuration.configuration
    let saved = try resumption?.saved()
    let console = TrainingConsole(isQuiet: output.quiet, color: output.color)
    let device = try Device(options)
    let description = try modelDescription(for: options)
    let data = try loadData(
      options.dataRequest, parts: .train, optionalParts: .test,
      environment: ProcessInfo.processInfo.environment,
      progress: output.quiet ? nil : PictureCount.shown("reading"))
    if let notice = data.notice { console.insist(notice.shown) }
    if let notice = resumption?.notice { console.show(notice) }
    let session = try TrainingSession(
      configuration.naming(data.dataset), dataset: data.dataset, description: description,
      resuming: saved, in: saved == nil ? resumption?.run : nil, origin: origin, device: device)
    if let ending = saved?.ending(under: options), session.isTested || session.dataset.test == nil {
      return try tell(ending, session, console)
    }
    console.show(TrainingText.opening(of: session))
    let stopped = try session.train(console)
    console.end()
    let test = try session.test()
    let comparison = try earlier.map {
      ManifestComparison($0, try Manifest(reading: session.run.manifest))
    }
    try show(TrainingOutcome(session, stopped: stopped, test: test), comparison)
    // Whoever interrupts when all is done has not missed anything.
    if let signal = Interruption.signal, test == nil,
      stopped == .interrupted || data.dataset.test != nil
    {
      throw TrainingInterrupted(
        signal: signal, epochs: session.trainer.history.count, isTrained: stopped != .interrupted,
        run: session.run.path)
    }
    return comparison?.isSame == false ? .failure : .success
  }

  private func show(_ outcome: TrainingOutcome, _ comparison: ManifestComparison?) throws {
    if output.json {
      var object = outcome.json
      if let comparison { object["repeats"] = .object(comparison.json) }
      try StandardStream.output.put(JSONValue.object(object).text() + "\n")
    } else {
      try StandardStream.output.put(
        TrainingText.text(of: outcome, terminal: output.resultTerminal)
          + (comparison.map(ManifestText.text) ?? ""))
    }
  }

  /// Says of a run with nothing left to do that this is so.
  private func tell(
    _ ending: String, _ session: TrainingSession, _ console: TrainingConsole
  ) throws -> ExitCode {
    let stopped = try session.train(console)
    let test = session.isTested ? "the test is done" : "no test part is here"
    console.show(
      "\(session.run.path.shown): \(ending) and \(test); larger limits, as of --epochs, go on")
    guard output.json else { return .success }
    var outcome = TrainingOutcome(session, stopped: stopped, test: nil).json
    outcome["test"] = try session.recordedTest.map { .object($0) } ?? .null
    try StandardStream.output.put(JSONValue.object(outcome).text() + "\n")
    return .success
  }

  /// Trains once a fold or a seed, reports all of them and says how it went.
  func runSeries(_ kind: SeriesKind) throws -> ExitCode {
    Interruption.startListening()
    let options = configuration.configuration
    let console = TrainingConsole(isQuiet: output.quiet, color: output.color)
    let device = try Device(options)
    let data = try loadData(
      options.dataRequest, parts: .train, optionalParts: kind == .folds ? [] : .test,
      environment: ProcessInfo.processInfo.environment,
      progress: output.quiet ? nil : PictureCount.shown("reading"))
    if let notice = data.notice { console.insist(notice.shown) }
    if let notice = resumption?.notice { console.show(notice) }
    let series = try TrainingSeries(
      configuration.naming(data.dataset), dataset: data.dataset,
      description: modelDescription(for: options), resuming: resumption?.run,
      origin: origin, device: device)
    for number in 1...series.parts.count { try train(number, of: series, console) }
    try report(series.outcome)
    return .success
  }

  /// Trains and tests one of several.
  ///
  /// - Throws: ``SeriesInterrupted`` if a signal cut it short, after the report of those before it.
  private func train(_ number: Int, of series: TrainingSeries, _ console: TrainingConsole) throws {
    let session = try series.session(number)
    if number == 1 { console.show(TrainingText.opening(of: session)) }
    console.show(SeriesText.opening(of: session, number, of: series))
    let stopped = try session.train(console)
    console.end()
    if !session.isTested { _ = try session.test() }
    let isWhole = session.isTested || session.dataset.test == nil
    if let signal = Interruption.signal, stopped == .interrupted || !isWhole {
      try report(series.outcome)
      throw SeriesInterrupted(
        signal: signal, kind: series.kind, number: number, of: series.parts.count,
        isTrained: stopped != .interrupted, run: series.directory.path)
    }
    try series.finish(session, stopped: stopped)
  }

  private func report(_ outcome: SeriesOutcome?) throws {
    guard let outcome else { return }
    try StandardStream.output.put(
      output.json
        ? JSONValue.object(outcome.json).text() + "\n"
        : SeriesText(outcome, terminal: output.resultTerminal).text)
  }
}
