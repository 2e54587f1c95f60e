/// The ways in which a file's modules can be a model's, in the order of the model.
///
/// Modules whose names differ by numbers alone stand in the order of these, `2` before `10`. Between
/// those of other names, `conv1` and `fc1`, the file says nothing about the order: all that the
/// shapes allow are counted.
struct ModuleOrders {
  /// What was found.
  enum Outcome: Equatable {
    /// One order fits: the file's modules, in the model's order.
    case one([WeightModule])
    /// These two fit one place of the model.
    case several(place: Int, String, String)
    /// No order fits; as far as this place of the model some do. There the file's next ones.
    case none(place: Int, next: [WeightModule])
  }

  private let wanted: [WeightModule]
  private let rows: [[WeightModule]]
  /// From the numbers of modules taken of each row to the ways that are left, at most 2.
  private var known: [[Int]: Int] = [:]
  /// The furthest place that was reached, and how.
  private var furthest: [Int]

  /// More orders than this are not told apart.
  private static let mostStates = 100_000

  init(of found: [WeightModule], for wanted: [WeightModule]) {
    self.wanted = wanted
    rows = Dictionary(grouping: found) { $0.counted.stem }.sorted { $0.key < $1.key }.map {
      $0.value.sorted { $0.counted.numbers.lexicographicallyPrecedes($1.counted.numbers) }
    }
    furthest = rows.map { _ in 0 }
  }

  /// What fits.
  mutating func outcome() -> Outcome {
    var taken = rows.map { _ in 0 }
    guard ways(from: taken) > 0 else {
      return .none(place: furthest.reduce(0, +), next: next(after: furthest).map(\.module))
    }
    var order: [WeightModule] = []
    while order.count < wanted.count {
      let choices = next(after: taken).filter { choice in
        choice.module.shapes == wanted[order.count].shapes && ways(from: choice.taken) > 0
      }
      guard let choice = choices.first else {
        return .none(place: order.count, next: next(after: taken).map(\.module))
      }
      guard choices.count == 1 else {
        return .several(place: order.count, choice.module.name, choices[1].module.name)
      }
      order.append(choice.module)
      taken = choice.taken
    }
    return .one(order)
  }

  /// The first module left of each row, and what is taken with it.
  private func next(after taken: [Int]) -> [(module: WeightModule, taken: [Int])] {
    rows.indices.filter { taken[$0] < rows[$0].count }.map { row in
      var after = taken
      after[row] += 1
      return (rows[row][taken[row]], after)
    }
  }

  /// How many ways there are to go on, at most 2.
  private mutating func ways(from taken: [Int]) -> Int {
    let place = taken.reduce(0, +)
    if place > furthest.reduce(0, +) { furthest = taken }
    if place == wanted.count { return rows.reduce(0) { $0 + $1.count } == place ? 1 : 0 }
    if let ways = known[taken] { return ways }
    guard known.count < Self.mostStates else { return 2 }
    var sum = 0
    for choice in next(after: taken) where choice.module.shapes == wanted[place].shapes {
      sum += ways(from: choice.taken)
      if sum > 1 { break }
    }
    known[taken] = min(sum, 2)
    return min(sum, 2)
  }
}

/// The tensors of one layer: what stands behind the last dot of their names, and their shapes.
struct WeightModule: Equatable {
  /// What stands before the last dot; empty if there is none.
  let name: String
  /// By what stands behind it.
  var shapes: [String: [Int]]

  /// The modules of tensors, each where its first tensor stands.
  static func modules(of tensors: [(name: String, shape: [Int])]) -> [WeightModule] {
    var modules: [WeightModule] = []
    var places: [String: Int] = [:]
    for (name, shape) in tensors {
      let (module, leaf) = parts(of: name)
      if let place = places[module] {
        modules[place].shapes[leaf] = shape
      } else {
        places[module] = modules.count
        modules.append(WeightModule(name: module, shapes: [leaf: shape]))
      }
    }
    return modules
  }

  static func parts(of tensor: String) -> (module: String, leaf: String) {
    guard let dot = tensor.lastIndex(of: ".") else { return ("", tensor) }
    return (String(tensor[..<dot]), String(tensor[tensor.index(after: dot)...]))
  }

  /// The name of a tensor of this module.
  func tensor(_ leaf: String) -> String { name.isEmpty ? leaf : "\(name).\(leaf)" }

  /// `weight [10, 128] and bias [10]`, for error messages.
  var text: String {
    shapes.sorted { $0.key > $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// The name with its numbers taken out, and the numbers: `layer#.#.conv#` and 1, 0, 2.
  var counted: (stem: String, numbers: [Int]) {
    var (stem, digits, numbers) = ("", "", [Int]())
    for character in name + "." {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      if !digits.isEmpty {
        stem.append("#")
        numbers.append(Int(digits) ?? .max)
        digits = ""
      }
      stem.append(character)
    }
    return (stem, numbers)
  }
}
