import Configuration
import Datasets
import NN
import Reports
import Support
import Tensor
import Training

/// `emnist models`: the presets, or one of them layer by layer.
struct ModelsCommand: Command {
  static let name = "models"
  static let abstract = "list the model presets, or show one layer by layer"
  static let examples = [
    Example("emnist models", "the presets and their sizes"),
    Example("emnist models cnn", "its layers, shapes and parameters"),
    Example("emnist models mlp --hidden 64,32", "a smaller one"),
    Example("emnist models cnn --json > my.json", "a file to edit, for train --model my.json"),
  ]
  static let notes = [
    "Counts are for images of 28 x 28 pixels with one channel; multiply-adds are those of one "
      + "image's forward pass.",
    "With NAME, --json prints the model file: name, and layers with their type and options. "
      + "Without, it prints schema, input, classes, and for each of models its name, abstract, "
      + "parameters and multiply_adds.",
  ]
  static let operands = [
    Operand(
      name: "NAME", help: "a preset, or the FILE.json of a model",
      words: ModelPreset.all.map(\.name))
  ]
  static let options =
    ConfigurationOption.shapingPresets.commandOptions() + [classes.option, OutputOptions.json]
    + [OutputOptions.color.option]

  private static let classes = TypedOption(
    "--classes", .wholeNumber(in: 2...ClassTable.mostClasses), "N", default: 47, heading: "Model",
    help: "classes of the data")

  /// The model to show; `nil` for a list of the presets.
  let model: ModelDescription?
  let classes: Int
  /// Those of the model's recipe.
  let settings: TrainingSettings
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    let options = try arguments.configuration(ConfigurationOption.shapingPresets)
    var configuration = options.configuration
    if let name = arguments.operands.first {
      configuration.model = try ValueKind<String>.model.value(.text(name), at: .flag("NAME"))
      model = try modelDescription(for: configuration)
    } else {
      model = nil
    }
    settings = TrainingSettings(
      try LayeredConfiguration().resolved(with: recipe(for: configuration)).configuration)
    if model == nil,
      ConfigurationOption.shapingPresets.contains(where: { options.sources[$0.name] == .flag })
    {
      throw UsageError.missingOperand("NAME", command: arguments.command)
    }
    classes = try arguments.value(Self.classes)
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    try StandardStream.output.put(model.map(show) ?? list())
    return .success
  }

  private func show(_ model: ModelDescription) throws -> String {
    let summary = try ModelSummary(model, classes: classes)
    if output.json { return JSONValue.object(model.json).text(pretty: true) }
    let outline = try ModelOutline(model, inputShape: [28, 28, 1], classes: classes)
    let need = MemoryNeed(
      training: outline, settings, images: .max, threads: Device.processorCount)
    return LayerText.text(
      summary, batch: settings.batchSize, trainingBytes: need.bytes, for: output.resultTerminal)
  }

  private func list() throws -> String {
    let presets = ModelPreset.all
    let models = try presets.map { try ModelSummary($0.description(), classes: classes) }
    let abstracts = presets.map(\.abstract)
    if output.json { return json(models, abstracts).text(pretty: true) }
    let terminal = output.resultTerminal
    return ModelTable.text(models, abstracts: abstracts, for: terminal) + "\n"
      + terminal.wrapped(
        "For images of 28 x 28 pixels and \(classes) classes. Next: emnist models \(presets[0].name)"
      )
  }

  private func json(_ models: [ModelSummary], _ abstracts: [String]) -> JSONValue {
    let entries = zip(models, abstracts).map { model, abstract -> JSONValue in
      [
        "name": .string(model.name), "abstract": .string(abstract),
        "parameters": .integer(model.parameters), "multiply_adds": .integer(model.multiplyAdds),
      ]
    }
    return [
      "schema": 1, "input": [28, 28, 1], "classes": .integer(classes), "models": .array(entries),
    ]
  }
}
