import Analysis
import Configuration
import Reports
import Support
import Training

/// `emnist runs`: the runs that there are.
struct RunsCommand: Command {
  static let name = "runs"
  static let abstract = "list the runs, and how good each is"
  static let examples = [
    Example("emnist runs", "all under runs/, the newest first"),
    Example("emnist runs --sort test_accuracy", "the best first"),
    Example("emnist runs --filter model=cnn,lr=0.001", "some of them, by their options"),
  ]
  static let operands = [Operand(name: "DIR", help: "where they are (default: runs)")]
  static let notes = [
    "States: running, finished, early (--patience ended it), time and steps (--max-time and "
      + "--max-steps did), interrupted and killed (train --resume goes on), diverged, damaged "
      + "(a file of it cannot be read), unknown. The folds of a cross-validation and the repeats of a "
      + "training are listed one by one.",
    "--json prints schema and runs (each with run, date, model, dataset, epochs_run, val_accuracy of "
      + "the best epoch, test_accuracy, parameters and state).",
  ]
  static let options = [
    sort.option, filter.option, OutputOptions.json, OutputOptions.quiet, OutputOptions.color.option,
  ]

  private static let heading = "Selection"
  private static let sort = TypedOption(
    "--sort", .choice(of: "order"), "KEY", default: RunOrder.date, heading: heading,
    help: "names from a to z, numbers and dates from the largest down")
  private static let filter = TypedOption(
    "--filter", .runFilters, "KEY=VALUE", default: [], heading: heading,
    help: "only runs with this model, dataset, state or option of training; several with commas "
      + "between")

  /// Where the runs are.
  let root: String
  let order: RunOrder
  let filters: [RunFilter]
  let output: OutputOptions

  init(_ arguments: Arguments) throws {
    root = arguments.operands.first ?? RunDirectory.root
    order = try arguments.value(Self.sort)
    filters = try arguments.value(Self.filter)
    output = try OutputOptions(arguments)
  }

  func run() throws -> ExitCode {
    guard root == RunDirectory.root || FileSystem.exists(root) else {
      throw RunError.missing(path: root, nearest: nil)
    }
    let all = RunListing.all(in: root)
    let runs = order.sorted(all.filter { run in filters.allSatisfy { $0.allows(run) } })
    if output.json {
      let object: JSONObject = ["schema": 1, "runs": .array(runs.map { .object($0.json) })]
      try StandardStream.output.put(JSONValue.object(object).text(pretty: true))
    } else if output.quiet {
      try StandardStream.output.put(runs.map { $0.run.shown + "\n" }.joined())
    } else if runs.isEmpty {
      try StandardStream.error.put(
        all.isEmpty
          ? "no run is in \(root.shown); 'emnist train' makes one\n"
          : "none of the \(all.count) runs in \(root.shown) is so\n")
    } else {
      try StandardStream.output.put(RunListText(runs, terminal: output.resultTerminal).text)
    }
    return .success
  }
}

extension ValueKind<[RunFilter]> {
  /// `model=cnn,seed=0`
  fileprivate static var runFilters: Self {
    word(
      "KEY=VALUE, as in model=cnn",
      toText: { $0.map { "\($0.key)=\($0.value)" }.joined(separator: ",") }
    ) { text throws(ValueProblem) in
      let names = RunFilter.keys + ConfigurationOption.all.map(\.name)
      var filters: [RunFilter] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2 else { throw .wrongKind(expected: "KEY=VALUE, as in model=cnn") }
        let key = String(words[0]).replacing("-", with: "_")
        guard names.contains(key) else {
          let nearest = nearestName(to: key, in: names)
          throw .unknownChoice(
            String(words[0]), of: "option",
            choices: nearest.map { [$0] } ?? RunFilter.keys + ["an option of emnist train, as lr"])
        }
        filters.append(RunFilter(key: key, value: String(words[1])))
      }
      return filters
    }
  }
}
