import Configuration
import Support

/// Variables of the environment that look like the program's own and mean nothing to it.
enum StrayVariables {
  private static let known = Set(
    ConfigurationOption.all.map(\.variable) + ["EMNIST_SIMD"])

  /// A sentence for each, in the order of their names.
  static func remarks(on environment: [String: String]) -> [String] {
    environment.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted().map { name in
      let nearest = ConfigurationOption.nearest(to: name.dropFirst(prefix.count).lowercased())
      let question = nearest.map { "; did you mean \(ConfigurationOption.known($0).variable)?" }
      return "the variable \(name) means nothing here" + (question ?? "")
    }
  }

  private static let prefix = "EMNIST_"
}
