import Configuration
import Datasets
import Platform
import Reports
import Support

/// `emnist data fetch`: downloads data sets, the one command that uses the network.
struct DataFetchCommand: Command {
  static let name = "fetch"
  static let abstract = "download data sets, and check them"
  static let examples = [
    Example("emnist data fetch", "EMNIST's archive (562 MB) into ./data"),
    Example("emnist data fetch mnist kmnist", "MNIST and KMNIST"),
    Example("emnist data fetch mnist --mirror https://my.server/mnist", "from another address"),
  ]
  static let notes = [
    "The six data sets of EMNIST lie in one archive, which is read as it is. The files of MNIST, "
      + "Fashion-MNIST and KMNIST go into folders of these names. What was fetched before an "
      + "interruption is gone on with.",
    "A file is taken only if its SHA-256 is right; of Fashion-MNIST and KMNIST its MD5, the only "
      + "hash that is published. The program curl fetches it; no other command uses the network.",
    "--json prints schema and files (path, bytes, url of what was fetched, and datasets).",
  ]
  static let operands = [
    Operand(
      name: "DATASET", help: "what to fetch (default: EMNIST): \(RemoteSource.names.asChoices)",
      repeats: true, words: RemoteSource.names)
  ]
  static let options = [data, mirror] + OutputOptions.all

  private static let placeOptions = [ConfigurationOption].named("data")
  private static let data = CommandOption(
    placeOptions[0].flag, "DIR", heading: heading,
    help: "the directory to write (default: $EMNIST_DATA, else ./data)")
  private static let mirror = CommandOption(
    "--mirror", "URL", heading: heading, help: "the address of the directory that holds the files")
  private static let heading = "Fetching"

  private let sources: [RemoteSource]
  private let directory: String
  private let output: OutputOptions
  private let environment: [String: String]

  init(_ arguments: Arguments) throws {
    let kind = ValueKind<KnownDataset>.fetchable
    let datasets = try arguments.operands.map { try kind.value(.text($0), at: .flag("DATASET")) }
    var sources = RemoteSource.sources(of: datasets.isEmpty ? [.balanced] : datasets)
    if let address = try arguments.value(Self.mirror, .webAddress) {
      guard sources.count == 1 else { throw UsageError.mirrorOfSeveral }
      sources = sources.map { $0.mirrored(at: address) }
    }
    self.sources = sources
    directory = try arguments.configuration(Self.placeOptions).configuration.data ?? "data"
    output = try OutputOptions(arguments)
    environment = arguments.environment
  }

  func run() throws -> ExitCode {
    var fetched: [Fetched] = []
    for source in sources {
      let folder = source.folder.map { "\(directory)/\($0)" } ?? directory
      for file in source.files { fetched.append(try fetch(file, of: source, into: folder)) }
    }
    try StandardStream.output.put(
      output.json
        ? JSONValue.object(["schema": 1, "files": .array(fetched.map(\.json))]).text() + "\n"
        : text(fetched))
    return .success
  }

  private func fetch(
    _ file: RemoteFile, of source: RemoteSource, into folder: String
  ) throws -> Fetched {
    let line = DownloadLine(file.name, output)
    defer { line.clear() }
    let download = try Download(
      file, into: folder, environment: environment, progress: line.show)
    return Fetched(
      path: "\(folder)/\(file.name)", outcome: try download.run(), datasets: source.datasets)
  }

  private func text(_ fetched: [Fetched]) -> String {
    let lines = fetched.map {
      "\($0.path.shown)  \($0.outcome == .kept ? "was there" : "fetched")\n"
    }
    guard !output.quiet, let dataset = sources.first?.datasets.first else { return lines.joined() }
    let place = directory == "data" ? "" : " --data \(directory.shellWord.shown)"
    return lines.joined() + "\nNext: emnist train \(dataset.rawValue)\(place)\n"
  }
}

/// A file that is there now.
private struct Fetched {
  let path: String
  let outcome: Download.Outcome
  let datasets: [KnownDataset]

  var json: JSONValue {
    var members: JSONObject = [
      "path": .string(path), "bytes": .integer(FileStart.size(of: path)),
      "datasets": .array(datasets.map { .string($0.rawValue) }),
    ]
    if case .fetched(let url) = outcome { members["url"] = .string(url) }
    return .object(members)
  }
}

/// How far a download has come, on a line of a terminal that is drawn over.
private final class DownloadLine {
  private let name: String
  private let isShown: Bool
  private var lastDrawing = -Double.infinity

  init(_ name: String, _ output: OutputOptions) {
    self.name = name
    let terminal = Terminal(descriptor: StandardStream.error.rawValue, color: output.color)
    isShown = !output.quiet && terminal.canRedraw
  }

  func show(bytes: Int, size: Int?) {
    guard isShown, monotonicSeconds() - lastDrawing > 0.2 else { return }
    lastDrawing = monotonicSeconds()
    let total = size.map { " of \(Self.megabytes($0))" } ?? ""
    try? StandardStream.error.put("\r\u{1B}[K\(name): \(Self.megabytes(bytes))\(total) MB")
  }

  func clear() {
    if isShown { try? StandardStream.error.put("\r\u{1B}[K") }
  }

  private static func megabytes(_ bytes: Int) -> String {
    "\(bytes / 1_000_000).\(bytes / 100_000 % 10)"
  }
}

extension ValueKind<KnownDataset> {
  /// A data set that can be fetched, by any spelling of its name.
  fileprivate static var fetchable: Self {
    word(RemoteSource.names.asChoices, choices: RemoteSource.names, toText: { $0.rawValue }) {
      text throws(ValueProblem) in
      guard let dataset = RemoteSource.dataset(named: text) else {
        throw .unknownChoice(text, of: "data set", choices: RemoteSource.names)
      }
      return dataset
    }
  }
}

extension ValueKind<String> {
  fileprivate static var webAddress: Self {
    word("an address such as https://my.server/mnist", toText: { $0 }) {
      text throws(ValueProblem) in
      guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
        throw .wrongKind(expected: "an address that begins with https:// or http://")
      }
      return text
    }
  }
}
