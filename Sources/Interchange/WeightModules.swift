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
