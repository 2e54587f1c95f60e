import Support

/// By what a list of runs is sorted: names from a to z, numbers and dates from the largest down.
public enum RunOrder: String, CaseIterable, Sendable {
  case date, run, model, dataset, epochs
  case validationAccuracy = "val_accuracy"
  case testAccuracy = "test_accuracy"
  case parameters, state

  /// The runs in this order; those without such a value last, and equal ones as they were.
  public func sorted(_ runs: [RunListing]) -> [RunListing] {
    runs.enumerated().sorted { a, b in
      let (first, second) = (key(a.element), key(b.element))
      return isBefore(first, second) || !isBefore(second, first) && a.offset < b.offset
    }.map(\.element)
  }

  private enum Key {
    case text(String)
    case number(Double)
  }

  private func key(_ run: RunListing) -> Key? {
    switch self {
    case .date: run.date.map(Key.text)
    case .run: .text(run.run)
    case .model: run.model.map(Key.text)
    case .dataset: run.dataset.map(Key.text)
    case .state: .text(run.state.rawValue)
    case .epochs: .number(Double(run.epochsRun))
    case .validationAccuracy: run.validationAccuracy.map(Key.number)
    case .testAccuracy: run.testAccuracy.map(Key.number)
    case .parameters: run.parameters.map { .number(Double($0)) }
    }
  }

  private func isBefore(_ a: Key?, _ b: Key?) -> Bool {
    switch (a, b) {
    case (.text(let a)?, .text(let b)?): self == .date ? a > b : a < b
    case (.number(let a)?, .number(let b)?): a > b
    case (_?, nil): true
    default: false
    }
  }
}

/// What runs must be to be listed: an option of theirs, or what the list says of them, with a value.
public struct RunFilter: Equatable, Sendable {
  public let key: String
  public let value: String

  public init(key: String, value: String) { (self.key, self.value) = (key, value) }

  /// What the list itself says of a run.
  public static let keys = ["model", "dataset", "state"]

  public func allows(_ run: RunListing) -> Bool {
    switch key {
    case "dataset": run.dataset == value
    case "state": run.state.rawValue == value
    default: run.options.contains { $0.name == key && isEqual($0.value) }
    }
  }

  /// `0.001` and `1e-3` are the same number.
  private func isEqual(_ other: String) -> Bool {
    if other == value { return true }
    guard let a = Double(other), let b = Double(value) else { return false }
    return a == b
  }
}
