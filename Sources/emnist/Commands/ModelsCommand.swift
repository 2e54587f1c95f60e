import Experiments
import Support

/// `emnist models`: the presets, or one of them layer by layer.
struct ModelsCommand: Command {
  static let name = "models"
  static let abstract = "list the model presets, or show one layer by layer"
  static let examples = [
    Example("emnist models", "the presets and their sizes"),
    Example("emnist models cnn", "its layers, shapes and parameters"),
  ]
  static let operands = [Operand(name: "NAME", help: "a preset, or the FILE.json of a model")]
  static let options = [OutputOptions.json, OutputOptions.color.option]

  let model: String?
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    model = try arguments.operands.first.map { name in
      try ValueKind<String>.model.value(.text(name), at: .flag("NAME"))
    }
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode { throw UnfinishedCommand(name: "emnist models") }
}
