import Support

/// The options of one layer in a model file, read key by key. What was never asked for is unknown.
public struct LayerOptions {
  private let object: JSONObject
  private var asked: [String] = ["type"]
  private let path: String
  private let place: String

  /// The options in `object`, which stands at `place` of the file at `path`.
  public init(_ object: JSONObject, path: String, place: String) {
    self.object = object
    self.path = path
    self.place = place
  }

  /// The most units or filters of a layer.
  public static let largestCount = 65_536
  /// The largest kernel, window, stride or padding, in pixels.
  public static let largestExtent = 1_024

  /// A whole number in `range`, or `fallback` where the key is absent; without a fallback the key
  /// is required.
  public mutating func wholeNumber(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws -> Int {
    asked.append(key)
    guard let value = object[key] else {
      if let fallback { return fallback }
      throw LayerProblem("needs the key '\(key)', a whole number")
    }
    guard let number = value.int, range.contains(number) else {
      throw LayerProblem(
        "'\(key)' must be a whole number from \(range.lowerBound) to \(range.upperBound), "
          + "not \(value.text())")
    }
    return number
  }

  /// A number in `range`, or `fallback` where the key is absent.
  public mutating func number(
    _ key: String, in range: Range<Double>, default fallback: Double
  ) throws -> Double {
    asked.append(key)
    guard let value = object[key] else { return fallback }
    guard let number = value.double, range.contains(number) else {
      throw LayerProblem(
        "'\(key)' must be a number from \(range.lowerBound) to less than \(range.upperBound), "
          + "not \(value.text())")
    }
    return number
  }

  /// A truth value, or `fallback` where the key is absent.
  public mutating func truth(_ key: String, default fallback: Bool) throws -> Bool {
    asked.append(key)
    guard let value = object[key] else { return fallback }
    guard let truth = value.bool else {
      throw LayerProblem("'\(key)' must be true or false, not \(value.text())")
    }
    return truth
  }

  /// One or more layers, or `nil` where the key is absent.
  ///
  /// - Throws: ``LayerProblem``, or ``ModelError`` for one of these layers.
  public mutating func layers(_ key: String) throws -> [any LayerDescription]? {
    asked.append(key)
    guard let value = object[key] else { return nil }
    guard let layers = value.array, !layers.isEmpty else {
      throw LayerProblem("'\(key)' must be a list of at least one layer, not \(value.text())")
    }
    return try [any LayerDescription](json: layers, path: path, place: "\(place).\(key)")
  }

  /// The same; the key is required.
  public mutating func requiredLayers(_ key: String) throws -> [any LayerDescription] {
    guard let layers = try layers(key) else {
      throw LayerProblem("needs the key '\(key)', a list of layers")
    }
    return layers
  }

  /// A value as it is written, or `nil` where the key is absent.
  public mutating func value(_ key: String) -> JSONValue? {
    asked.append(key)
    return object[key]
  }

  /// Throws if there is a key that nobody asked for.
  public func finish() throws {
    for key in object.keys where !asked.contains(key) {
      let hint = nearestName(to: key, in: asked).map { "; did you mean '\($0)'?" } ?? ";"
      throw LayerProblem("unknown key '\(key)'\(hint) known are \(Set(asked).sorted().asChoices)")
    }
  }
}
