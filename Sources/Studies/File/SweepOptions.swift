import Configuration
import Search
import Support

// What a sweep file says about training options.

extension SweepReader {
  /// Refuses a value that a training option does not take; `place` is the member that gave it.
  func check(_ value: JSONValue, for option: String, at place: String) throws {
    if let problem = problem(with: value, for: option) {
      throw error(place, .option(option, value, problem))
    }
  }

  /// Says that members are ignored: the service needs them, or there are others `beside` them.
  func noteIgnored(_ names: [String], beside others: String? = nil) {
    let list = names.map { "'\(place($0))'" }.asEnumeration
    let verb = names.count == 1 ? "is" : "are"
    log.note(
      others.map { "\(list) \(verb) ignored beside \($0), as in W&B" }
        ?? "only W&B uses \(list), which \(verb) ignored here")
  }
}

extension SweepSearch {
  /// The search of a sweep file. Bounded distributions were checked when it was read.
  init(_ sweep: SweepFile) {
    self.init(sweep.space, method: sweep.method, seed: sweep.settings.seed) { parameter, value in
      problem(with: value, for: parameter.option) == nil
    }
  }
}

extension ConfigurationOption {
  /// Why this option does not take a value; `nil` if it does.
  func problem(with value: JSONValue) -> ValueProblem? {
    var scratch = TrainingConfiguration()
    do {
      try set(&scratch, to: .json(value), at: .file(path: "", key: name))
      return nil
    } catch ConfigurationError.invalidValue(_, _, let problem) {
      return problem
    } catch {
      return .wrongKind(expected: "usable")
    }
  }

  /// Whether a sweep may set it: not what says where a run goes.
  var isSearched: Bool { group != .run || name == "seed" }

  /// Whether it says which images there are, which is the same for all trials of a sweep.
  var choosesData: Bool { group == .data && !["limit", "limit_test", "val_split"].contains(name) }
}
