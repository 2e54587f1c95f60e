import Configuration
import Platform
import Support

/// A sweep file that cannot be used, and the key at which.
public struct SweepFileError: UserError, Equatable {
  /// What can be wrong with a sweep file.
  public enum Problem: Equatable, Sendable {
    case missing(needed: String)
    case needs(String)
    case unknownKey(nearest: String?, known: [String])
    case wrongValue(JSONValue, expected: String)
    case unknownChoice(String, nearest: String?, choices: [String])
    /// A metric of a part on which no trial is chosen.
    case otherPart(String, part: String, instead: String)
    case excludes(String)
    case badName
    case noSuchOption(nearest: String?)
    case notSearched
    case sameForAllTrials
    /// A choice of values beside a distribution that draws numbers.
    case takesNoValues(distribution: String, given: String)
    case setTwice(option: String, other: String)
    case emptyRange(min: JSONValue, max: JSONValue)
    case lengths(values: Int, probabilities: Int)
    case probabilitySum(Double)
    case notInGrid
    case tooManyValues(limit: Int)
    /// A value that the training option does not take.
    case option(String, JSONValue, ValueProblem)
    /// A value that the distribution draws and the training option does not take.
    case drawn(String, JSONValue, ValueProblem)
  }

  public let path: String
  /// The key's place: `parameters.lr.min`; empty for the whole file.
  public let key: String
  public let problem: Problem
  /// The line of the key, from 1, if the file was read as a text.
  public private(set) var line: Int?

  public init(path: String, key: String, problem: Problem) {
    self.path = path
    self.key = key
    self.problem = problem
  }

  public var exitCode: ExitCode { .configuration }

  public var description: String {
    key.isEmpty && line == nil ? "\(path) \(fact)" : "\(path): \(fact)"
  }

  /// What is wrong, without the file: `line 7: 'parameters.lr.min' must be above 0, got -1`.
  public var fact: String {
    let place = line.map { "line \($0): " } ?? ""
    switch problem {
    case .unknownKey(let nearest, let known):
      return "\(place)unknown key '\(key)'; "
        + (nearest.map { "did you mean '\($0)'?" } ?? "known here are \(known.asChoices)")
    default: return place + (key.isEmpty ? "" : "'\(key)' ") + problem.text
    }
  }

  func at(line: Int?) -> SweepFileError {
    var error = self
    error.line = line
    return error
  }
}

extension SweepFileError.Problem {
  fileprivate var text: String {
    switch self {
    case .missing(let needed): "is missing; give \(needed)"
    case .needs(let needed): "needs \(needed)"
    case .unknownKey: "is not known"
    case .wrongValue(let got, let expected): "must be \(expected), got \(got.excerpt)"
    case .unknownChoice(let name, let nearest, let choices):
      "is '\(name.cutShort)', which is unknown; "
        + (nearest.map { "did you mean '\($0)'? " } ?? "") + "choose \(choices.asChoices)"
    case .otherPart(let name, let part, let instead):
      "is '\(name)', but a trial is chosen on validation, never on \(part); write \(instead)"
    case .excludes(let other): "and '\(other)' exclude each other; remove one of them"
    case .badName:
      "is no name for a parameter; use letters, digits, '_', '-' and '.', a letter or '_' first"
    case .noSuchOption(let nearest):
      "is not a training option" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .notSearched:
      "says where a run goes or how it is run, which is nothing to search; remove it"
    case .sameForAllTrials:
      "says which images there are, and these are the same for all trials; give one value"
    case .takesNoValues(let distribution, let given):
      "is \(distribution), which takes no \(given); remove one of them"
    case .setTwice(let option, let other):
      "sets the option '\(option)', as '\(other)' does; remove one of them"
    case .emptyRange(let min, let max):
      "must be below max, but min is \(min.text()) and max \(max.text())"
    case .lengths(let values, let probabilities):
      "must have one number for each of the \(values) values, has \(probabilities)"
    case .probabilitySum(let sum): "must sum to 1, sum to \(sum)"
    case .notInGrid:
      "is continuous, and a grid needs single values; use values, whole min and max, or q_uniform"
    case .tooManyValues(let limit):
      "has more than \(grouped(limit)) values, too many for a grid; make the range smaller"
    case .option(let option, let got, let problem): problem.text(option: option, got: got)
    case .drawn(let option, let value, let problem):
      "draws values such as \(value.short), but \(option) \(problem.demand);"
        + " use other bounds, whole numbers, or a q_ distribution"
    }
  }
}

extension JSONValue {
  /// A number with four digits that count.
  fileprivate var short: String {
    guard case .number(let number) = self, number != 0, number.isFinite else { return text() }
    let scale = pow(10, 3 - log10(abs(number)).rounded(.down))
    return JSONValue.number((number * scale).rounded() / scale).text()
  }
}

extension ValueProblem {
  fileprivate func text(option: String, got: JSONValue) -> String {
    if case .unknownChoice(let name, let subject, let choices) = self {
      let question = nearestName(to: name, in: choices).map { "did you mean '\($0)'? " } ?? ""
      return "is the unknown \(subject) '\(name.cutShort)'; \(question)choose \(choices.asChoices)"
    }
    return "\(demand), got \(got.excerpt)"
  }

  fileprivate var demand: String {
    switch self {
    case .wrongKind(let expected): "must be \(expected)"
    case .outOfBounds(let bounds): "must be \(bounds)"
    case .unknownChoice(_, _, let choices): "must be \(choices.asChoices)"
    }
  }
}
