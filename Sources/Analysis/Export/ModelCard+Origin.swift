import Configuration
import Datasets
import Support
import Training

// Where it comes from.
extension ModelCard {
  var data: String {
    let manifest = record.manifest
    let link = RemoteSource.address(ofDataset: model.dataset).map { " (\($0))" } ?? ""
    var lines = ["'\(model.dataset.shown)'\(link), \(model.labels.count) classes"]
    for (name, part) in manifest?["parts"]?.object ?? JSONObject() {
      guard let count = part["count"]?.int else { continue }
      let counts = part["class_counts"]?.array?.compactMap(\.int) ?? []
      let range = counts.min().flatMap { least in
        counts.max().map {
          least == $0 ? "\(grouped(least))" : "\(grouped(least)) to \(grouped($0))"
        }
      }
      lines.append("\(name): \(grouped(count)) images" + (range.map { ", \($0) a class" } ?? ""))
    }
    lines.append(
      value(of: "limit").map {
        "a stratified sample of \($0) images was drawn; the others are left out"
      }
        ?? "no image of these parts was left out")
    for file in manifest?["data", "files"]?.array ?? [] {
      guard let path = file["path"]?.string, let sum = file["sha256"]?.string else { continue }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      lines.append("`\(name.shown)`: SHA-256 \(sum.shown)")
    }
    return "## Data\n\n" + lines.map { "- \($0)\n" }.joined()
  }

  private func value(of option: String) -> String? {
    record.options.first { $0.name == option }?.value
  }

  var training: String {
    let manifest = record.manifest
    let session = manifest?.sessions.last
    let rule = record.rule.map {
      [$0.epochName, $0.reason].compactMap(\.self).joined(separator: " ")
    }
    var lines = [
      "\(record.history.count) epochs; the weights are those of epoch \(model.epoch)"
        + (rule.map { ", the \($0)" } ?? ""),
      "seed \(value(of: "seed") ?? "0")",
      "options that were given or that the recipe chose: "
        + (options.isEmpty ? "none" : options.joined(separator: ", ")),
    ]
    if let session {
      let commit = session["commit"]?.string ?? "unknown"
      lines.append("emnist \(session["version"]?.string?.shown ?? ""), commit \(commit.shown)")
      let words = (session["arguments"]?.array ?? []).compactMap(\.string).dropFirst()
      let command = (["emnist"] + words.map(\.shellWord)).joined(separator: " ")
      lines.append("command: `\(command.shown)`")
      lines.append("again, bit for bit: `emnist train --from-manifest manifest.json`")
    }
    let seconds = (manifest?.sessions ?? []).compactMap { $0["cpu_seconds"]?.double }
    if !seconds.isEmpty {
      let processor = session?["processor"]?["name"]?.string.map { " on \($0.shown)" } ?? ""
      lines.append("\(fixed(seconds.reduce(0, +), 1)) processor seconds\(processor)")
    }
    if let reads = manifest?.testReads {
      let count = reads == 0 ? "never" : reads == 1 ? "once" : "\(grouped(reads)) times"
      lines.append("the test part was looked at \(count)")
    }
    return "## Training\n\n" + lines.map { "- \($0)\n" }.joined()
  }

  /// Those that somebody gave or a recipe chose, without what says something about a machine alone.
  private var options: [String] {
    record.options.compactMap { option in
      guard option.source != "default", let value = option.value,
        !Self.places.contains(option.name)
      else { return nil }
      return "`\(option.name)` \(value.shown)"
    }
  }

  private static let places: Set = [
    "data", "out", "name", "threads", "config", "train_images", "train_labels", "test_images",
    "test_labels", "mapping", "init_from", "force",
  ]

  /// What was searched, if the run is of a study; else `nil`.
  var search: String? {
    let above = [record.run.above, record.run.above.above].first {
      FileSystem.exists($0.path + "/sweep.json")
    }
    guard let path = above?.path,
      let sweep = try? JSONValue(parsing: readFile(path + "/sweep.json"), path: path),
      let parameters = sweep["parameters"]?.object
    else { return nil }
    let study = try? JSONValue(parsing: readFile(path + "/study.json"), path: path)
    let trials = (study?["trials"]?.array?.count).map { "\(grouped($0)) trials" } ?? "trials"
    let (method, metric) = (sweep["method"]?.string, sweep["metric"]?["name"]?.string)
    return """
      ## Search

      Chosen from \(trials) by \(metric?.shown ?? "the metric") on validation images, \
      \(method?.shown ?? "some") search, over:

      \(parameters.map { "- `\($0.key.shown)`: `\($0.value.text().shown)`" }.joined(separator: "\n"))

      """
  }
}
