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
  /// Reads `metric`. A sweep that compares nothing while it runs may leave it out, or name one that
  /// is not measured here: then the goal says by which one trials are ranked.
  init(_ reader: SweepReader, isNeeded: Bool) throws {
    guard let given = try reader.object("metric") else {
      guard !isNeeded else {
        let needed = #"one for bayes and early_terminate, such as {"name": "val_loss"}"#
        throw reader.error("metric", .missing(needed: needed))
      }
      self.init(.valLoss, goal: .minimize)
      return
    }
    let ignored = given.members.keys.filter { $0.hasPrefix("impute_") }
    given.checkKeys(["name", "goal", "target", "impute"] + ignored)
    if !ignored.isEmpty { given.noteIgnored(ignored) }
    guard let text = try given.text("name") else {
      throw given.error(
        "name", .missing(needed: MonitoredMetric.allCases.map(\.rawValue).asChoices))
    }
    let goal = try given.choice("goal", Goal.self, meant: Self.otherGoals)
    let target = try given.number("target")
    let mayBeOther = target == nil && (!isNeeded || given.log.ignoresUnknown)
    let name = try MonitoredMetric(called: text, goal: goal, mayBeOther: mayBeOther, in: given)
    if goal == nil, name == .valAccuracy {
      given.log.note("'metric.goal' is not given, so val_accuracy is maximized")
    }
    self.init(
      name, goal: goal ?? (name == .valAccuracy ? .maximize : .minimize), target: target,
      impute: try given.choice("impute", Imputation.self) ?? .worst)
  }

  private static let otherGoals = [
    "max": "maximize", "maximise": "maximize", "min": "minimize", "minimise": "minimize",
  ]
}

// What the metrics are called elsewhere.
extension MonitoredMetric {
  /// The metric that a name means, or the one of the goal if the name may mean none.
  fileprivate init(
    called name: String, goal: SweepMetric.Goal?, mayBeOther: Bool, in reader: SweepReader
  ) throws {
    do {
      try self.init(called: name, in: reader)
      if rawValue != name {
        reader.log.note("'metric.name': '\(name)' is taken for \(rawValue)")
      }
    } catch {
      guard mayBeOther else { throw error }
      self = goal == .maximize ? .valAccuracy : .valLoss
      reader.log.note(
        "'metric.name': '\(name)' is not measured here; trials are ranked by \(rawValue)")
    }
  }

  /// The metric that a name means: `validation_loss`, `val/acc`, `Validation Accuracy`, and plain
  /// `loss` and `accuracy`.
  private init(called name: String, in reader: SweepReader) throws {
    let folded = Self.essence(of: name)
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
    "", "val", "valid", "validation", "eval", "evaluation", "dev", "cv",
  ]
  /// Words that say how a metric is taken, not what it is.
  private static let fillers = ["avg", "average", "mean", "epoch", "best", "final", "top1"]

  /// A name in small letters without fillers, with what separates words and more than one word for
  /// validation: `valloss` for `val/avg_loss` and `valEvalLoss`.
  private static func essence(of name: String) -> String {
    var words: [String] = [""]
    var isAfterSmall = false
    for character in name {
      let isPart = character.isLetter || character.isNumber
      if !isPart || isAfterSmall && character.isUppercase { words.append("") }
      if isPart { words[words.count - 1] += character.lowercased() }
      isAfterSmall = character.isLowercase
    }
    let telling = words.filter { !fillers.contains($0) && !$0.isEmpty }
    let parts = telling.filter(validationNames.contains)
    return (parts.prefix(1) + telling.filter { !parts.contains($0) }).joined()
  }

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
