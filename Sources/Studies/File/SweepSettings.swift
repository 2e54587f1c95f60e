import Configuration
import Support

/// The `emnist` object of a sweep file: what W&B keeps elsewhere.
public struct SweepSettings: Equatable, Sendable {
  /// What all trials have in common, by training option.
  public var base = JSONObject()
  /// Of every random number.
  public var seed: UInt64 = 0
  /// How many trials the study has in all.
  public var trials: Int?
  /// How many run side by side.
  public var workers: Int?
  /// Threads of a trial.
  public var threads: Int?
  /// Seconds after which no trial begins.
  public var maxTime: Double?
  /// Parts of a cross-validation; `nil`: a validation part.
  public var folds: Int?
  /// How many seeds a trial is trained with.
  public var repeats = 1
  public var maxParameters: Int?
  public var maxMacs: Int?
  /// How many seeds the winner is trained with at the end, on training and validation images.
  public var refit = 0
  /// The number of trials that are proposed together, see ``SweepRounds``.
  public var round = 4
  /// Whether parameters that set no training option are left out.
  public var ignoresUnknown = false

  public init() {}

  static let ignoreUnknown = "ignore_unknown"
  static let keys = [
    "dataset", "data", "limit", "seed", "trials", "workers", "threads", "max_time", "folds",
    "repeats", "base", "max_parameters", "max_macs", "refit", "round", ignoreUnknown,
  ]

  init(_ reader: SweepReader) throws {
    reader.checkKeys(Self.keys)
    try readBase(reader)
    ignoresUnknown = try reader.truth(Self.ignoreUnknown) ?? ignoresUnknown
    if let value = reader["seed"] {
      seed = try ValueKind<UInt64>.seed.value(value, reader, "seed")
    }
    if let value = reader["max_time"] {
      maxTime = try ValueKind<Double>.seconds.value(value, reader, "max_time")
    }
    try readNumbers(reader)
  }

  private mutating func readNumbers(_ reader: SweepReader) throws {
    trials = try reader.wholeNumber("trials", atLeast: 1)
    workers = try reader.wholeNumber("workers", atLeast: 1, atMost: 256)
    threads = try reader.wholeNumber("threads", atLeast: 1, atMost: 256)
    folds = try reader.wholeNumber("folds", atLeast: 2, atMost: 1_000)
    let repeatsOfBase = base["repeats"]?.int
    base["repeats"] = nil
    repeats =
      try reader.wholeNumber("repeats", atLeast: 1, atMost: 1_000) ?? repeatsOfBase ?? repeats
    maxParameters = try reader.wholeNumber("max_parameters", atLeast: 1, atMost: 1_000_000_000_000)
    maxMacs = try reader.wholeNumber("max_macs", atLeast: 1, atMost: 1_000_000_000_000_000)
    refit = try reader.wholeNumber("refit", atLeast: 0, atMost: 1_000) ?? refit
    round = try reader.wholeNumber("round", atLeast: 1, atMost: 10_000) ?? round
  }

  private mutating func readBase(_ reader: SweepReader) throws {
    if let given = try reader.object("base") {
      for (name, value) in given.members {
        try given.log.attempt {
          guard ConfigurationOption.named(name) != nil else {
            let nearest = ConfigurationOption.nearest(to: name)
            throw given.error(name, .noSuchOption(nearest: nearest))
          }
          try given.check(value, for: name, at: name)
          base[name] = value
        }
      }
    }
    for name in ["dataset", "data", "limit"] {
      guard let value = reader[name] else { continue }
      try reader.check(value, for: name, at: name)
      base[name] = value
    }
  }
}

extension ValueKind {
  /// The value of a member of a sweep file.
  fileprivate func value(_ value: JSONValue, _ reader: SweepReader, _ name: String) throws -> Value
  {
    do {
      return try self.value(.json(value), at: .file(path: reader.path, key: name))
    } catch ConfigurationError.invalidValue(_, _, let problem) {
      throw reader.error(name, .option(name, value, problem))
    }
  }
}
