import Support

/// A result that is not what it must be. Nothing that computes wrongly is timed.
public enum BenchmarkError: UserError, Equatable {
  case wrongElement(subject: String, index: Int, got: Float, expected: Float)
  case wrongPeak(level: String)
  case wrongGradient(model: String, measured: Double, expected: Double)
  case wrongLogits(model: String, index: Int, got: Float, expected: Float)

  public var exitCode: ExitCode { .software }

  public var description: String {
    let ending = "; this is a fault of emnist or of the machine, please report it"
    return switch self {
    case .wrongElement(let subject, let index, let got, let expected):
      "\(subject): element \(index) of the result is \(got), not \(expected)\(ending)"
    case .wrongPeak(let level):
      "\(level): a chain of multiply-adds does not end where it must\(ending)"
    case .wrongGradient(let model, let measured, let expected):
      "\(model): the loss changes by \(measured) along its gradient, not by \(expected)\(ending)"
    case .wrongLogits(let model, let index, let got, let expected):
      "\(model): output \(index) is \(got), but \(expected) with portable instructions\(ending)"
    }
  }
}
