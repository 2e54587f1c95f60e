import Support
import Training

/// Runs that differ by their seed alone, found among others.
struct SeedGrouping {
  let contenders: [Contender]
  /// Runs of a group that repeat a seed of it: they say nothing new of the seeds.
  let leftOut: [LeftOutRun]

  /// What makes no other training: where it goes, by which name, how many threads work at it. Which
  /// images the seed of a split chose is seen by the images.
  private static let ignored: Set = [
    "seed", "split_seed", "out", "name", "force", "threads", "log_steps", "repeats",
  ]

  /// - Parameter runs: with names that tell them apart.
  init(_ runs: [ComparedRun]) {
    var recipes: [[String]] = []
    var members: [[Int]] = []
    for (place, run) in runs.enumerated() {
      let recipe = Self.recipe(of: run.record)
      if let known = recipes.firstIndex(of: recipe) {
        members[known].append(place)
      } else {
        recipes.append(recipe)
        members.append([place])
      }
    }
    var leftOut: [LeftOutRun] = []
    let alike = members.flatMap { Self.byImages($0, of: runs) }
    let groups = alike.flatMap { places -> [[Int]] in
      var firsts: [Int] = []
      var others: [(run: Int, like: Int)] = []
      for place in places {
        let like = firsts.first { Self.seed(of: runs[$0]) == Self.seed(of: runs[place]) }
        if let like { others.append((place, like)) } else { firsts.append(place) }
      }
      // The same training twice, and no other seed of it: whoever names them wants to see both.
      guard firsts.count > 1 else { return places.map { [$0] } }
      leftOut += others.map { other in
        let paths = [other.run, other.like].map { runs[$0].record.run.path }
        return LeftOutRun(path: paths[0], reason: ComparisonError.sameSeed(runs: paths))
      }
      return [firsts]
    }
    contenders = Self.named(groups, runs)
    self.leftOut = leftOut
  }

  private static func recipe(of run: RunRecord) -> [String] {
    run.options.filter { !ignored.contains($0.name) && $0.value != nil }
      .map { "\($0.name)=\($0.value ?? "")" }.sorted()
  }

  private static func seed(of run: ComparedRun) -> String? { option("seed", of: run) }

  private static func option(_ name: String, of run: ComparedRun) -> String? {
    run.record.options.first { $0.name == name }?.value
  }

  /// Runs of one recipe, together where several seeds learned from the same images, as those of
  /// `train --repeats` do; of the others those that all drew their images by their seeds.
  private static func byImages(_ places: [Int], of runs: [ComparedRun]) -> [[Int]] {
    func together(_ places: [Int], by key: (ComparedRun) -> String?) -> [[Int]] {
      var keys: [String?] = []
      for place in places where !keys.contains(key(runs[place])) { keys.append(key(runs[place])) }
      return keys.map { wanted in places.filter { key(runs[$0]) == wanted } }
    }
    let sets = together(places) { $0.record.manifest?["parts", "training", "sha256"]?.string }
    let areGroups = sets.map { Set($0.map { seed(of: runs[$0]) }).count > 1 }
    let rest = zip(sets, areGroups).filter { !$1 }.flatMap(\.0).sorted()
    return zip(sets, areGroups).filter(\.1).map(\.0)
      + together(rest) { option("split_seed", of: $0) }
  }

  // MARK: Names

  /// A name for each group: the shortest kind that tells all groups apart.
  private static func named(_ groups: [[Int]], _ runs: [ComparedRun]) -> [Contender] {
    let sorted = groups.sorted { $0[0] < $1[0] }
    let members = sorted.map { $0.map { runs[$0] } }
    // `winner` of `winner-1` to `winner-3`, `search-mlp/winner` where another study has winners too.
    let kinds = [
      members.map(name(of:)),
      members.map { $0.count > 1 ? stem(of: $0.map(\.name)) ?? andMore($0) : $0[0].name },
    ]
    let names =
      kinds.first { Set($0).count == groups.count }
      ?? members.map { $0.count > 1 ? andMore($0) : $0[0].name }
    return zip(sorted, names).map { Contender(name: $1, runs: $0) }
  }

  /// A run's own name; of several that of the directory that holds them and nothing else, or what
  /// their names begin with.
  private static func name(of runs: [ComparedRun]) -> String {
    guard runs.count > 1 else { return runs[0].name }
    let paths = runs.map { $0.record.run.path.split(separator: "/") }
    let repeats = paths.filter { $0.last?.hasPrefix("repeat-") == true }
    if Set(repeats.map { $0.dropLast().joined(separator: "/") }).count == 1,
      let parent = repeats[0].dropLast().last
    {
      let others = paths.count - repeats.count
      return others == 0 ? String(parent) : "\(parent) and \(others) more"
    }
    return stem(of: runs.map(\.record.name)) ?? andMore(runs)
  }

  private static func andMore(_ runs: [ComparedRun]) -> String {
    "\(runs[0].name) and \(runs.count - 1) more"
  }

  /// What names begin with, without a seed's number; nothing if that is nothing.
  private static func stem(of names: [String]) -> String? {
    let names = names.map { Array($0) }
    var common = names[0][...]
    for name in names.dropFirst() {
      common = common.prefix(zip(common, name).prefix { $0 == $1 }.count)
    }
    // `a-10` and `a-11` have `a-1` in common, and half a number says nothing.
    let isCut = names.contains { $0.dropFirst(common.count).first?.isNumber == true }
    while isCut, common.last?.isNumber == true { common.removeLast() }
    let stem = Self.withoutSeparators(common)
    // `a-seed1` and `a-seed2`
    let trimmed = stem.hasSuffix("seed") ? Self.withoutSeparators(stem.dropLast(4)) : stem
    return trimmed.isEmpty ? nil : trimmed
  }

  private static func withoutSeparators(_ text: some Collection<Character>) -> String {
    var text = String(text)
    while let last = text.last, "-_. /".contains(last) { text.removeLast() }
    return text
  }
}
