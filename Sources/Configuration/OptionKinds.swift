import Datasets
import NN
import Support

extension ValueKind<String> {
  /// A preset's name or the path of a model file, which ends with `.json`.
  public static var model: Self {
    let presets = ModelPreset.all.map(\.name)
    return word("a preset's name or a FILE.json", choices: presets, toText: { $0 }) {
      text throws(ValueProblem) in
      guard presets.contains(text) || text.hasSuffix(".json") else {
        throw .unknownChoice(text, of: "model", choices: presets + ["a FILE.json"])
      }
      return text
    }
  }
}

extension ValueKind<String> {
  /// The name of a directory, which leads nowhere else.
  static var directoryName: Self {
    word("a name", toText: { $0 }) { text throws(ValueProblem) in
      guard !text.isEmpty, text != ".", text != "..", !text.contains("/") else {
        throw .wrongKind(expected: "a name without slashes")
      }
      return text
    }
  }
}

extension ValueKind<ImageSize> {
  /// `20x30`: 20 rows of 30 pixels.
  public static var imageSize: Self {
    word("a height and a width such as 20x30", toText: { "\($0.height)x\($0.width)" }) {
      text throws(ValueProblem) in
      let words = text.split(separator: "x", omittingEmptySubsequences: false)
      // A single side is that of a square.
      let sides = (words.count == 1 ? words + words : words).map { Int($0) }
      guard sides.count == 2, let height = sides[0], let width = sides[1],
        (1...2048).contains(height), (1...2048).contains(width)
      else { throw .wrongKind(expected: "a height and a width such as 20x30, each up to 2048") }
      return ImageSize(height: height, width: width)
    }
  }
}

extension ValueKind<Double> {
  /// A share above 0 and below 1.
  public static var openShare: Self {
    Self(
      fromText: { text throws(ValueProblem) in try between(Double(text)) },
      fromJSON: { value throws(ValueProblem) in try between(value.double) },
      toJSON: { .number($0) })
  }

  private static func between(_ share: Double?) throws(ValueProblem) -> Double {
    guard let share, share > 0, share < 1 else {
      throw .wrongKind(expected: "a share above 0 and below 1")
    }
    return share
  }
}

extension ValueKind<ValidationSplit> {
  /// A share, or `reserved`.
  public static var validationSplit: Self {
    Self(
      fromText: { text throws(ValueProblem) in
        text == "reserved" ? .reserved : try required(Double(text))
      },
      fromJSON: { value throws(ValueProblem) in
        value == "reserved" ? .reserved : try required(value.double)
      },
      toJSON: { if case .share(let share) = $0 { .number(share) } else { "reserved" } },
      toText: { if case .share(let share) = $0 { "\(share)" } else { "reserved" } })
  }

  private static func required(_ share: Double?) throws(ValueProblem) -> ValidationSplit {
    guard let share, (0..<1).contains(share) else {
      throw .wrongKind(expected: "a share at least 0 and below 1, or 'reserved'")
    }
    return .share(share)
  }
}

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
    let usable = values.compactMap { $0 }.filter { (0...1e30).contains($0) }
    guard usable.count == values.count, usable.contains(where: { $0 > 0 }) else {
      throw .wrongKind(expected: "'balanced', or a number for each class as in 1,0.5,2")
    }
    return .numbers(usable)
  }
}

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
    guard value <= 3600 * 100_000 else { throw .outOfBounds("at most 100000h") }
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
