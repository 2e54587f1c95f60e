import Configuration
import Support

/// How many hidden layers there are, beside one width for all of them.
///
/// Other programs shape a perceptron by two numbers, `num_layers` and `hidden_size`; the training
/// option `hidden` is a list of widths. A sweep may search the number as a parameter of its own, and
/// a trial's list is the width so many times.
enum HiddenLayers {
  /// What a parameter of the number sets in a ``SearchSpace``. No training option is called so.
  static let count = "num_layers"
  static let width = "hidden"

  private static let kind = ValueKind<Int>.wholeNumber(in: 1...64)
  private static let names: Set<String> = [
    "numlayers", "nlayers", "layers", "numberoflayers", "nooflayers", "numhiddenlayers",
    "nhiddenlayers", "hiddenlayers", "numberofhiddenlayers", "noofhiddenlayers", "numhiddenlayer",
    "numdenselayers", "numfclayers", "numlinearlayers", "nohiddenlayers", "hiddenlayerscount",
    "depth", "numlayer", "nlayer", "hiddenlayer", "nhiddenlayer", "hidlayers", "hiddenlayercount",
    "layercount", "numhidlayers", "numoflayers", "numofhiddenlayers",
  ]

  /// Whether other programs call the number of layers so.
  static func isCount(_ name: String) -> Bool {
    names.contains(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// Why a value is no number of layers; `nil` if it is.
  static func problem(with value: JSONValue) -> ValueProblem? {
    do throws(ValueProblem) {
      _ = try kind.value(.json(value))
      return nil
    } catch {
      return error
    }
  }

  /// The options of a trial with a list of widths in place of number and width. A list that the
  /// sweep gives has its own length.
  static func settle(_ settings: JSONObject) -> JSONObject {
    guard let count = settings[count]?.double.flatMap(Int.init(exactly:)) else { return settings }
    var result = settings
    result[Self.count] = nil
    if let given = settings[width], given.array == nil {
      // Some write numbers in quotes.
      let width = given.string.flatMap { Int($0) }.map { JSONValue.integer($0) } ?? given
      result[Self.width] = .array(Array(repeating: width, count: count))
    }
    return result
  }
}

/// Why what a parameter of a sweep sets does not take a value; `nil` if it does.
func problem(with value: JSONValue, for option: String) -> ValueProblem? {
  option == HiddenLayers.count
    ? HiddenLayers.problem(with: value) : ConfigurationOption.known(option).problem(with: value)
}
