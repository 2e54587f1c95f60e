import Configuration
import Datasets
import Metrics
import Platform
import Reports
import Support
import Tensor
import Training

extension EvalCommand {
  /// Tests, writes the result and shows it.
  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    let options = try overrides.configuration(over: run)
    let device = try Device(options)
    let isTest = part == .test
    let data = try loadData(
      options.dataRequest, parts: isTest ? .test : .train, optionalParts: isTest ? [] : .test,
      environment: ProcessInfo.processInfo.environment)
    if let notice = data.notice, !output.quiet { try StandardStream.error.put(notice + "\n") }
    let path = checkpoint == .best ? run.best : run.last
    let result = try RunTester(run: run, checkpointPath: path, device: device).test(
      images(of: data.dataset, run, options), of: part, dataset: data.dataset,
      batch: overrides.configuration.batchSize ?? 256,
      shifts: augmentation == .shifts ? PixelShift.cross : [])
    let place = try write(result, run)
    try show(result, note: data.dataset.note, writtenTo: place)
    return try verdict(on: result.evaluation)
  }

  /// The images of the part that is meant. Of the training data the run's own limit is no limit
  /// here but belongs to how it was divided.
  private func images(
    of dataset: Dataset, _ run: RunDirectory, _ options: TrainingConfiguration
  ) throws -> Selection {
    guard part != .test else {
      guard let test = dataset.test else { preconditionFailure("loaded without its test part") }
      return options.limit.map { Selection(test).limited(to: $0, seed: options.seed) }
        ?? Selection(test)
    }
    let parts = try TrainingParts(of: run, dataset: dataset)
    guard let images = part == .train ? parts.training : parts.validation, images.count > 0 else {
      throw RunError.noValidation(path: run.path)
    }
    return overrides.configuration.limit.map { images.limited(to: $0, seed: options.seed) }
      ?? images
  }

  /// Returns where the result was written to, if anywhere.
  private func write(_ result: TestResult, _ run: RunDirectory) throws -> String? {
    if let out {
      try RunDirectory.makeDirectories(out)
      try result.write(to: RunDirectory(path: out))
      return out
    }
    guard part == .test, augmentation == .none else { return nil }
    try result.write(to: run)
    return run.path
  }

  private func show(_ result: TestResult, note: String?, writtenTo place: String?) throws {
    if output.json {
      return try StandardStream.output.put(JSONValue.object(result.json()).text() + "\n")
    }
    var report = EvaluationText(result, terminal: output.resultTerminal)
    (report.note, report.sort, report.writtenTo) = (note, sort, place)
    (report.showsMatrix, report.showsReliability) = (showsConfusion, showsReliability)
    try StandardStream.output.put(output.quiet ? report.classes : report.text)
  }

  private func verdict(on evaluation: Evaluation) throws -> ExitCode {
    guard let threshold else { return .success }
    let value =
      switch threshold.metric {
      case .accuracy: evaluation.accuracy
      case .macroF1: evaluation.confusion.macro.f1
      }
    guard !(value >= threshold.least) else { return .success }
    try StandardStream.error.put(
      "emnist: \(threshold.metric.rawValue) is \(fixed(value, 4)), "
        + "below the \(threshold.least) that --fail-under asks for\n")
    return .failure
  }
}
