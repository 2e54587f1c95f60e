import Configuration
import Support

/// What a sweep makes small or large.
public struct SweepMetric: Equatable, Sendable {
  public enum Goal: String, CaseIterable, Sendable { case minimize, maximize }

  /// Which value a failed trial counts with when the next one is proposed.
  public enum Imputation: String, CaseIterable, Sendable { case latest, best, worst }

  public let name: MonitoredMetric
  public let goal: Goal
  /// The sweep ends when a trial reaches it.
  public let target: Double?
  public let impute: Imputation

  public init(
    _ name: MonitoredMetric, goal: Goal, target: Double? = nil, impute: Imputation = .worst
  ) {
    self.name = name
    self.goal = goal
    self.target = target
    self.impute = impute
  }

  /// A value as something to make small.
  public func loss(_ value: Double) -> Double { goal == .minimize ? value : -value }

  /// Whether a value is as good as the target.
  public func reachesTarget(_ value: Double) -> Bool {
    target.map { loss(value) <= loss($0) } ?? false
  }
}

extension SweepMetric {
  /// Reads `metric`. A sweep that compares nothing while it runs may leave it out.
  init(_ reader: SweepReader, isNeeded: Bool) throws {
    guard let given = try reader.object("metric") else {
      guard !isNeeded else {
        let needed = #"one for bayes and early_terminate, such as {"name": "val_loss"}"#
        throw reader.error("metric", .missing(needed: needed))
      }
      self.init(.valLoss, goal: .minimize)
      return
    }
    try given.checkKeys(["name", "goal", "target", "impute"])
    guard let name = try given.text("name") else {
      throw given.error(
        "name", .missing(needed: MonitoredMetric.allCases.map(\.rawValue).asChoices))
    }
    self.init(
      try MonitoredMetric(called: name, in: given),
      goal: try given.choice("goal", Goal.self) ?? .minimize,
      target: try given.number("target"),
      impute: try given.choice("impute", Imputation.self) ?? .worst)
  }
}

// What the metrics are called elsewhere.
extension MonitoredMetric {
  /// The metric that a name means: `validation_loss`, `val/acc`, `Validation Accuracy`, and plain
  /// `loss` and `accuracy`.
  fileprivate init(called name: String, in reader: SweepReader) throws {
    let folded = name.lowercased().filter { $0.isLetter || $0.isNumber }
    if let metric = Self.named(folded, of: Self.validationNames) {
      self = metric
      return
    }
    for (part, names) in [("test", ["test", "testing"]), ("training", ["train", "training"])] {
      guard let metric = Self.named(folded, of: names) else { continue }
      throw reader.error("name", .otherPart(name, part: part, instead: metric.rawValue))
    }
    let known = Self.validationNames.flatMap(Self.spellings(of:))
    let nearest = nearestName(to: folded, in: known.map(\.name))
    throw reader.error(
      "name",
      .unknownChoice(
        name, nearest: known.first { $0.name == nearest }?.metric.rawValue,
        choices: Self.allCases.map(\.rawValue)))
  }

  private static let validationNames = [
    "", "val", "valid", "validation", "eval", "evaluation", "dev",
  ]

  private static func named(_ folded: String, of parts: [String]) -> MonitoredMetric? {
    parts.flatMap(spellings(of:)).first { $0.name == folded }?.metric
  }

  /// The names of the metrics of a part, without what separates words.
  private static func spellings(of part: String) -> [(name: String, metric: MonitoredMetric)] {
    let words: [(String, MonitoredMetric)] = [
      ("loss", .valLoss), ("accuracy", .valAccuracy), ("acc", .valAccuracy),
    ]
    return words.flatMap { word, metric in
      ["\(part)\(word)", "\(word)\(part)", "best\(part)\(word)", "epoch\(part)\(word)"]
        .map { ($0, metric) }
    }
  }
}
