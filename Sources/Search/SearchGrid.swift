import Support

/// Every combination of a space's values: the Cartesian product in the order of the parameters,
/// the last one changing fastest. A parameter that depends on a choice multiplies only that choice.
public struct SearchGrid: Sendable {
  private let space: SearchSpace
  private let values: [[JSONValue]]
  /// The parameters under each choice of each parameter.
  private let children: [SearchCondition?: [Int]]
  /// The number of combinations of each parameter together with what depends on it.
  private let counts: [Int]
  /// The number of combinations; `Int.max` if there are more.
  public let count: Int

  /// - Precondition: every parameter has ``SearchDistribution/gridValues``.
  public init(_ space: SearchSpace) {
    self.init(
      space,
      space.parameters.map {
        guard let values = $0.distribution.gridValues else {
          preconditionFailure("\($0.name) is continuous and has no grid")
        }
        return values
      })
  }

  /// All points that can be drawn; `nil` if there are infinitely many.
  init?(finite space: SearchSpace) {
    var values: [[JSONValue]] = []
    for parameter in space.parameters {
      guard let own = parameter.distribution.drawnValues else { return nil }
      values.append(own)
    }
    self.init(space, values)
  }

  private init(_ space: SearchSpace, _ values: [[JSONValue]]) {
    self.space = space
    self.values = values
    children = Dictionary(grouping: space.parameters.indices) { space.parameters[$0].condition }
    var counts = [Int](repeating: 0, count: values.count)
    count = Self.fillCounts(&counts, values, children)
    self.counts = counts
  }

  /// The combination of this index, counted from 0; `nil` after the last.
  public subscript(index: Int) -> SearchPoint? {
    guard index < count else { return nil }
    var point = [JSONValue?](repeating: nil, count: values.count)
    fill(&point, children[nil] ?? [], index)
    return SearchPoint(point, in: space)
  }

  /// The combination of a trial, counted from 0: the next one that can be tried behind that of the
  /// trial before, if it is known; `nil` after the last.
  func point(
    trial: Int, after last: SearchPoint?, where isUsable: (SearchPoint) -> Bool
  ) -> SearchPoint? {
    var index = trial
    if let last {
      // As many were passed over as were not usable.
      index = max(0, trial - 1)
      while let point = self[index], point.values != last.values { index += 1 }
      index += 1
    }
    while let point = self[index], !isUsable(point) { index += 1 }
    return self[index]
  }

  private func fill(_ point: inout [JSONValue?], _ parameters: [Int], _ index: Int) {
    var rest = index
    for parameter in parameters.reversed() {
      var own = rest % counts[parameter]
      rest /= counts[parameter]
      for (choice, value) in values[parameter].enumerated() {
        let nested = nested(parameter, choice)
        let size = nested.reduce(1) { $0.timesCapped(counts[$1]) }
        guard own >= size else {
          point[parameter] = value
          fill(&point, nested, own)
          break
        }
        own -= size
      }
    }
  }

  private func nested(_ parameter: Int, _ choice: Int) -> [Int] {
    children[SearchCondition(parameter: parameter, choice: choice)] ?? []
  }

  /// Children stand after their parents, so counting goes from the back.
  private static func fillCounts(
    _ counts: inout [Int], _ values: [[JSONValue]], _ children: [SearchCondition?: [Int]]
  ) -> Int {
    for parameter in values.indices.reversed() {
      for choice in values[parameter].indices {
        let nested = children[SearchCondition(parameter: parameter, choice: choice)] ?? []
        counts[parameter] = counts[parameter].plusCapped(
          nested.reduce(1) { $0.timesCapped(counts[$1]) })
      }
    }
    return (children[nil] ?? []).reduce(1) { $0.timesCapped(counts[$1]) }
  }
}

extension SearchDistribution {
  /// The values a grid takes: all choices, all whole numbers, and of a quantized uniform
  /// distribution the lower bound and what follows in steps, without the upper bound.
  var gridValues: [JSONValue]? {
    switch self {
    case .choices(let values, _): return values
    case .integers(let range): return range.map { .integer($0) }
    case .quantized(.uniform(let range), let step):
      // As many steps as fit below the upper bound, in spite of rounding.
      let count = ((range.upperBound - range.lowerBound) / step - 1e-9).rounded(.up)
      return (0..<Int(count)).map { Self.gridValue(range.lowerBound, step, $0) }
    case .continuous, .quantized: return nil
    }
  }

  /// Of more whole numbers two trials hardly draw the same.
  private static let mostDrawnValues = 10_000

  /// The values that can be drawn, if they are not too many to list; none that is never drawn.
  var drawnValues: [JSONValue]? {
    switch self {
    case .choices(let values, let probabilities):
      return probabilities.allSatisfy { $0 > 0 } ? values : nil
    case .integers(let range):
      guard range.count <= Self.mostDrawnValues else { return nil }
      return range.map { .integer($0) }
    case .quantized(.uniform(let bounds), let step):
      guard let count = distinctCount else { return nil }
      let low = Self.rounded(bounds.lowerBound, to: step)
      return (0..<count).map { number(Self.rounded(low + Double($0) * step, to: step), step) }
    case .continuous, .quantized: return nil
    }
  }

  private static func gridValue(_ start: Double, _ step: Double, _ index: Int) -> JSONValue {
    let inverse = (1 / step).rounded()
    let isInverse = inverse > 1 && abs(inverse * step - 1) < 1e-12
    let value =
      isInverse ? (start * inverse + Double(index)) / inverse : start + step * Double(index)
    let isWhole = step == step.rounded() && start == start.rounded()
    return isWhole ? Int(exactly: value).map { .integer($0) } ?? .number(value) : .number(value)
  }
}

extension Int {
  /// The product, or the largest number if it is larger.
  fileprivate func timesCapped(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  fileprivate func plusCapped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
