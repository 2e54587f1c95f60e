import Configuration
import Datasets
import Platform
import Reports
import Support
import Tensor
import Training

/// Trains once a fold, reports all of them and says how it went.
func runCrossValidation(
  configuration: LayeredConfiguration, resuming resumption: TrainingResumption?,
  output: OutputOptions
) throws -> ExitCode {
  Interruption.startListening()
  let options = configuration.configuration
  let console = TrainingConsole(isQuiet: output.quiet, color: output.color)
  let device = try Device(options)
  let data = try loadData(
    options.dataRequest, parts: .train, environment: ProcessInfo.processInfo.environment)
  for notice in [data.notice, resumption?.notice].compactMap(\.self) { console.show(notice) }
  let validation = try CrossValidation(
    configuration.naming(data.dataset), dataset: data.dataset,
    description: modelDescription(for: options), resuming: resumption?.run,
    device: device)
  let count = validation.parts.count
  for fold in 1...count {
    let session = try validation.session(fold)
    if fold == 1 { console.show(TrainingText.opening(of: session)) }
    console.show(FoldsText.opening(of: session, fold: fold, of: count))
    let stopped = try session.train(console)
    console.end()
    if let signal = Interruption.signal {
      try report(validation.outcome, output)
      throw CrossValidationInterrupted(
        signal: signal, fold: fold, foldCount: count, run: validation.directory.path)
    }
    try validation.finish(session, stopped: stopped)
  }
  try report(validation.outcome, output)
  return .success
}

private func report(_ outcome: CrossValidationOutcome?, _ output: OutputOptions) throws {
  guard let outcome else { return }
  try StandardStream.output.put(
    output.json
      ? JSONValue.object(outcome.json).text() + "\n"
      : FoldsText.text(of: outcome, terminal: output.resultTerminal))
}
