import Platform
import Support

/// Why there are several trainings in one directory.
public enum SeriesKind: String, CaseIterable, Sendable {
  /// A cross-validation: each training is validated on another part of the images.
  case folds
  /// The same training with several seeds.
  case repeats

  /// What one of them is called; its directory is `fold-1`, `repeat-1` and so on.
  public var member: String {
    switch self {
    case .folds: "fold"
    case .repeats: "repeat"
    }
  }

  /// `a cross-validation`
  var whole: String {
    switch self {
    case .folds: "a cross-validation"
    case .repeats: "a repeated training"
    }
  }

  /// What the directory's manifest is of.
  var manifest: Manifest.Kind {
    switch self {
    case .folds: .crossValidation
    case .repeats: .repeats
    }
  }

  /// The number in a member's name, `fold-3`; `nil` for other names.
  func number(in name: some StringProtocol) -> Int? {
    guard name.hasPrefix(member + "-"), let number = Int(name.dropFirst(member.count + 1)),
      number > 0
    else { return nil }
    return number
  }
}

extension RunDirectory {
  /// The directory of one of several trainings in this one, from 1.
  public func run(_ number: Int, of kind: SeriesKind) -> RunDirectory {
    RunDirectory(path: "\(path)/\(kind.member)-\(number)")
  }

  /// Those of them that were begun, in their order; none if there are no trainings of this kind.
  public func runs(of kind: SeriesKind) -> [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { kind.number(in: $0) }.sorted().map { run($0, of: kind) }
      .filter { FileSystem.exists($0.config) }
  }

  /// The runs of the folds that were begun, in their order; empty if this is no cross-validation.
  public var foldRuns: [RunDirectory] { runs(of: .folds) }

  /// The runs of a repeated training that were begun, a seed each, in their order; empty if this is
  /// none.
  public var repeatRuns: [RunDirectory] { runs(of: .repeats) }

  /// Which kind of several trainings is in it, if one was begun.
  public var seriesKind: SeriesKind? { SeriesKind.allCases.first { !runs(of: $0).isEmpty } }

  /// The runs that it stands for: those of several trainings; none if it has none.
  public var seriesRuns: [RunDirectory] { SeriesKind.allCases.flatMap { runs(of: $0) } }

  /// What several trainings came to together: `folds.json`, `repeats.json`.
  public func summary(of kind: SeriesKind) -> String { "\(path)/\(kind.rawValue).json" }
  /// The same as a table, a row a training: `folds.csv`, `repeats.csv`.
  public func summaryTable(of kind: SeriesKind) -> String { "\(path)/\(kind.rawValue).csv" }

  /// The directory that it is in.
  public var above: RunDirectory {
    RunDirectory(
      path: "/" + absolutePath(path).split(separator: "/").dropLast().joined(separator: "/"))
  }

  /// Which of several trainings this one is by its name and by the manifest beside it.
  public var membership: SeriesKind? {
    guard let name = path.split(separator: "/").last else { return nil }
    return SeriesKind.allCases.first { kind in
      kind.number(in: name) != nil
        && (try? Manifest(reading: above.manifest))?.kind == kind.manifest
    }
  }

  /// Whether a training, or several, were begun in it.
  public var isBegun: Bool { FileSystem.exists(config) || FileSystem.exists(manifest) }
}
