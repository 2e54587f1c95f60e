import Support
import Training

/// What a run or a study was made from, as its manifest records it.
struct ManifestSection {
  private let manifest: Manifest

  init(_ manifest: Manifest) { self.manifest = manifest }

  var section: PageSection {
    PageSection(
      id: "origin", title: "How it was made",
      body: PageStyle.arranged(
        .stack, [sessions, files, parts].compactMap { $0?.markup }))
  }

  /// Each time that a process worked on it, a column of facts each.
  private var sessions: PageTable {
    let sessions = manifest.sessions
    let numbered = sessions.indices.map { ("session \($0 + 1)", PageTable.Alignment.free) }
    var table = PageTable(
      "Sessions", [("", .text)] + (sessions.count == 1 ? [("", .free)] : numbered))
    // Of several trainings each one's manifest tells how it ended.
    let isOfOne = manifest.kind == .run || manifest.kind == .study
    for (name, value) in Self.facts {
      let values = sessions.map(value)
      if !isOfOne, values.allSatisfy({ $0 == Self.unknown }) { continue }
      if values.contains(where: { !$0.isEmpty }) { table.add([name] + values) }
    }
    return table
  }

  private static let unknown = "not recorded"

  private static let facts: [(name: String, value: @Sendable (JSONObject) -> String)] = [
    ("began", { $0["date"]?.string ?? "" }),
    ("ended", { $0["ended"]?.string ?? unknown }),
    (
      "program",
      { "\($0["version"]?.string ?? ""), commit \($0["commit"]?.string ?? "unknown")" }
    ),
    ("compiler", { "\($0["compiler"]?.string ?? ""), \($0["build"]?.string ?? "") build" }),
    ("system", { $0["system"]?.string ?? "" }),
    ("processor", { processor($0["processor"]) }),
    (
      "instruction set, threads",
      { "\($0["simd"]?.string ?? ""), \($0["threads"]?.int ?? 0)" }
    ),
    (
      "processor seconds",
      { $0["cpu_seconds"]?.double.map { fixed($0, 1) } ?? unknown }
    ),
    ("command", { ($0["arguments"]?.array ?? []).compactMap(\.string).joined(separator: " ") }),
    (
      "variables",
      { session in
        (session["environment"]?.object ?? JSONObject()).map {
          "\($0.key)=\($0.value.string ?? "")"
        }
        .joined(separator: " ")
      }
    ),
  ]

  private static func processor(_ json: JSONValue?) -> String {
    let caches = [("L1d", "l1d_bytes"), ("L2", "l2_bytes"), ("L3", "l3_bytes")].compactMap {
      name, key in
      json?[key]?.int.flatMap { $0 > 0 ? "\(name) \(grouped($0 / 1024)) KiB" : nil }
    }
    let name = json?["name"]?.string ?? ""
    return ([name, "\(json?["count"]?.int ?? 0) in use"] + caches).joined(separator: ", ")
  }

  /// `nil` in manifests that name none.
  private var files: PageTable? {
    let files = manifest["data", "files"]?.array ?? []
    guard !files.isEmpty else { return nil }
    var table = PageTable(
      "Files of \(manifest["data", "name"]?.string ?? "the data")",
      [
        ("file", .free), ("holds", .text), ("bytes", .number), ("count", .number),
        ("SHA-256", .free),
      ])
    for file in files {
      table.add([
        file["path"]?.string ?? "", file["role"]?.string ?? "", grouped(file["bytes"]?.int ?? 0),
        grouped(file["count"]?.int ?? 0), file["sha256"]?.string ?? "not a single file",
      ])
    }
    return table
  }

  /// `nil` of a cross-validation, whose folds have parts of their own.
  private var parts: PageTable? {
    let parts = manifest["parts"]?.object ?? JSONObject()
    guard !parts.isEmpty else { return nil }
    // A study takes its parts for each trial anew, and its winner's own manifest counts the reads.
    let title =
      manifest.kind == .study
      ? "Parts that the trials take theirs from"
      : "Parts; the test part was \(read(manifest.testReads))"
    var table = PageTable(
      title,
      [
        ("part", .text), ("images", .number), ("of a class", .number),
        ("SHA-256 of images and labels", .free),
      ])
    for (name, part) in parts {
      table.add([
        name, grouped(part["count"]?.int ?? 0), Self.range(of: part["class_counts"]),
        part["sha256"]?.string ?? "",
      ])
    }
    return table
  }

  /// `38 to 540`; empty in manifests that do not say.
  private static func range(of counts: JSONValue?) -> String {
    let numbers = counts?.array?.compactMap(\.int) ?? []
    guard let least = numbers.min(), let most = numbers.max() else { return "" }
    return least == most ? grouped(least) : "\(grouped(least)) to \(grouped(most))"
  }

  private func read(_ times: Int) -> String {
    switch times {
    case 0: "never read"
    case 1: "read once"
    default: "read \(grouped(times)) times"
    }
  }
}
