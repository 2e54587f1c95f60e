import Search
import Support

extension EarlyTermination {
  private enum Kind: String, CaseIterable { case hyperband, asha, median }

  /// Reads `early_terminate`.
  init(_ reader: SweepReader) throws {
    guard let kind = try reader.choice("type", Kind.self) else {
      throw reader.error("type", .missing(needed: Kind.allCases.map(\.rawValue).asChoices))
    }
    switch kind {
    case .hyperband: self = .hyperband(try HyperbandStopping(reader))
    case .asha: self = .successiveHalving(try SuccessiveHalving(reader))
    case .median: self = .median(try MedianStopping(reader))
    }
  }
}

/// From one band or rung to the next must be a step: 1.1 to the 145th is a million epochs.
private let etaRange = 1.1...1000.0

extension HyperbandStopping {
  fileprivate init(_ reader: SweepReader) throws {
    reader.checkKeys(["type", "enabled", "min_iter", "max_iter", "s", "eta", "strict"])
    self.init(
      try Self.bands(reader), eta: try reader.number("eta", in: etaRange) ?? 3,
      isStrict: try reader.truth("strict") ?? true)
  }

  private static func bands(_ reader: SweepReader) throws -> Bands {
    let first = try reader.wholeNumber("min_iter", atLeast: 1)
    let last = try reader.wholeNumber("max_iter", atLeast: 1)
    let count = try reader.wholeNumber("s", atLeast: 1, atMost: 100)
    // Both together are one way to say it; W&B looks for it first.
    if let last, let count {
      if first != nil { reader.noteIgnored(["min_iter"], beside: "max_iter and s") }
      return .below(last, count: count)
    }
    if let first {
      let others = ["max_iter", "s"].filter(reader.has)
      if !others.isEmpty { reader.noteIgnored(others, beside: "min_iter") }
      return .from(first)
    }
    guard last != nil else {
      throw reader.error("min_iter", .missing(needed: "it, or max_iter and s"))
    }
    throw reader.error("s", .missing(needed: "the number of bands below max_iter"))
  }
}

extension SuccessiveHalving {
  fileprivate init(_ reader: SweepReader) throws {
    reader.checkKeys(["type", "enabled", "min_iter", "eta", "s"])
    self.init(
      first: try reader.wholeNumber("min_iter", atLeast: 1) ?? 1,
      eta: try reader.number("eta", in: etaRange) ?? 4,
      skipped: try reader.wholeNumber("s", atLeast: 0, atMost: 100) ?? 0)
  }
}

extension MedianStopping {
  fileprivate init(_ reader: SweepReader) throws {
    reader.checkKeys(["type", "enabled", "min_iter", "min_trials"])
    self.init(
      startupCount: try reader.wholeNumber("min_trials", atLeast: 1) ?? 5,
      firstEpoch: try reader.wholeNumber("min_iter", atLeast: 1) ?? 1)
  }
}
