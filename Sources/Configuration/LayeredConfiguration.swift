import Datasets
import NN
import Support

/// A configuration put together from several givers, with the memory of who gave what.
///
/// Lay the weakest first: a file, then the environment, then flags; each replaces what was there.
/// A recipe comes last and fills only what nobody gave.
public struct LayeredConfiguration: Equatable, Sendable {
  public private(set) var configuration = TrainingConfiguration()
  public private(set) var sources = ConfigurationSources()
  /// The file of the values whose source is `file`.
  private var file: String?

  public init() {}

  /// Lays the word given for a flag, `true` and `false` for a truth value.
  ///
  /// - Throws: ``ConfigurationError/invalidValue(_:got:_:)``, as every `lay` does.
  public mutating func layFlag(_ option: ConfigurationOption, _ text: String) throws {
    try lay(option, .text(text), at: .flag(option.flag), from: .flag)
  }

  /// Lays the `EMNIST_*` variables of these options. An empty variable counts as not set.
  public mutating func layEnvironment(
    _ variables: [String: String], for options: [ConfigurationOption] = ConfigurationOption.all
  ) throws {
    for option in options {
      guard let text = variables[option.variable], !text.isEmpty else { continue }
      try lay(option, .text(text), at: .environment(option.variable), from: .environment)
    }
  }

  /// Lays a flat object of options in JSON or YAML, written by hand or a run's `config.json`.
  ///
  /// - Throws: also ``FileError``, ``JSONError``, ``YAMLError``,
  ///   ``ConfigurationError/notAnObject(path:)`` and
  ///   ``ConfigurationError/unknownKey(_:path:nearest:)``.
  public mutating func layFile(_ path: String) throws {
    guard let members = try JSONValue(readingJSONOrYAML: path).object else {
      throw ConfigurationError.notAnObject(path: path)
    }
    try layMembers(members, of: path)
  }

  /// Lays the options of an object that stands in the file at `path`.
  public mutating func layMembers(_ members: JSONObject, of path: String) throws {
    try FormatVersion.check(members["schema"]?.int, of: path, exitCode: .configuration)
    file = path
    for (key, value) in members where !Self.bookkeeping.contains(key) {
      guard let option = ConfigurationOption.named(key) else {
        let nearest = ConfigurationOption.nearest(to: key)
        throw ConfigurationError.unknownKey(key, path: path, nearest: nearest)
      }
      // A run's file says `null` where nothing was chosen.
      guard value != .null else { continue }
      try lay(option, .json(value), at: .file(path: path, key: key), from: .file)
    }
  }

  /// Lays everything that somebody gave to `other`.
  public mutating func lay(_ other: LayeredConfiguration) {
    for family in OptionFamily.all where other.sources[family.chooser] != .default {
      forgetMembers(
        of: family, ifNot: family.choice(other.configuration),
        weakerThan: other.sources[family.chooser])
    }
    for option in ConfigurationOption.all where other.sources[option.name] != .default {
      option.copy(from: other.configuration, to: &configuration)
      sources[option.name] = other.sources[option.name]
    }
    file = other.file ?? file
  }

  /// The configuration with the recipe's values where nobody gave one, and then with the defaults
  /// of the chosen optimizer. The recipe's numbers for an optimizer are left out if somebody chose
  /// another.
  public func resolved(with recipe: Recipe) throws -> LayeredConfiguration {
    var recommended = LayeredConfiguration()
    for (key, value) in recipe.values {
      try recommended.lay(
        .known(key), .json(value), at: .recipe(name: recipe.name, key: key), from: .recipe)
    }
    recommended.lay(self)
    for family in OptionFamily.all { recommended.layDefaults(of: family) }
    return recommended
  }

  private mutating func layDefaults(of family: OptionFamily) {
    let defaults = family.defaults(configuration)
    let used = family.used(by: configuration)
    forget(family.members.filter { sources[$0] == .recipe && !used.contains($0) })
    for name in used where sources[name] == .default {
      let option = ConfigurationOption.known(name)
      guard option.text(in: defaults) != nil else { continue }
      option.copy(from: defaults, to: &configuration)
      sources[name] = family.source
    }
  }

  /// Forgets a family's options that were given in weaker places than `source`, unless they were
  /// meant for this choice or for no certain one.
  private mutating func forgetMembers(
    of family: OptionFamily, ifNot choice: String, weakerThan source: ConfigurationSource
  ) {
    guard sources[family.chooser] != .default, family.choice(configuration) != choice else {
      return
    }
    forget(
      family.members.filter { !family.lasting.contains($0) && sources[$0].isWeaker(than: source) })
  }

  /// Gives these options their defaults again, as if nobody had given them.
  public mutating func forget(_ names: [String]) {
    let untouched = TrainingConfiguration()
    for name in names {
      ConfigurationOption.known(name).copy(from: untouched, to: &configuration)
      sources[name] = .default
    }
  }

  /// Sets who is said to have given an option.
  public mutating func remember(_ name: String, from source: ConfigurationSource) {
    sources[name] = source
  }

  /// The configuration as a run records it: the data set's name stands in it, and paths are
  /// absolute, so that the run can be tested later and from elsewhere.
  public func naming(_ dataset: Dataset) -> LayeredConfiguration {
    var result = withAbsolutePaths
    if configuration.trainImages == nil { result.configuration.dataset = dataset.name }
    return result
  }

  /// The configuration with the absolute paths of all files that it names.
  public var withAbsolutePaths: LayeredConfiguration {
    var result = self
    for path in Self.paths {
      guard let value = configuration[keyPath: path] else { continue }
      result.configuration[keyPath: path] = absolutePath(value)
    }
    return result
  }

  /// The configuration of one run of several, in a directory of its own.
  ///
  /// - Parameters:
  ///   - seedOffset: what is added to the seed.
  ///   - force: whether what is in the directory may be overwritten; `nil`: as it is.
  public func placing(run: String, seedOffset: UInt64 = 0, force: Bool? = nil)
    -> LayeredConfiguration
  {
    var result = self
    (result.configuration.out, result.configuration.name) = (run, nil)
    result.configuration.seed &+= seedOffset
    result.configuration.force = force ?? configuration.force
    result.forget(["repeats"])
    return result
  }

  /// The configuration of one of several runs that differ by their seeds alone: a run like any other,
  /// on the images that this configuration chooses.
  public func repeating(run: String, seedOffset: UInt64, force: Bool? = nil)
    -> LayeredConfiguration
  {
    var result = placing(run: run, seedOffset: seedOffset, force: force)
    result.configuration.splitSeed = configuration.imageSeed
    return result
  }

  /// The configuration for training on all images, none of them held back, for as many epochs as
  /// were best if early stopping chose them. A schedule that looks at validation keeps its images.
  public func refitting(bestEpoch: Int?) -> LayeredConfiguration {
    guard configuration.scheduler?.looksAtValidation != true else { return self }
    var result = self
    if let bestEpoch, configuration.patience ?? 0 > 0 { result.configuration.epochs = bestEpoch }
    result.configuration.patience = 0
    result.configuration.validationSplit = .share(0)
    (result.configuration.loop.folds, result.configuration.loop.repeats) = (nil, nil)
    return result
  }

  private static let paths: [WritableKeyPath<TrainingConfiguration, String?> & Sendable] = [
    \.data, \.trainImages, \.trainLabels, \.testImages, \.testLabels, \.mapping,
  ]

  private mutating func lay(
    _ option: ConfigurationOption, _ given: GivenValue, at location: ValueLocation,
    from source: ConfigurationSource
  ) throws {
    var next = configuration
    try option.set(&next, to: given, at: location)
    if let family = OptionFamily.all.first(where: { $0.chooser == option.name }) {
      forgetMembers(of: family, ifNot: family.choice(next), weakerThan: source)
    }
    option.copy(from: next, to: &configuration)
    sources[option.name] = source
    try layMembers(ofChoice: given, of: option, at: location, from: source)
  }

  /// Lays what belongs to a choice that has a name of its own elsewhere: momentum and Nesterov's form
  /// to `nag`. Whoever gives these too wins.
  private mutating func layMembers(
    ofChoice given: GivenValue, of option: ConfigurationOption, at location: ValueLocation,
    from source: ConfigurationSource
  ) throws {
    guard let word = given.word, !option.choices.contains(word),
      let choice = ConfigurationOption.composedChoice(of: option.name, called: word)
    else { return }
    for (name, value) in choice.members where sources[name] == .default {
      try lay(.known(name), .json(value), at: location, from: source)
    }
  }

  /// Keys of `config.json` that are no options.
  public static let bookkeeping = ["schema", "sources"]
}

extension LayeredConfiguration {
  /// Where a person gave this option; `nil` if nobody did.
  public func location(of name: String) -> ValueLocation? {
    let option = ConfigurationOption.known(name)
    return switch sources[name] {
    case .flag: .flag(option.flag)
    case .environment: .environment(option.variable)
    case .file: .file(path: file ?? "--config", key: name)
    case .recipe, .optimizer, .scheduler, .loss, .default: nil
    }
  }

  /// The content of `config.json`: every option with its value or `null`, and who decided it.
  public var json: JSONObject {
    var members: JSONObject = ["schema": 1]
    var origins = JSONObject()
    for option in ConfigurationOption.all {
      members[option.name] = option.json(in: configuration)
      origins[option.name] = .string(sources[option.name].rawValue)
    }
    members["sources"] = .object(origins)
    return members
  }

  /// Every option with its value and who decided it, as an aligned table.
  public var table: String {
    let rows =
      [("option", "value", "source")]
      + ConfigurationOption.all.map {
        ($0.name, $0.text(in: configuration) ?? "-", sources[$0.name].rawValue)
      }
    let widths = (rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0)
    return rows.map {
      $0.0.padded(right: widths.0) + "  " + $0.1.padded(right: widths.1) + "  " + $0.2 + "\n"
    }.joined()
  }
}
