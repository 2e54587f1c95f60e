import Platform
import Support
import Training

extension RunDirectory {
  /// The paths of runs that somebody named; a directory of several trainings with different seeds
  /// stands for these.
  static func expanding(_ paths: [String]) -> [String] {
    paths.flatMap { path in
      let repeats = (try? named(path))?.repeats ?? []
      return repeats.isEmpty ? [path] : repeats.map(\.path)
    }
  }

  /// The runs in `repeat-1`, `repeat-2`, … that were begun, in their order.
  private var repeats: [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let numbers = names.compactMap { name in
      name.hasPrefix("repeat-") ? Int(name.dropFirst(7)) : nil
    }
    return numbers.sorted().map { RunDirectory(path: "\(path)/repeat-\($0)") }
      .filter { FileSystem.exists($0.config) }
  }
}
