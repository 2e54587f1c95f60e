import Configuration
import Support

/// Whether a training that was done again came to the same, and what it was made from that is not
/// the same.
public struct ManifestComparison: Equatable, Sendable {
  /// What two manifests say otherwise. `nil`: nothing.
  public struct Difference: Equatable, Sendable {
    public let name: String
    public let before: String?
    public let now: String?

    /// The members of `train --json`.
    public var json: JSONValue {
      [
        "name": .string(name), "before": before.map(JSONValue.string) ?? .null,
        "now": now.map(JSONValue.string) ?? .null,
      ]
    }
  }

  /// Of what the trainings came to.
  public let results: [Difference]
  /// Of what they were made from.
  public let inputs: [Difference]

  public var isSame: Bool { results.isEmpty }

  /// The object `repeats` of `train --json`.
  public var json: JSONObject {
    [
      "same": .bool(isSame), "results": .array(results.map(\.json)),
      "inputs": .array(inputs.map(\.json)),
    ]
  }

  public init(_ before: Manifest, _ now: Manifest) {
    results = Self.differences(Self.results(before), Self.results(now))
    inputs = Self.differences(Self.inputs(before), Self.inputs(now))
  }

  private static func differences(_ before: JSONObject, _ now: JSONObject) -> [Difference] {
    (before.keys + now.keys.filter { before[$0] == nil }).compactMap { key in
      let (old, new) = (before[key] ?? .null, now[key] ?? .null)
      guard old != new else { return nil }
      return Difference(name: key, before: old.shown, now: new.shown)
    }
  }

  /// What must agree in every bit. A test that one of them did not do is none of it.
  private static func results(_ manifest: Manifest) -> JSONObject {
    manifest["result"]?.object ?? JSONObject()
  }

  /// All that a result may depend on, and what it should not.
  private static func inputs(_ manifest: Manifest) -> JSONObject {
    var inputs = JSONObject()
    let session = manifest.sessions.last ?? JSONObject()
    for key in ["version", "commit", "compiler", "build", "system", "simd", "threads"] {
      inputs[key] = session[key]
    }
    inputs["processor"] = session["processor"]?["name"]
    for (name, value) in session["environment"]?.object ?? JSONObject() { inputs[name] = value }
    for (name, value) in manifest["configuration"]?.object ?? JSONObject()
    where !places.contains(name) {
      inputs[name] = value
    }
    inputs["classes"] = manifest["data", "classes_sha256"]
    for file in manifest["data", "files"]?.array ?? [] {
      inputs["file of \(file["role"]?.string ?? "data")"] = file["sha256"]
    }
    for part in ["training", "validation", "test"] {
      inputs["\(part) images"] = manifest["parts", part, "sha256"]
      inputs["choice of \(part) images"] = manifest["parts", part, "indices_sha256"]
    }
    return inputs
  }

  /// Options that say where something lies.
  private static let places: Set = [
    "schema", "sources", "out", "name", "force", "data", "train_images", "train_labels",
    "test_images", "test_labels", "mapping", "threads",
  ]
}

extension JSONValue {
  /// A value for people; `nil` for none.
  fileprivate var shown: String? { self == .null ? nil : string ?? text() }
}

extension LayeredConfiguration {
  /// The configuration that the manifest of a run records, to train it again somewhere else.
  ///
  /// - Throws: ``ManifestError``, and what ``layMembers(_:of:)`` throws.
  public init(ofRun manifest: Manifest, path: String) throws {
    try self.init(.run, manifest, path: path)
    guard manifest["result"]?.object != nil else { throw ManifestError.unfinished(path: path) }
    forget(["out", "name", "force"])
    rememberOldDefaults()
  }

  /// Has what was a default then, and is none now, count as given, so that it stays. The name of the
  /// data set is none of these: it was found where nobody gave it.
  private mutating func rememberOldDefaults() {
    let untouched = TrainingConfiguration()
    for option in ConfigurationOption.all
    where option.name != "dataset" && sources[option.name] == .default
      && option.text(in: configuration) != option.text(in: untouched)
    {
      remember(option.name, from: .file)
    }
  }

  /// The configuration that several trainings have in common.
  ///
  /// - Throws: as ``init(ofRun:path:)``.
  public init(ofSeries manifest: Manifest, path: String) throws {
    let isRepeated = manifest.kind == .repeats
    try self.init(isRepeated ? .repeats : .crossValidation, manifest, path: path)
  }

  private init(_ kind: Manifest.Kind, _ manifest: Manifest, path: String) throws {
    guard manifest.kind == kind else {
      throw ManifestError.otherKind(path: path, kind: manifest.kind.rawValue, needed: kind.rawValue)
    }
    guard let members = manifest["configuration"]?.object else {
      throw ManifestError.badKey(path: path, key: "configuration", expected: "a list of options")
    }
    try self.init(recordedAs: members, path: path)
  }
}
