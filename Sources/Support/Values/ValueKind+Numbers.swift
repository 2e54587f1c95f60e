extension ValueKind<Int> {
  /// A whole number of at least `least`. Every number has an upper bound, so that what is made of
  /// it can be counted: a million, unless more makes sense.
  public static func wholeNumber(atLeast least: Int, atMost most: Int = 1_000_000) -> Self {
    wholeNumber(.atLeast(least, atMost: most))
  }

  /// A whole number in `range`.
  public static func wholeNumber(in range: ClosedRange<Int>) -> Self { wholeNumber(.within(range)) }

  private static func wholeNumber(_ bounds: Bounds<Int>) -> Self {
    Self(
      fromText: { text throws(ValueProblem) in try bounds.check(try required(Int(text))) },
      fromJSON: { value throws(ValueProblem) in try bounds.check(try required(value.wholeNumber)) },
      toJSON: { .integer($0) })
  }

  private static func required(_ value: Int?) throws(ValueProblem) -> Int {
    guard let value else { throw .wrongKind(expected: "a whole number") }
    return value
  }
}

extension ValueKind<UInt64> {
  /// Any 64-bit number. JSON holds those that do not fit into 63 bits as strings.
  public static var seed: Self {
    Self(
      fromText: { text throws(ValueProblem) in try required(UInt64(text)) },
      fromJSON: { value throws(ValueProblem) in
        try required(
          value.wholeNumber.flatMap(UInt64.init(exactly:)) ?? value.string.flatMap { UInt64($0) })
      },
      toJSON: { Int(exactly: $0).map { .integer($0) } ?? .string("\($0)") })
  }

  private static func required(_ value: UInt64?) throws(ValueProblem) -> UInt64 {
    guard let value else { throw .wrongKind(expected: "a whole number from 0 to \(UInt64.max)") }
    return value
  }
}

extension ValueKind<Double> {
  /// A number of at least `least`. The upper bound is finite in single precision, in which networks
  /// compute, and so is what is left of it after some multiplications.
  public static func number(atLeast least: Double, atMost most: Double = 1e30) -> Self {
    number(.atLeast(least, atMost: most))
  }

  /// A number greater than `limit`, with an upper bound as that of ``number(atLeast:atMost:)``.
  public static func number(above limit: Double, atMost most: Double = 1e30) -> Self {
    number(.above(limit, atMost: most))
  }

  /// A number from the lower bound on that stays below the upper one.
  public static func number(in range: Range<Double>) -> Self { number(.within(range)) }

  /// A number in `range`.
  public static func number(in range: ClosedRange<Double>) -> Self { number(.within(range)) }

  private static func number(_ bounds: Bounds<Double>) -> Self {
    Self(
      fromText: { text throws(ValueProblem) in try bounds.check(try required(Double(text))) },
      fromJSON: { value throws(ValueProblem) in try bounds.check(try required(value.double)) },
      toJSON: { .number($0) })
  }

  private static func required(_ value: Double?) throws(ValueProblem) -> Double {
    guard let value, value.isFinite else { throw .wrongKind(expected: "a number") }
    return value
  }
}

extension ValueKind<[Int]> {
  /// Numbers in `range`: `512,256` on a command line, an array or such a string in JSON.
  public static func wholeNumbers(in range: ClosedRange<Int>) -> Self {
    Self(
      fromText: { text throws(ValueProblem) in try required(numbers(text), in: range) },
      fromJSON: { value throws(ValueProblem) in try required(numbers(value), in: range) },
      toJSON: { .array($0.map { .integer($0) }) },
      toText: { $0.map(String.init).joined(separator: ",") })
  }

  private static func required(
    _ values: [Int?], in range: ClosedRange<Int>
  ) throws(ValueProblem) -> [Int] {
    let usable = values.compactMap { $0 }.filter(range.contains)
    guard !values.isEmpty, usable.count == values.count else {
      throw .wrongKind(
        expected: "whole numbers from \(range.lowerBound) to \(range.upperBound), as in 512,256")
    }
    return usable
  }

  private static func numbers(_ text: String) -> [Int?] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
  }

  private static func numbers(_ value: JSONValue) -> [Int?] {
    switch value {
    case .array(let values): values.map(\.wholeNumber)
    case .string(let text): numbers(text)
    default: [value.wholeNumber]
    }
  }
}

extension ValueKind<[Double]> {
  /// Numbers above `limit`: `5,7.5` on a command line, an array or such a string in JSON. With an
  /// upper bound as that of ``ValueKind/number(atLeast:atMost:)``.
  public static func numbers(above limit: Double, atMost most: Double = 1e30) -> Self {
    let bounds = Bounds.above(limit, atMost: most)
    return Self(
      fromText: { text throws(ValueProblem) in try required(numbers(text), bounds) },
      fromJSON: { value throws(ValueProblem) in try required(numbers(value), bounds) },
      toJSON: { .array($0.map { .number($0) }) },
      toText: { $0.map { "\($0)" }.joined(separator: ",") })
  }

  private static func required(
    _ values: [Double?], _ bounds: Bounds<Double>
  ) throws(ValueProblem) -> [Double] {
    let usable = values.compactMap { $0 }.filter { bounds.violation(by: $0) == nil }
    guard !usable.isEmpty, usable.count == values.count else {
      throw .wrongKind(expected: "numbers \(bounds.text), as in 5,7.5")
    }
    return usable
  }

  private static func numbers(_ text: String) -> [Double?] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
  }

  private static func numbers(_ value: JSONValue) -> [Double?] {
    switch value {
    case .array(let values): values.map(\.double)
    case .string(let text): numbers(text)
    default: [value.double]
    }
  }
}

extension JSONValue {
  /// The value as a whole number, `1.0` and `1e3` included: other programs write those too.
  fileprivate var wholeNumber: Int? { int ?? double.flatMap(Int.init(exactly:)) }
}
