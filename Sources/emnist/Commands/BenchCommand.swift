import Analysis
import Configuration
import NN
import Reports
import Support
import Tensor

/// `emnist bench`: measures how fast this machine trains and classifies, and how near its limit.
struct BenchCommand: Command {
  static let name = "bench"
  static let abstract = "measure the speed on this machine, against its own limit"
  static let examples = [
    Example("emnist bench", "everything, in half a minute or so"),
    Example("emnist bench --quick --only training", "a first impression"),
    Example("emnist bench --layers --model cnn", "where a training step's time goes"),
    Example("emnist bench --model cnn-2 --json", "for scripts"),
  ]
  static let notes = [
    "Results are checked before they are timed: a wrong one ends the command with code 70. "
      + "Operations are nominal, two for each multiply-add of the definition; the peak is a loop of "
      + "nothing but multiply-adds.",
    "--json prints schema, version, processor, simd, threads, caches, rounds, peak_gflops and results, "
      + "each with group, name, pass, batch, threads, operations, seconds (median, least, most, "
      + "and rounds in order), gflops, images_per_second and share_of_peak; where only time is "
      + "measured, there are no operations, gflops and share_of_peak. With --layers it prints "
      + "profiles instead of rounds, peak_gflops and results: model, batch, peak_gflops, steps, "
      + "seconds, images_per_second, gflops, share_of_peak and parts, each with pass, layers, "
      + "operations, seconds, gflops and share_of_step.",
  ]
  static let options =
    [groups.option, model.option]
    + [ConfigurationOption].named("batch_size")
    .commandOptions(heading: heading) + [rounds.option, quick, layers]
    + [ConfigurationOption].named("threads", "convolution").commandOptions(heading: heading)
    + [OutputOptions.json, OutputOptions.color.option]

  private static let heading = "Measurement"
  private static let groups = TypedOption(
    "--only", .benchmarkGroups, "LIST", default: BenchmarkGroup.allCases, heading: heading,
    help: "measure just these")
  private static let model = TypedOption(
    "--model", .measuredModel, "NAME|FILE", default: "", heading: heading,
    help: "just this one")
  private static let rounds = TypedOption(
    "--rounds", .wholeNumber(in: 1...1000), "N", default: 5, heading: heading,
    help: "rounds through all cases; the median of each is shown")
  private static let quick = CommandOption(
    "--quick", heading: heading, help: "fewer cases and shorter rounds")
  private static let layers = CommandOption(
    "--layers", heading: heading,
    help: "the time of each layer and pass of a training step instead")

  let plan: BenchmarkPlan
  let showsLayers: Bool
  let device: Device
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    let name = try arguments.value(Self.model)
    let options = try arguments.configuration(.named("batch_size", "threads", "convolution"))
      .configuration
    let isQuick = arguments.isOn(Self.quick)
    let models = try name.isEmpty ? MeasuredModel.all() : [MeasuredModel.named(name)]
    plan = BenchmarkPlan(
      groups: try arguments.value(Self.groups),
      models: models.map { $0.convolving(options.convolution) },
      batch: options.batchSize, rounds: try arguments.value(Self.rounds), isQuick: isQuick)
    showsLayers = arguments.isOn(Self.layers)
    device = Device(
      level: try .chosen(environment: arguments.environment),
      threads: options.threads ?? Device.processorCount,
      caches: try .chosen(environment: arguments.environment))
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(showsLayers ? profiles() : measurements())
    return .success
  }

  private func measurements() throws -> String {
    let benchmark = try Benchmark(plan, on: device)
    let outcome = benchmark.run { round in show("round \(round) of \(plan.rounds)") }
    show("")
    guard !output.json else {
      return JSONValue.object(outcome.json(version: programVersion)).text() + "\n"
    }
    return BenchmarkText(outcome, version: programVersion, terminal: output.resultTerminal).text
  }

  private func profiles() throws -> String {
    let profiles = try plan.models.map { model in
      show(model.description.name)
      return try LayerProfile(
        model, batch: plan.batch ?? 128, isQuick: plan.isQuick, on: device)
    }
    show("")
    guard !output.json else {
      return JSONValue.object(profiles.json(version: programVersion)).text() + "\n"
    }
    return BenchmarkLayerText.text(
      profiles, version: programVersion, terminal: output.resultTerminal)
  }

  /// Replaces the line that says how far the work has come, where it can be replaced.
  private func show(_ text: String) {
    guard Terminal(descriptor: StandardStream.error.rawValue).canRedraw else { return }
    try? StandardStream.error.put("\r\u{1B}[K\(text)")
  }
}

extension ValueKind<[BenchmarkGroup]> {
  /// `matmul,training`
  fileprivate static var benchmarkGroups: Self {
    let names = BenchmarkGroup.allCases.map(\.rawValue)
    return word(
      "a list, as in matmul,training", choices: names,
      toText: { $0 == BenchmarkGroup.allCases ? "" : $0.map(\.rawValue).joined(separator: ",") }
    ) { text throws(ValueProblem) in
      var groups: [BenchmarkGroup] = []
      for name in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let group = BenchmarkGroup(rawValue: String(name)) else {
          throw .unknownChoice(String(name), of: "measurement", choices: names)
        }
        groups.append(group)
      }
      return groups
    }
  }
}

extension ValueKind<String> {
  /// A measured network, a preset or a model file.
  fileprivate static var measuredModel: Self {
    let names = MeasuredModel.names
    return word("a model's name or a FILE.json", choices: names, toText: { $0 }) {
      text throws(ValueProblem) in
      guard names.contains(text) || text.hasSuffix(".json") else {
        throw .unknownChoice(text, of: "model", choices: names + ["a FILE.json"])
      }
      return text
    }
  }
}
