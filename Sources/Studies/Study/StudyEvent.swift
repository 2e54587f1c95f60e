import Support

/// Something that happened in a study: a line of its journal.
enum StudyEvent: Equatable, Sendable {
  /// The first line: which sweep this is, and what tells the data that it searches with.
  case study(identity: JSONObject, data: String?)
  /// A trial begins.
  case trial(Int, parameters: JSONObject, worker: String, time: Double)
  /// Somebody goes on with a trial.
  case claim(Int, worker: String, time: Double)
  /// A worker is alive.
  case heartbeat(worker: String, time: Double)
  /// The metric after an epoch, counted from 1.
  case report(Int, epoch: Int, value: Double)
  /// A trial ends.
  case end(Int, StudyTrial.State, value: Double?, reason: String?, seconds: Double?)

  static let schema = 1
  /// How the first line of every journal begins.
  static let start = Array(#"{"event":"study","#.utf8)

  var json: JSONObject {
    switch self {
    case .study(let identity, let data):
      var json: JSONObject = [
        "event": "study", "schema": .integer(Self.schema), "sweep": .object(identity),
      ]
      json["data_sha256"] = data.map { .string($0) }
      return json
    case .trial(let number, let parameters, let worker, let time):
      return [
        "event": "trial", "trial": .integer(number), "parameters": .object(parameters),
        "worker": .string(worker), "time": .number(time),
      ]
    case .claim(let number, let worker, let time):
      return [
        "event": "claim", "trial": .integer(number), "worker": .string(worker),
        "time": .number(time),
      ]
    case .heartbeat(let worker, let time):
      return ["event": "heartbeat", "worker": .string(worker), "time": .number(time)]
    case .report(let number, let epoch, let value):
      return [
        "event": "report", "trial": .integer(number), "epoch": .integer(epoch),
        "value": .number(value),
      ]
    case .end(let number, let state, let value, let reason, let seconds):
      var json: JSONObject = [
        "event": "end", "trial": .integer(number), "state": .string(state.rawValue),
      ]
      json["value"] = value.map { .number($0) }
      json["reason"] = reason.map { .string($0) }
      json["seconds"] = seconds.map { .number($0) }
      return json
    }
  }

  /// The event of a line of a journal; `nil` if it is none.
  ///
  /// - Throws: ``FormatVersion`` if a later version wrote it.
  static func read(_ json: JSONObject, of path: String) throws -> StudyEvent? {
    try FormatVersion.check(json["schema"]?.int, of: path, known: schema)
    return StudyEvent(json)
  }

  /// `nil` if this is no event of this schema.
  init?(_ json: JSONObject) {
    let trial = json["trial"]?.int
    let worker = json["worker"]?.string
    let time = json["time"]?.double
    switch json["event"]?.string {
    case "study":
      guard json["schema"]?.int == Self.schema, let sweep = json["sweep"]?.object else {
        return nil
      }
      self = .study(identity: sweep, data: json["data_sha256"]?.string)
    case "trial":
      guard let trial, let worker, let time, let parameters = json["parameters"]?.object else {
        return nil
      }
      self = .trial(trial, parameters: parameters, worker: worker, time: time)
    case "claim":
      guard let trial, let worker, let time else { return nil }
      self = .claim(trial, worker: worker, time: time)
    case "heartbeat":
      guard let worker, let time else { return nil }
      self = .heartbeat(worker: worker, time: time)
    case "report":
      guard let trial, let epoch = json["epoch"]?.int, let value = json["value"] else {
        return nil
      }
      // What is not a number stands as null.
      self = .report(trial, epoch: epoch, value: value.double ?? .nan)
    case "end":
      guard let trial, let state = json["state"]?.string.flatMap(StudyTrial.State.init) else {
        return nil
      }
      self = .end(
        trial, state, value: json["value"]?.double, reason: json["reason"]?.string,
        seconds: json["seconds"]?.double)
    default: return nil
    }
  }
}
