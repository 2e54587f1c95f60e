import Support

extension ValueKind<Double> {
  /// A time in seconds above 0, written `90`, `90s`, `1.5m` or `1h30m`.
  public static var seconds: Self {
    Self(
      fromText: { text throws(ValueProblem) in try usable(Self.seconds(text)) },
      fromJSON: { value throws(ValueProblem) in
        try usable(value.double ?? value.string.flatMap { Self.seconds($0) })
      },
      toJSON: { .number($0) },
      toText: { Int(exactly: $0).map { "\($0)s" } ?? "\($0)s" })
  }

  private static func usable(_ value: Double?) throws(ValueProblem) -> Double {
    guard let value, value > 0, value.isFinite else {
      throw .wrongKind(expected: "a time above 0 such as 90s, 2m or 1h")
    }
    return value
  }

  /// The sum of numbers with units, or one number without.
  private static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return plain }
    var total = 0.0
    var rest = Substring(text)
    repeat {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      guard let number = Double(digits), let unit = rest.popFirst(), let factor = unitSeconds(unit)
      else { return nil }
      total += number * factor
    } while !rest.isEmpty
    return total
  }

  private static func unitSeconds(_ unit: Character) -> Double? {
    switch unit {
    case "s": 1
    case "m": 60
    case "h": 3600
    default: nil
    }
  }
}
