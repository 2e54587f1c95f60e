import Analysis
import Configuration
import Datasets
import Interchange
import Reports
import Support
import Tensor
import Training

/// `emnist export`: writes a run's network for another program.
struct ExportCommand: Command {
  static let name = "export"
  static let abstract = "write a run's network for another program"
  static let examples = [
    Example("emnist export", "the newest run for ONNX's runtimes"),
    Example("emnist export runs/cnn-1 -o digits.onnx", "a run, to a place of its own"),
    Example("emnist export --format safetensors", "for PyTorch"),
    Example("emnist export --format hub -o card", "a folder for a model hub, with its card"),
    Example("emnist export --format c --quantize int8", "for a microcontroller"),
    Example(
      "emnist export --format npz --what features", "what the last layer sees of the test part"),
    Example("emnist export --transpose", "for images as EMNIST's files have them"),
  ]
  static let operands = [
    Operand(name: "RUN", help: "a run directory (default: the newest under runs/)")
  ]
  static let notes = [
    "All formats take raw pixels, 0 to 255, upright, ink bright; the normalization is inside. The "
      + "file is read back and run in plain loops on some hundred images of the validation part, "
      + "or of the test part if there is none; a logit may differ by 1e-4 of the largest one. Where "
      + "the data are gone, synthetic handwriting serves, and that is said.",
    "In whole numbers weights have a scale for each output channel, and the file gives the bits of the "
      + "program's own arithmetic, which is compared with floats. The layer that lost most is the one "
      + "that, computed in whole numbers alone, changes the logits most.",
    "--what logits, features (what the last dense layer is given) and probabilities write an array "
      + "of that name, [N, F], and labels and indices, [N], of a part's images.",
    "--json prints schema, run, format, path, bytes, quantized, agreement (images, of, same_answers, "
      + "largest_difference, largest_logit), accuracy (float, exported), lost_most and layers (layer, "
      + "scale, signal_to_noise_db, changed_answers; null in floats), ram_bytes and multiply_adds; with --what schema, run, format, what, part, images, path and bytes.",
  ]
  static let options =
    [
      format.option, quantize.option, checkpoint.option, input.option, transpose, what.option,
      part.option, CardOptions.license, out,
    ]
    + dataOptions.commandOptions()
    + [ConfigurationOption].named("threads").commandOptions(
      heading: heading) + OutputOptions.all

  /// The values of `--input`.
  enum Input: String, CaseIterable { case uint8, float }

  /// The values of `--quantize`.
  enum Quantization: String, CaseIterable { case none, int8 }

  /// The values of `--what`.
  enum What: String, CaseIterable { case weights, logits, features, probabilities }

  private static let heading = "Export"
  private static let dataOptions = [ConfigurationOption].named("dataset", "data")
  /// A folder instead of a file.
  private static let hub = "hub"
  private static let format = TypedOption(
    "--format", .name(of: "format", in: NetworkFormat.all.map(\.name) + [hub]), "NAME",
    default: NetworkFormat.onnx.name, heading: heading, help: "what is written")
  private static let quantize = TypedOption(
    "--quantize", .choice(of: "quantization"), "TYPE", default: Quantization.none, heading: heading,
    help: "whole numbers of 8 bits, calibrated on training images (tflite, c, outputs in npz)")
  private static let checkpoint = TypedOption(
    "--checkpoint", .choice(of: "checkpoint"), "NAME", default: EvalCommand.Checkpoint.best,
    heading: heading, help: "which weights of the run")
  private static let input = TypedOption(
    "--input", .choice(of: "input"), "TYPE", default: Input.uint8, heading: heading,
    help: "type of the pixels of onnx")
  private static let transpose = CommandOption(
    "--transpose", heading: heading,
    help: "take images with rows and columns swapped, as EMNIST's files have them (onnx)")
  private static let what = TypedOption(
    "--what", .choice(of: "content"), "CONTENT", default: What.weights, heading: heading,
    help: "what npz holds; all but the weights are of a part's images")
  private static let part = TypedOption(
    "--part", .choice(of: "part"), "NAME", default: RunPart.test, heading: heading,
    help: "of which images")
  private static let out = CommandOption(
    "--out", short: "o", "PATH", heading: heading,
    help: "the file or folder (default: model.SUFFIX or hub in the run directory)")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  let format: NetworkFormat
  /// Whether a folder for a model hub is written.
  let writesHub: Bool
  let quantization: Quantization
  let checkpoint: EvalCommand.Checkpoint
  let options: ExportOptions
  /// What of the network's outputs is written instead of the network.
  let outputs: OutputKind?
  let part: RunPart
  let out: String?
  /// For the card of a folder for a model hub, if somebody named one.
  let license: String?
  /// What replaces the options that the run was trained with.
  let overrides: LayeredConfiguration
  let output: OutputOptions
  let environment: [String: String]

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    let name = try arguments.value(Self.format)
    format = NetworkFormat.named(name) ?? .safetensors
    writesHub = name == Self.hub
    quantization = try arguments.value(Self.quantize)
    checkpoint = try arguments.value(Self.checkpoint)
    var options = ExportOptions()
    options.takesFloats = try arguments.value(Self.input) == .float
    options.transposes = arguments.isOn(Self.transpose)
    self.options = options
    outputs = OutputKind(rawValue: try arguments.value(Self.what).rawValue)
    part = try arguments.value(Self.part)
    out = try arguments.path(Self.out)
    license = try CardOptions.license(arguments)
    if license != nil, !writesHub {
      throw UsageError.needsOption(
        flag: CardOptions.license.flag, other: "--format hub", command: arguments.command)
    }
    overrides = try arguments.configuration(Self.dataOptions + .named("threads"))
    try overrides.validate()
    output = try OutputOptions(arguments)
    environment = arguments.environment
    // Of arrays only what the network says has a form in whole numbers.
    if quantization == .int8, name == "npz", ![.logits, .probabilities].contains(outputs) {
      throw UsageError.excluded(
        flags: ["--quantize int8", "--format npz"], command: arguments.command)
    }
    let chosen: [(isOn: Bool, flag: String, choice: NetworkFormat.Choice)] = [
      (quantization == .int8, "--quantize int8", .quantize),
      (options.takesFloats, "--input float", .input),
      (options.transposes, "--transpose", .transpose),
    ]
    if outputs != nil, name != "npz" {
      throw UsageError.needsOption(
        flag: "--what", other: "--format npz", command: arguments.command)
    }
    if part != .test, outputs == nil {
      throw UsageError.needsOption(flag: "--part", other: "--what", command: arguments.command)
    }
    for (isOn, flag, choice) in chosen where isOn && !format.choices.contains(choice) {
      throw UsageError.excluded(flags: [flag, "--format \(name)"], command: arguments.command)
    }
  }

  func run() throws -> ExitCode {
    let run = try RunDirectory.find(runDirectory)
    var export = try RunExport(
      checkpoint: checkpoint == .best ? run.best : run.last, version: programVersion,
      on: Device(overrides.configuration))
    if quantization == .int8 {
      export = try export.quantized(on: images(for: export, of: run, isCalibration: true))
    }
    if let outputs { return try write(outputs, export, run) }
    if writesHub { return try writeHub(export, run) }
    let result = try export.write(
      format, options, to: out ?? "\(run.path)/model.\(format.suffix)",
      comparedOn: images(for: export, of: run))
    let text = ExportText(result, usage: format.usage)
    if output.json || output.quiet, let warning = text.warning {
      try StandardStream.error.put(warning + "\n")
    }
    if output.json {
      try StandardStream.output.put(JSONValue.object(result.json(run: run.path)).text() + "\n")
    } else {
      try StandardStream.output.put(output.quiet ? result.path + "\n" : text.text)
    }
    return .success
  }
}
