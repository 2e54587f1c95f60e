import Configuration
import Datasets
import Platform
import Support
import Tensor

/// `manifest.json`: what a run or a study was made from, by whom and where, and what came of it, so
/// that somebody else can make it again and find out what is not the same.
///
/// A record of sessions, one for each time that a process worked on it; the last is the latest. It
/// is written at the beginning and at the end of each.
public struct Manifest: Sendable {
  /// What a manifest is of.
  public enum Kind: String, Sendable {
    case run
    case crossValidation = "cross-validation"
    case repeats = "repeated training"
    case study
  }

  static let schema = 1
  /// The members in the order that they are written in.
  public private(set) var json: JSONObject

  init(_ kind: Kind) {
    json = ["schema": .integer(Self.schema), "kind": .string(kind.rawValue), "sessions": []]
  }

  /// Reads a manifest.
  ///
  /// - Throws: ``FileError``, ``JSONError``, ``FormatVersion`` and ``ManifestError``.
  public init(reading path: String) throws {
    let value = try JSONValue(parsing: readFile(path, as: .text), path: path)
    guard let object = value.object, let schema = object["schema"]?.int else {
      throw ManifestError.badKey(path: path, key: "schema", expected: "a number")
    }
    try FormatVersion.check(schema, of: path, known: Self.schema)
    guard object["kind"]?.string.flatMap(Kind.init) != nil else {
      throw ManifestError.badKey(
        path: path, key: "kind", expected: "run, cross-validation, repeated training or study")
    }
    guard object["sessions"]?.array?.allSatisfy({ $0.object != nil }) == true else {
      throw ManifestError.badKey(path: path, key: "sessions", expected: "a list of sessions")
    }
    json = object
  }

  /// The manifest at `path` to go on with; a new one if there is none that can be read.
  ///
  /// - Throws: ``FormatVersion`` for one that a later version wrote.
  static func begun(_ kind: Kind, at path: String) throws -> Manifest {
    do {
      return try Manifest(reading: path)
    } catch let error as FormatVersion {
      throw error
    } catch {
      return Manifest(kind)
    }
  }

  public var kind: Kind { json["kind"]?.string.flatMap(Kind.init) ?? .run }

  /// One for each time that a process worked on it, in their order.
  public var sessions: [JSONObject] { json["sessions"]?.array?.compactMap(\.object) ?? [] }

  /// A member by the keys that lead to it.
  public subscript(path: String...) -> JSONValue? {
    path.reduce(JSONValue.object(json) as JSONValue?) { $0?[$1] }
  }

  func write(to path: String) throws {
    try AtomicFile.write(text: JSONValue.object(json).text(pretty: true), to: path)
  }
}

// What is put in.
extension Manifest {
  mutating func set(_ key: String, _ value: JSONValue?) { json[key] = value }

  /// Begins a session.
  mutating func begin(_ origin: RunOrigin, on device: (level: SIMDLevel, threads: Int)) {
    var session: JSONObject = ["date": .string(utcDate(wallClockSeconds()))]
    for key in origin.json.keys { session[key] = origin.json[key] }
    session["processor"] = .object(Processor.current.json)
    session["caches"] = .object(CacheSizes.current.json)
    session["simd"] = .string(device.level.rawValue)
    session["threads"] = .integer(device.threads)
    json["sessions"] = .array((sessions + [session]).map(JSONValue.object))
  }

  /// Writes down what a study is made from, when a process begins or goes on with it.
  ///
  /// - Throws: ``FileError`` and ``FormatVersion``.
  public static func beginStudy(
    at path: String, sweep: JSONObject, dataset: Dataset, origin: RunOrigin, level: SIMDLevel,
    threads: Int
  ) throws {
    var manifest = try begun(.study, at: path)
    manifest.begin(origin, on: (level, threads))
    manifest.set("sweep", .object(sweep))
    manifest.set(dataset)
    manifest.set("training", dataset.train.map { Selection($0) })
    try manifest.write(to: path)
  }

  /// Writes down how the latest session of a study ended, if there is a manifest.
  ///
  /// - Throws: ``FileError``.
  public static func endStudy(at path: String, _ reason: StopReason) throws {
    guard var manifest = try? Manifest(reading: path) else { return }
    manifest.end(reason.rawValue)
    try manifest.write(to: path)
  }

  /// Ends the latest session, with the seconds that the whole process computed so far.
  mutating func end(_ reason: String) {
    guard var session = sessions.last else { return }
    session["ended"] = .string(reason)
    session.set("cpu_seconds", number: processorSeconds())
    json["sessions"] = .array((sessions.dropLast() + [session]).map(JSONValue.object))
  }

  /// A configuration with who gave what.
  mutating func set(_ configuration: LayeredConfiguration) {
    json["configuration"] = .object(configuration.json)
    json["seed"] = configuration.json["seed"]
  }

  /// The data set and the files that it was read from.
  mutating func set(_ dataset: Dataset) {
    let files = dataset.files.map { file -> JSONValue in
      [
        "path": .string(absolutePath(file.path)), "role": .string(file.role.rawValue),
        "bytes": .integer(file.bytes), "count": .integer(file.count),
        "sha256": DataFileSums.sha256(of: file.path).map(JSONValue.string) ?? .null,
      ]
    }
    json["data"] = [
      "name": .string(dataset.name), "classes": .integer(dataset.classes.count),
      "classes_sha256": .string(dataset.classes.digest), "files": .array(files),
    ]
  }

  /// The images of a part: how many, which of the file's and what tells them from others.
  mutating func set(_ part: String, _ selection: Selection?, digest: String? = nil) {
    var parts = json["parts"]?.object ?? JSONObject()
    parts[part] = selection.map { selection in
      let ranges = selection.rangesText
      return [
        "count": .integer(selection.count),
        "class_counts": .array(selection.classCounts.map { .integer($0) }),
        "sha256": .string(digest ?? selection.digest),
        "indices": ranges.utf8.count <= Self.longestRanges ? .string(ranges) : .null,
        "indices_sha256": .string(SHA256.hexadecimal(text: ranges)),
      ]
    }
    json["parts"] = .object(parts)
  }

  /// Bytes of the text of positions that still stand in a manifest: those of a tenth of 100,000
  /// images at random. Their hash always does.
  private static let longestRanges = 200_000

  /// How often the test part was read, as far as the directory could be written to.
  public var testReads: Int { json["test_reads"]?.int ?? 0 }

  /// Counts a look at the test part in the manifest at `path`, if there is one that can be written.
  static func countTestRead(at path: String) {
    guard FileSystem.isWritable(path), var manifest = try? Manifest(reading: path) else { return }
    manifest.json["test_reads"] = .integer(manifest.testReads &+ 1)
    try? manifest.write(to: path)
  }
}

extension Selection {
  /// The number of images of each class up to the last that occurs.
  fileprivate var classCounts: [Int] {
    counts(classCount: indices.reduce(0) { max($0, Int(images.labels[Int($1)]) + 1) })
  }
}

extension ClassTable {
  /// What tells the classes and their labels from others.
  fileprivate var digest: String {
    let stored = storedLabels.map { "\($0)" } ?? "\(firstLabel)"
    return SHA256.hexadecimal(text: JSONValue.array(labels.map(JSONValue.string)).text() + stored)
  }
}

/// A `manifest.json` that cannot be used.
public enum ManifestError: UserError, Equatable {
  case badKey(path: String, key: String, expected: String)
  /// Its training did not come to an end.
  case unfinished(path: String)
  case otherKind(path: String, kind: String, needed: String)

  public var exitCode: ExitCode { .dataError }

  public var description: String {
    switch self {
    case .badKey(let path, let key, let expected):
      "\(path): '\(key)' is not \(expected), so this is no manifest that emnist wrote"
    case .unfinished(let path):
      "\(path): records no result, because its training did not end"
    case .otherKind(let path, let kind, let needed):
      "\(path): is the manifest of a \(kind), and not that of a \(needed)"
    }
  }
}
