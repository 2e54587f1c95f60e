import Support
import Training

/// Of the cross-validations that somebody named those that can be compared, and why the others, and
/// what is none, cannot.
public struct ComparableFolds: Sendable {
  /// Validated on the same folds; in the order in which they were named.
  public let records: [FoldsRecord]
  public let leftOut: [LeftOutRun]

  /// Whether they are at least half of what was named.
  public let areMost: Bool

  /// The largest number of cross-validations with the same folds; `nil` unless at least two were named.
  ///
  /// - Parameter paths: as they were named.
  public init?(_ paths: [String]) throws {
    let count = paths.count { Self.directory($0) != nil }
    guard count > 1 else { return nil }
    areMost = 2 * count >= paths.count
    let set = try LargestSet(paths) { path in
      guard let directory = Self.directory(path) else {
        throw FoldsComparisonError.noFolds(path: path)
      }
      let record = try FoldsRecord(reading: directory)
      try record.checkAlone()
      return record
    }
    (records, leftOut) = (set.members, set.leftOut)
  }

  /// The directory of the cross-validation at `path`; `nil` if there is none.
  public static func directory(_ path: String) -> RunDirectory? {
    guard let directory = try? RunDirectory.named(path), !directory.foldRuns.isEmpty else {
      return nil
    }
    return directory
  }

  /// Why there is nothing to compare: what is wrong with one of two, or with each of many.
  public var tooFew: any UserError {
    let all = FoldsComparisonError.tooFew(left: records.count, reasons: leftOut.map(\.text))
    return records.count + leftOut.count > 2 ? all : leftOut.first?.reason ?? all
  }
}

extension FoldsRecord: Comparand {
  /// Makes sure that it came to its end, and that it is known which images its folds are of.
  fileprivate func checkAlone() throws {
    let finished = folds.count { $0.isFinished && $0.accuracy != nil }
    guard finished == count else {
      throw FoldsComparisonError.unfinished(
        path: directory.path, finished: finished, count: count)
    }
    guard folds.allSatisfy({ $0.digests != nil && ($0.trainingImages ?? 0) > 0 }) else {
      throw FoldsComparisonError.unknownImages(path: directory.path)
    }
  }

  /// Makes sure that each fold of both learns from the same images and is validated on the same.
  func check(against other: FoldsRecord) throws {
    let paths = [directory.path, other.directory.path]
    if let dataset, let theirs = other.dataset, dataset != theirs {
      throw FoldsComparisonError.otherData(paths: paths, datasets: [dataset, theirs])
    }
    guard count == other.count else {
      throw FoldsComparisonError.otherCount(paths: paths, counts: [count, other.count])
    }
    guard folds.map(\.digests) == other.folds.map(\.digests) else {
      throw FoldsComparisonError.otherImages(paths: paths)
    }
  }
}
