import Support

/// A parameter of a search.
public struct SearchParameter: Equatable, Sendable {
  /// Its name in the search, with a dot before what is nested: `optimizer.sgd.momentum`.
  public let name: String
  /// The training option that it sets.
  public let option: String
  public let distribution: SearchDistribution
  /// When it is used; `nil`: always.
  public let condition: SearchCondition?

  public init(
    _ name: String, _ distribution: SearchDistribution, option: String? = nil,
    if condition: SearchCondition? = nil
  ) {
    self.name = name
    self.option = option ?? name
    self.distribution = distribution
    self.condition = condition
  }

  /// Whether every value can be checked beforehand. Others have a tail that may reach beyond what
  /// the option takes.
  var isBounded: Bool {
    switch distribution {
    case .choices, .integers: true
    case .continuous(let law), .quantized(let law, _): law.bounds != nil
    }
  }
}

/// That another parameter, which stands before, has a certain choice.
public struct SearchCondition: Hashable, Sendable {
  /// The index of that parameter in the space.
  public let parameter: Int
  public let choice: Int

  public init(parameter: Int, choice: Int) {
    self.parameter = parameter
    self.choice = choice
  }
}

/// All parameters of a search, parents before the parameters that depend on them.
public struct SearchSpace: Equatable, Sendable {
  public let parameters: [SearchParameter]
  /// The parameters that are used together, in order: those without condition, then those of each
  /// condition.
  let groups: [[Int]]

  public init(_ parameters: [SearchParameter]) {
    self.parameters = parameters
    var groups: [[Int]] = []
    for index in parameters.indices {
      let condition = parameters[index].condition
      precondition(
        condition.map { $0.parameter < index } ?? true, "a parent stands after its child")
      if let group = groups.firstIndex(where: { parameters[$0[0]].condition == condition }) {
        groups[group].append(index)
      } else {
        groups.append([index])
      }
    }
    self.groups = groups
  }

  /// Whether a parameter is used at a point that is known up to it.
  func isUsed(_ parameter: SearchParameter, at coordinates: [Double?]) -> Bool {
    guard let condition = parameter.condition else { return true }
    return coordinates[condition.parameter] == Double(condition.choice)
  }
}

/// A value for each parameter that is used.
public struct SearchPoint: Equatable, Sendable {
  /// By the parameters' order; `nil` where a parameter is not used.
  public let values: [JSONValue?]
  let coordinates: [Double?]

  /// The point with these values.
  init(_ values: [JSONValue?], in space: SearchSpace) {
    self.values = values
    coordinates = zip(space.parameters, values).map { parameter, value in
      value.flatMap { parameter.distribution.coordinate(of: $0) }
    }
  }

  /// The point at these coordinates.
  init(coordinates: [Double?], in space: SearchSpace) {
    // Coordinates come from the values alone, so that a study read from its journal has the same.
    self.init(
      zip(space.parameters, coordinates).map { parameter, coordinate in
        coordinate.map { parameter.distribution.value(at: $0) }
      }, in: space)
  }

  /// Reads what ``parameters(in:)`` wrote; `nil` if a value is not of the space.
  public init?(_ parameters: JSONObject, in space: SearchSpace) {
    guard parameters.allSatisfy({ name, _ in space.parameters.contains { $0.name == name } }) else {
      return nil
    }
    self.init(space.parameters.map { parameters[$0.name] }, in: space)
    for (index, parameter) in space.parameters.enumerated() {
      guard space.isUsed(parameter, at: coordinates) == (coordinates[index] != nil) else {
        return nil
      }
    }
  }

  /// The values by the parameters' names.
  public func parameters(in space: SearchSpace) -> JSONObject {
    JSONObject(
      zip(space.parameters, values).compactMap { parameter, value in
        value.map { (parameter.name, $0) }
      })
  }

  /// The values by training options, as in a configuration file.
  public func settings(in space: SearchSpace) -> JSONObject {
    JSONObject(
      zip(space.parameters, values).compactMap { parameter, value in
        guard let value, !SearchChoice.isPlaceholder(value) else { return nil }
        return (parameter.option, value)
      })
  }
}

/// Choices whose value comes from a parameter of their own, as in
/// `"values": [0, {"min": 0.1, "max": 0.5}]`.
public enum SearchChoice {
  /// What stands among the values for entry `index`.
  public static func placeholder(_ index: Int) -> JSONValue { .object(["drawn": .integer(index)]) }

  public static func isPlaceholder(_ value: JSONValue) -> Bool { value.object != nil }
}
