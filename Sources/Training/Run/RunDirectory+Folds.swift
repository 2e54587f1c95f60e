import Platform
import Support

extension RunDirectory {
  /// The run of a fold, from 1, of a cross-validation in this directory.
  public func fold(_ number: Int) -> RunDirectory { RunDirectory(path: "\(path)/fold-\(number)") }

  /// The runs of the folds that were begun, in their order; empty if this is no cross-validation.
  public var foldRuns: [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { $0.hasPrefix("fold-") ? Int($0.dropFirst(5)) : nil }.sorted()
      .map(fold).filter { access($0.config, F_OK) == 0 }
  }
}
