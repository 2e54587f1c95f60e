import Training

extension RunDirectory {
  /// The paths of runs that somebody named; a directory of several trainings with different seeds
  /// stands for these.
  static func expanding(_ paths: [String]) -> [String] {
    paths.flatMap { path in
      let repeats = (try? named(path))?.repeatRuns ?? []
      return repeats.isEmpty ? [path] : repeats.map(\.path)
    }
  }
}
