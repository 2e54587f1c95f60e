import Support

/// What a parameter's values are drawn from.
///
/// Searches see a value as a coordinate: the index of a choice, or else the share of the
/// distribution below the value, from 0 to 1.
public enum SearchDistribution: Equatable, Sendable {
  /// One of several values, each with its probability.
  case choices([JSONValue], probabilities: [Double])
  /// Whole numbers, both ends included, each as likely as the other.
  case integers(ClosedRange<Int>)
  case continuous(ContinuousLaw)
  /// Values of the law rounded to multiples of `step`.
  case quantized(ContinuousLaw, step: Double)

  /// Choices that are equally likely.
  public static func choices(_ values: [JSONValue]) -> SearchDistribution {
    let count = Double(values.count)
    return .choices(values, probabilities: values.map { _ in 1 / count })
  }

  /// Whether there is nothing to choose.
  public var isConstant: Bool {
    switch self {
    case .choices(let values, _): values.count == 1
    case .integers(let range): range.count == 1
    case .continuous, .quantized: false
    }
  }

  /// A random coordinate.
  public func sample(using stream: inout RandomStream) -> Double {
    let share = stream.unitDouble()
    guard case .choices(_, let probabilities) = self else { return settled(share) }
    return Double(index(atShare: share, of: probabilities))
  }

  /// The value at a coordinate.
  public func value(at coordinate: Double) -> JSONValue {
    switch self {
    case .choices(let values, _): return values[Int(coordinate)]
    case .integers(let range): return .integer(range.lowerBound + integerIndex(coordinate, range))
    case .continuous(let law): return .number(law.value(atShare: coordinate))
    case .quantized(let law, let step):
      return number(Self.rounded(law.value(atShare: coordinate), to: step), step)
    }
  }

  /// The coordinate of a value; `nil` if this distribution has no such value.
  public func coordinate(of value: JSONValue) -> Double? {
    switch self {
    case .choices(let values, _): return values.firstIndex(of: value).map(Double.init)
    case .integers(let range):
      guard let number = value.int, range.contains(number) else { return nil }
      return (Double(number - range.lowerBound) + 0.5) / Double(range.count)
    case .continuous(let law), .quantized(let law, _):
      return value.double.map(law.share)
    }
  }

  /// The coordinates that have the same value as this one; `nil` if no other has.
  func cell(around coordinate: Double) -> ClosedRange<Double>? {
    switch self {
    case .choices, .continuous: return nil
    case .integers(let range):
      let (index, count) = (Double(integerIndex(coordinate, range)), Double(range.count))
      return index / count...(index + 1) / count
    case .quantized(let law, let step):
      let value = Self.rounded(law.value(atShare: coordinate), to: step)
      return law.share(below: value - step / 2)...law.share(below: value + step / 2)
    }
  }

  /// The coordinate that stands for all those of the same value.
  func settled(_ coordinate: Double) -> Double { self.coordinate(of: value(at: coordinate))! }

  /// The multiple of `step` nearest to `x`, written with as few digits as the step allows.
  static func rounded(_ x: Double, to step: Double) -> Double {
    let count = (x / step).rounded(.toNearestOrEven)
    let inverse = (1 / step).rounded()
    return inverse > 1 && abs(inverse * step - 1) < 1e-12 ? count / inverse : count * step
  }

  private func integerIndex(_ coordinate: Double, _ range: ClosedRange<Int>) -> Int {
    min(Int(coordinate * Double(range.count)), range.count - 1)
  }

  /// A multiple of a step, as a whole number if the step is one.
  func number(_ value: Double, _ step: Double) -> JSONValue {
    let whole = step == step.rounded() ? Int(exactly: value) : nil
    return whole.map { .integer($0) } ?? .number(value)
  }
}

/// The index of the part in which `share` lies if parts of these sizes, which sum to 1, are laid
/// side by side.
func index(atShare share: Double, of parts: some Collection<Double>) -> Int {
  var sum = 0.0
  for (index, part) in parts.enumerated() {
    sum += part
    if share < sum { return index }
  }
  return parts.count - 1
}

extension RandomStream {
  /// A number from the uniform distribution on `0 ..< 1`, a multiple of 2^-53.
  mutating func unitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }
}
