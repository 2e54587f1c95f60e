import Configuration
import Search
import Support

/// A sweep: what is searched, how, and when trials stop. W&B's dialect, version 2 of its schema,
/// and the object `emnist` beside it.
///
/// Parameters are named as training options are; in nested ones the last name counts. Beyond the
/// dialect, an entry of `values` may be an object: `{"value": "sgd", "parameters": {…}}` has
/// parameters that are used only with this choice, and `{"min": …, "max": …}` is a distribution
/// from which the value is drawn if the entry is chosen.
public struct SweepFile: Equatable, Sendable {
  public let path: String
  public let method: SweepMethod
  public let metric: SweepMetric
  public let space: SearchSpace
  public let termination: EarlyTermination?
  public let settings: SweepSettings
  /// The file's content, complete in itself: `emnist.base` holds the options of the file it named.
  public let json: JSONObject
  /// What of the file decides the trials: two files with the same can go on with one study.
  public let identity: JSONObject
  /// What the reader should know although the file can be used, a sentence each.
  public let notes: [String]

  /// How many trials the study has in all; `nil` if the file does not say.
  public var trials: Int? { settings.trials }

  /// How many trials there will be at most, the size of a grid included; `nil`: no limit.
  public var trialLimit: Int? {
    let counts = [trials, SweepSearch(space, method: method, seed: settings.seed).trialCount]
    return counts.compactMap(\.self).min()
  }

  /// Reads a file in JSON or YAML, and the one that it names as its base, beside which it stands.
  ///
  /// - Parameter overrides: members of `emnist` that replace those of the file.
  /// - Throws: ``FileError``, ``JSONError``, ``YAMLError``, ``SweepFileError``, or
  ///   ``SweepFileErrors`` if there is more than one obstacle.
  public init(path: String, overrides: JSONObject = [:]) throws {
    let text = try SettingsText(reading: path)
    var json = text.value
    if var members = json.object, members["emnist"].map({ $0.object != nil }) ?? true {
      var own = members["emnist"]?.object ?? [:]
      if let base = own["base"]?.string { own["base"] = .object(try Self.base(base, of: path)) }
      for (key, value) in overrides {
        own[key] = value
        // The command line wins over a constant of the file, too.
        members["parameters"] = members["parameters"].map { Self.removing(key, from: $0) }
      }
      if overrides["trials"] != nil { members["run_cap"] = nil }
      if !own.isEmpty { members["emnist"] = .object(own) }
      json = .object(members)
    }
    try self.init(json, path: path, places: text.places)
  }

  /// Where a study keeps the file that it was begun with.
  public static func path(in directory: String) -> String { directory + "/sweep.json" }

  /// Parameters without those that say which data there are, if these are given otherwise.
  private static func removing(_ option: String, from parameters: JSONValue) -> JSONValue {
    guard ["dataset", "data"].contains(option), let members = parameters.object else {
      return parameters
    }
    return .object(
      JSONObject(
        members.compactMap { name, value in
          ConfigurationOption.called(name)?.name == option ? nil : (name, value)
        }))
  }

  /// The options of a base file, without those that say where a run goes and those not chosen.
  private static func base(_ name: String, of path: String) throws -> JSONObject {
    let place = path.lastIndex(of: "/").map { path[...$0] + name } ?? name
    let file = name.hasPrefix("/") ? name : place
    guard let members = try JSONValue(readingJSONOrYAML: file).object else {
      throw ConfigurationError.notAnObject(path: file)
    }
    return JSONObject(
      members.compactMap { key, value in
        let isUsed = ConfigurationOption.named(key).map(\.isSearched) ?? true
        return LayeredConfiguration.bookkeeping.contains(key) || value == .null || !isUsed
          ? nil : (key, value)
      })
  }

  /// - Throws: ``SweepFileError`` or ``SweepFileErrors``, with `path` for the file.
  public init(_ json: JSONValue, path: String) throws {
    try self.init(json, path: path, places: nil)
  }

  /// Reads all parts, whatever is wrong with others, so that one listing has all obstacles.
  private init(_ json: JSONValue, path: String, places: KeyPlaces?) throws {
    guard let members = json.object else {
      throw SweepFileError(
        path: path, key: "", problem: .wrongValue(json, expected: "an object with \"parameters\""))
    }
    let log = SweepLog(path: path, places: places)
    let reader = SweepReader(path: path, key: "", members: members, log: log)
    reader.checkKeys(Self.ownKeys + Self.ignoredKeys)
    let ignored = Self.ignoredKeys.filter(reader.has)
    if !ignored.isEmpty { reader.noteIgnored(ignored) }
    let settings = try log.attempt { try Self.settings(reader) }
    log.ignoresUnknown = settings?.ignoresUnknown ?? false
    let method = try log.attempt { try Self.method(reader) }
    let termination = try log.attempt { try Self.termination(reader) } ?? nil
    let needsMetric = method == .bayes || termination != nil
    let metric = try log.attempt { try SweepMetric(reader, isNeeded: needsMetric) }
    let parameters = try log.attempt { try Self.parameters(reader, method, settings) }
    try log.check()
    guard let settings, let method, let metric, let parameters else {
      preconditionFailure("a part of a sweep file is missing without an obstacle")
    }
    self.path = path
    self.method = method
    self.metric = metric
    self.termination = termination
    self.settings = settings
    space = SearchSpace(parameters)
    self.json = members
    identity = Self.identity(members, metric)
    notes = log.notes + Self.shortage(of: space, method, settings).map { "\(path): \($0)" }
  }

  /// That a random search, which tries nothing twice, has less to try than it was asked for.
  private static func shortage(
    of space: SearchSpace, _ method: SweepMethod, _ settings: SweepSettings
  ) -> [String] {
    let count = SweepSearch(space, method: method, seed: settings.seed).trialCount
    guard method == .random, let count, let trials = settings.trials, count < trials else {
      return []
    }
    return [
      "the parameters have \(counted(count, "combination")), each tried once: "
        + "\(counted(count, "trial")) instead of \(grouped(trials))"
    ]
  }

  private static let ownKeys = [
    "method", "metric", "parameters", "early_terminate", "run_cap", "emnist",
  ]
  /// What only W&B needs.
  private static let ignoredKeys = [
    "name", "description", "program", "project", "entity", "command", "controller", "job",
    "image_uri", "apiVersion", "kind", "scheduler", "enabled", "impute", "impute_while_running",
    "prior_runs", "settings", "queue", "tags", "notes",
  ]

  private static func method(_ reader: SweepReader) throws -> SweepMethod {
    let meant = ["bayesian": "bayes", "grid_search": "grid", "random_search": "random"]
    guard let method = try reader.choice("method", SweepMethod.self, meant: meant) else {
      throw reader.error("method", .missing(needed: SweepMethod.allCases.map(\.rawValue).asChoices))
    }
    return method
  }

  private static func termination(_ reader: SweepReader) throws -> EarlyTermination? {
    guard let given = try reader.object("early_terminate"), given["enabled"] != false else {
      return nil
    }
    return try EarlyTermination(given)
  }

  private static func parameters(
    _ reader: SweepReader, _ method: SweepMethod?, _ settings: SweepSettings?
  ) throws -> [SearchParameter] {
    guard let given = try reader.object("parameters") else {
      throw reader.error("parameters", .missing(needed: "the parameters to search"))
    }
    let base = settings?.base ?? [:]
    return try SweepParameterReader(given, method: method ?? .random, base: base).parameters
  }

  private static func settings(_ reader: SweepReader) throws -> SweepSettings {
    var settings = try reader.object("emnist").map(SweepSettings.init) ?? SweepSettings()
    guard let cap = try reader.wholeNumber("run_cap", atLeast: 1) else { return settings }
    guard settings.trials == nil else { throw reader.error("run_cap", .excludes("emnist.trials")) }
    settings.trials = cap
    return settings
  }

  /// How long a study goes on, how many work on it and how a metric is spelled are not part of what
  /// it is.
  private static func identity(_ members: JSONObject, _ metric: SweepMetric) -> JSONObject {
    var identity = JSONObject()
    for key in ["method", "metric", "parameters", "early_terminate", "emnist"] {
      identity[key] = members[key]
    }
    for (key, names) in [
      ("metric", ["target"]),
      (
        "emnist",
        ["trials", "workers", "threads", "max_time", "refit", "data", SweepSettings.ignoreUnknown]
      ),
    ] {
      guard var object = identity[key]?.object else { continue }
      for name in names { object[name] = nil }
      if key == "metric" { object["name"] = .string(metric.name.rawValue) }
      identity[key] = object.isEmpty ? nil : .object(object)
    }
    return identity
  }
}
