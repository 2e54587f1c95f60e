import Datasets
import Experiments
import Reports
import Support
import Tensor

extension EvalCommand {
  /// Tests, writes the result into the run directory and shows it.
  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    let options = try overrides.configuration(over: run)
    let device = try Device(options)
    let data = try loadData(
      options, parts: .test, environment: ProcessInfo.processInfo.environment)
    guard let test = data.dataset.test else { preconditionFailure("loaded without its test part") }
    if let notice = data.notice, !output.quiet { try StandardStream.error.put(notice + "\n") }
    var selection = Selection(test)
    if let limit = options.limit { selection = selection.limited(to: limit, seed: options.seed) }
    let path = checkpoint == .best ? run.best : run.last
    let result = try RunTester(run: run, checkpointPath: path, device: device).test(
      selection, dataset: data.dataset, batch: overrides.configuration.batchSize ?? 256)
    try result.write(to: run)
    try show(result, note: data.dataset.note)
    return try verdict(on: result.evaluation)
  }

  private func show(_ result: TestResult, note: String?) throws {
    if output.json {
      return try StandardStream.output.put(JSONValue.object(result.json()).text() + "\n")
    }
    let terminal = Terminal(descriptor: StandardStream.output.rawValue, color: output.color)
    try StandardStream.output.put(
      EvaluationReport.text(
        of: result, note: note, showingMatrix: showsConfusion, isQuiet: output.quiet,
        terminal: terminal))
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
