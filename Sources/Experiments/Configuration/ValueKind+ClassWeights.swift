import NN
import Support

extension ValueKind<ClassWeights> {
  /// `balanced`, or a number for each class: `1,0.5,2` on a command line, an array in JSON.
  public static var classWeights: Self {
    Self(
      fromText: { text throws(ValueProblem) in
        text == "balanced" ? .balanced : try required(numbers(text))
      },
      fromJSON: { value throws(ValueProblem) in
        switch value {
        case "balanced": .balanced
        case .array(let values): try required(values.map(\.double))
        case .string(let text): try required(numbers(text))
        default: try required([])
        }
      },
      toJSON: {
        if case .numbers(let numbers) = $0 {
          .array(numbers.map { .number($0) })
        } else {
          "balanced"
        }
      },
      toText: {
        if case .numbers(let numbers) = $0 {
          numbers.map { "\($0)" }.joined(separator: ",")
        } else {
          "balanced"
        }
      })
  }

  private static func numbers(_ text: String) -> [Double?] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
  }

  private static func required(_ values: [Double?]) throws(ValueProblem) -> ClassWeights {
    let usable = values.compactMap { $0 }.filter { $0 >= 0 && $0.isFinite }
    guard usable.count == values.count, usable.contains(where: { $0 > 0 }) else {
      throw .wrongKind(expected: "'balanced', or a number for each class as in 1,0.5,2")
    }
    return .numbers(usable)
  }
}
