import Analysis
import Configuration
import Serving
import Support
import Tensor
import Training

/// `emnist serve`: lets other programs and pages ask a run's network.
struct ServeCommand: Command {
  static let name = "serve"
  static let abstract = "answer over HTTP, for other programs and a page"
  static let examples = [
    Example("emnist serve", "the newest run under runs/, at http://127.0.0.1:8080"),
    Example("emnist serve runs/cnn-1 --port 9000", "a certain run, elsewhere"),
  ]
  static let operands = [
    Operand(name: "RUN", help: "a run directory (default: the newest under runs/)")
  ]
  static let notes = [
    "'curl -H Content-Type:image/png --data-binary @a.png localhost:8080/predict' asks what a "
      + "picture shows.",
    "POST /predict takes a picture (image/png, image/jpeg and what else predict reads), raw bytes "
      + "(application/octet-stream: one a pixel, upright, ink as in the training images, one or "
      + "more images) or application/json ({\"image\": [numbers from 0 to 255]} or {\"images\": "
      + "[[…], …]}), and answers as predict --json does. GET /model says what is known of the "
      + "network, GET /healthz that it is there.",
    "Only this machine gets at it unless --host says otherwise. Requests whose Host is not this "
      + "server's, or that pages of other origins send, are refused. SIGTERM and Ctrl-C end it with "
      + "exit code 0.",
  ]
  static let options =
    [host.option, port.option] + threads.commandOptions(heading: heading) + [OutputOptions.quiet]

  private static let heading = "Server"
  private static let threads = [ConfigurationOption].named("threads")
  private static let host = TypedOption(
    "--host", .text("an address"), "HOST", default: "127.0.0.1", heading: heading,
    help: "the address to listen on; 0.0.0.0 is all of this machine's")
  private static let port = TypedOption(
    "--port", .wholeNumber(in: 0...65535), "PORT", default: 8080, heading: heading,
    help: "the port; 0 is any that is free")

  /// The run directory; `nil` for the newest.
  let runDirectory: String?
  let host: String
  let port: Int
  let isQuiet: Bool
  let configuration: TrainingConfiguration

  init(_ arguments: Arguments) throws {
    runDirectory = arguments.operands.first
    host = try arguments.value(Self.host)
    port = try arguments.value(Self.port)
    isQuiet = arguments.isOn(OutputOptions.quiet)
    let layers = try arguments.configuration(Self.threads)
    try layers.validate()
    configuration = layers.configuration
  }

  func run() throws -> ExitCode {
    Interruption.startListening()
    let run = try RunDirectory.find(runDirectory)
    let service = try PredictionService(
      run, version: programVersion, on: Device(configuration))
    let server = try Server(host: host, port: port, service)
    if !isLoopback(host) {
      try StandardStream.error.put(
        "\(host.shown): whoever reaches this machine can ask; nothing is encrypted\n")
    }
    if !isQuiet {
      let name = host.contains(":") ? "[\(host)]" : host
      try StandardStream.output.put(
        "\(run.path.shown) answers at http://\(name.shown):\(server.port)/\n")
    }
    server.run { Interruption.signal != nil }
    return .success
  }
}
