import Support
import Training

/// Of the runs that somebody named those that can be compared, and why the others cannot.
public struct ComparableRuns: Sendable {
  /// Tested on the same images; in the order in which they were named.
  public let records: [RunRecord]
  public let leftOut: [LeftOutRun]

  /// The largest number of runs that were tested on the same images; of equally many those of the
  /// first run.
  ///
  /// - Parameters:
  ///   - paths: as they were named.
  ///   - read: a run, or what is wrong with it.
  /// - Throws: what `read` throws, unless it is a ``UserError``.
  public init(_ paths: [String], _ read: (String) throws -> RunRecord) throws {
    let set = try LargestSet(paths) { try ComparedRun(try read($0), name: $0) }
    records = set.members.map(\.record)
    leftOut = set.leftOut
  }

  /// Why there is nothing to compare: what is wrong with one of two runs, or with each of many.
  public var tooFew: any UserError {
    let all = ComparisonError.tooFew(left: records.count, reasons: leftOut.map(\.text))
    return records.count + leftOut.count > 2 ? all : leftOut.first?.reason ?? all
  }
}

extension ComparedRun: Comparand {}
