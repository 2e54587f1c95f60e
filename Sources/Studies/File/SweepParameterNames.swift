import Configuration
import Support

/// Which training option a parameter of a sweep file means by its name.
///
/// The last word behind a dot counts, as in `model.dropout`; in `optimizer.name` and `optimizer.type`
/// the one before it.
struct SweepParameterNames {
  /// Whether some parameter, or the base, gives a width to the layers that another one counts.
  private let hasWidth: Bool

  init(_ parameters: JSONObject, base: JSONObject) {
    hasWidth =
      base[HiddenLayers.width] != nil
      || Self.names(in: parameters).contains { Self.known($0)?.name == HiddenLayers.width }
  }

  /// The key of the option, or ``HiddenLayers/count``; `nil` if there is none.
  func option(of name: String) -> String? {
    let word = Self.word(of: name)
    if let known = Self.known(word) { return known.name }
    return hasWidth && HiddenLayers.isCount(word) ? HiddenLayers.count : nil
  }

  /// The word of a name that says what the parameter is.
  static func word(of name: String) -> String {
    let words = name.split(separator: ".").map(String.init)
    guard words.count > 1, let last = words.last else { return name }
    let outer = words[words.count - 2]
    let isGeneric = ["name", "type", "kind", "class"].contains(last.lowercased())
    return isGeneric && known(outer) != nil ? outer : last
  }

  private static func known(_ word: String) -> ConfigurationOption? {
    ConfigurationOption.named(word) ?? ConfigurationOption.called(word)
  }

  /// The words of all parameters, nested ones too.
  private static func names(in parameters: JSONObject) -> [String] {
    parameters.flatMap { name, value in
      let nested = value["parameters"]?.object.map(names(in:)) ?? []
      let conditional = (value["values"]?.array ?? []).flatMap {
        $0["parameters"]?.object.map(names(in:)) ?? []
      }
      return [word(of: name)] + nested + conditional
    }
  }
}
