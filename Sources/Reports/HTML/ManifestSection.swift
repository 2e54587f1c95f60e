import Support
import Training

/// What a run or a study was made from, as its manifest records it.
struct ManifestSection {
  private let manifest: Manifest

  init(_ manifest: Manifest) { self.manifest = manifest }

  var section: PageSection {
    PageSection(
      id: "origin", title: "How it was made",
      body: PageStyle.arranged(.stack, [sessions.markup, files.markup, parts.markup]))
  }

  /// Each time that a process worked on it, a column of facts each.
  private var sessions: PageTable {
    let sessions = manifest.sessions
    let numbered = sessions.indices.map { ("session \($0 + 1)", PageTable.Alignment.free) }
    var table = PageTable(
      "Sessions", [("", .text)] + (sessions.count == 1 ? [("", .free)] : numbered))
    for (name, value) in Self.facts {
      let values = sessions.map(value)
      if values.contains(where: { !$0.isEmpty }) { table.add([name] + values) }
    }
    return table
  }

  private static let facts: [(name: String, value: @Sendable (JSONObject) -> String)] = [
    ("began", { $0["date"]?.string ?? "" }),
    ("ended", { $0["ended"]?.string ?? "not recorded" }),
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
      { $0["cpu_seconds"]?.double.map { fixed($0, 1) } ?? "not recorded" }
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

  private var files: PageTable {
    var table = PageTable(
      "Files of \(manifest["data", "name"]?.string ?? "the data")",
      [
        ("file", .free), ("holds", .text), ("bytes", .number), ("count", .number),
        ("SHA-256", .free),
      ])
    for file in manifest["data", "files"]?.array ?? [] {
      table.add([
        file["path"]?.string ?? "", file["role"]?.string ?? "", grouped(file["bytes"]?.int ?? 0),
        grouped(file["count"]?.int ?? 0), file["sha256"]?.string ?? "not a single file",
      ])
    }
    return table
  }

  private var parts: PageTable {
    var table = PageTable(
      "Parts; the test part was read \(times(manifest.testReads))",
      [
        ("part", .text), ("images", .number), ("of a class", .number),
        ("SHA-256 of images and labels", .free),
      ])
    for (name, part) in manifest["parts"]?.object ?? JSONObject() {
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

  private func times(_ count: Int) -> String {
    switch count {
    case 0: "never"
    case 1: "once"
    default: "\(grouped(count)) times"
    }
  }
}
