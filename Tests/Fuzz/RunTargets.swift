import Analysis
import Configuration
import Foundation
import Interchange
import Metrics
import NN
import Studies
import Support
import Tensor
import Training

// The readers of a run's and a study's own files. Changes begin with those of `Tests/Golden`, without
// their checksums: with them nearly every change would be refused before the rest is looked at.

private let goldenFiles = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Golden").path

/// A file of `Tests/Golden`, or nothing where the sources are not there.
private func seed(_ name: String, of form: String = "v1") -> [[UInt8]] {
  (try? readFile("\(goldenFiles)/\(form)/\(name)")).map { [$0] } ?? []
}

/// A copy of the golden run or study in memory, where a file is replaced by each input.
private func withFile(
  _ name: String, of directory: String, _ read: @escaping (String) throws -> Void
) -> ([UInt8]) throws -> Void {
  let place = "\(scratch)/\(directory)-\(name)"
  try? FileManager.default.copyItem(atPath: "\(goldenFiles)/v1/\(directory)", toPath: place)
  if let last = unchecked(seed("run/last.safetensors")).first {
    try? Data(last).write(to: URL(fileURLWithPath: place + "/last.safetensors"))
  }
  return { bytes in
    try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(place)/\(name)"))
    try read(place)
  }
}

private let scratch: String = {
  let memory = "/dev/shm"
  let root = FileSystem.isWritable(memory) ? memory : FileManager.default.temporaryDirectory.path
  let place = "\(root)/emnist-fuzz-\(getpid())"
  try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
  return place
}()

/// Takes away what the targets wrote.
func removeScratch() { try? FileManager.default.removeItem(atPath: scratch) }

private func unchecked(_ files: [[UInt8]]) -> [[UInt8]] {
  files.compactMap { bytes in
    guard var file = try? SafetensorsFile(parsing: bytes, path: "x") else { return nil }
    let checks = [SafetensorsFile.checksumKey, "emnist.history_crc32", "emnist.steps_crc32"]
    file.metadata.removeAll { checks.contains($0.key) }
    return file.encoded()
  }
}

private func withoutChecks(_ json: [[UInt8]]) -> [[UInt8]] {
  json.compactMap { bytes in
    guard var object = try? JSONValue(parsing: bytes, path: "x").object else { return nil }
    for key in ["crc32", "predictions_crc32"] { object[key] = nil }
    return Array(JSONValue.object(object).text().utf8)
  }
}

/// The lines of a journal with checksums that fit, whatever was changed before them.
private func checked(_ journal: [UInt8]) -> [UInt8] {
  journal.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).flatMap { line in
    let body = line.firstRange(of: #","crc32":"#.utf8).map { line[..<$0.lowerBound] } ?? line
    return Array(body) + Array(",\"crc32\":\"\(CRC32.digits(Array(body)))\"}\n".utf8)
  }
}

private let models = [
  #"{"name":"m","layers":[{"type":"conv2d","filters":4,"kernel_size":3,"padding":1},"#
    + #"{"type":"activation","function":"relu"},{"type":"max_pool","size":2},{"type":"flatten"},"#
    + #"{"type":"dropout","rate":0.2},{"type":"dense","units":"classes"}]}"#
].map { Array($0.utf8) }
private let sweeps = [
  """
  method: bayes
  metric: {name: val_loss, goal: minimize}
  parameters:
    lr: {distribution: log_uniform_values, min: 0.001, max: 0.1}
    optimizer:
      values: [adam, {value: sgd, parameters: {momentum: {min: 0.0, max: 0.9}}}]
    hidden: {values: [[8], [16, 8]]}
    dropout: {distribution: q_uniform, min: 0, max: 0.5, q: 0.1}
  early_terminate: {type: hyperband, min_iter: 2, eta: 3}
  emnist: {trials: 9, seed: 4, max_time: 90s, base: {model: mlp, epochs: 2}}
  """
].map { Array($0.utf8) }

func runTargets() -> [FuzzTarget] {
  let readJournal = withFile("journal.jsonl", of: "study") { _ = try study($0) }
  let journal: ([UInt8]) throws -> Void = {
    try? readJournal($0)
    try readJournal(checked($0))
  }
  return [
    FuzzTarget(
      name: "safetensors",
      seeds: seed("run/last.safetensors") + unchecked(seed("run/last.safetensors"))
    ) {
      let file = try SafetensorsFile(parsing: $0, path: "x")
      for tensor in file.tensors { _ = tensor.floats }
    },
    FuzzTarget(
      name: "checkpoint", seeds: unchecked(seed("run/best.safetensors")),
      read: withFile("best.safetensors", of: "run") {
        _ = try Checkpoint.read($0 + "/best.safetensors", on: Device(threads: 1))
      }),
    FuzzTarget(
      name: "training", seeds: unchecked(seed("run/last.safetensors")),
      read: withFile("last.safetensors", of: "run") {
        _ = try SavedTraining(reading: RunDirectory(path: $0))
      }),
    FuzzTarget(
      name: "steps", seeds: seed("run/steps.csv"),
      read: withFile("steps.csv", of: "run") {
        _ = try SavedTraining(reading: RunDirectory(path: $0))
      }),
    FuzzTarget(
      name: "history", seeds: seed("run/history.csv"),
      read: withFile("history.csv", of: "run") {
        let history = try [EpochRecord](csvFile: $0 + "/history.csv")
        _ = history.csvText
      }),
    FuzzTarget(
      name: "evaluation", seeds: withoutChecks(seed("run/evaluation.json")),
      read: withFile("evaluation.json", of: "run") {
        let test = try RecordedTest(reading: $0 + "/evaluation.json")
        _ = (test.confusion.macro, test.confusion.csvText, test.confusion.topConfusions(10))
      }),
    FuzzTarget(
      name: "predictions", seeds: seed("run/predictions.csv"),
      read: withFile("predictions.csv", of: "run") {
        _ = try [RecordedPrediction](csvFile: $0 + "/predictions.csv", classCount: 3)
      }),
    FuzzTarget(
      name: "config", seeds: seed("run/config.json"),
      read: withFile("config.json", of: "run") {
        let configuration = try LayeredConfiguration(recordedIn: $0 + "/config.json").configuration
        _ = try modelDescription(for: configuration)
        _ = TrainingSettings(configuration)
      }),
    FuzzTarget(
      name: "journal", seeds: seed("study/journal.jsonl"), read: journal),
    FuzzTarget(
      name: "manifest",
      seeds: seed("run/manifest.json", of: "v1.1") + seed("study/manifest.json", of: "v1.1"),
      read: withFile("manifest.json", of: "run") {
        let manifest = try Manifest(reading: $0 + "/manifest.json")
        _ = (manifest.sessions, manifest.testReads, manifest["data", "files"])
        _ = ManifestComparison(manifest, manifest).json
      }),
    FuzzTarget(
      name: "winner", seeds: seed("study/winner.json"),
      read: withFile("winner.json", of: "study") {
        _ = SweepResult(reading: $0 + "/winner.json")?.json
      }),
    FuzzTarget(
      name: "sweep", seeds: sweeps + seed("study/sweep.json"),
      read: withFile("sweep.yaml", of: "study") { _ = try SweepFile(path: $0 + "/sweep.yaml") }),
    FuzzTarget(name: "model", seeds: models) {
      let json = try JSONValue(parsing: $0, path: "x")
      let outline = try ModelOutline(
        ModelDescription(json: json, path: "x"), inputShape: [28, 28, 1], classes: 10)
      _ = (outline.parameters, outline.multiplyAdds)
    },
  ]
}

private func study(_ directory: String) throws -> JSONObject {
  let record = try StudyRecord(reading: directory)
  _ = (record.csvText, record.importance)
  return record.json
}
