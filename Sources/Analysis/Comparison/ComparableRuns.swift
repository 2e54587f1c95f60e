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
    var leftOut: [Int: LeftOutRun] = [:]
    var sets: [[(place: Int, run: ComparedRun)]] = []
    for (place, path) in paths.enumerated() {
      do {
        let run = try ComparedRun(try read(path), name: path)
        let fitting = sets.firstIndex { $0[0].run.isComparable(to: run) }
        if let fitting { sets[fitting].append((place, run)) } else { sets.append([(place, run)]) }
      } catch let reason as any UserError {
        leftOut[place] = LeftOutRun(path: path, reason: reason)
      }
    }
    let largest = sets.indices.max { (sets[$0].count, -$0) < (sets[$1].count, -$1) }
    let kept = largest.map { sets[$0] } ?? []
    for (place, run) in sets.joined() where !kept.contains(where: { $0.place == place }) {
      do { try run.check(against: kept[0].run) } catch let reason as any UserError {
        leftOut[place] = LeftOutRun(path: paths[place], reason: reason)
      }
    }
    records = kept.map(\.run.record)
    self.leftOut = leftOut.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Why there is nothing to compare: what is wrong with one of two runs, or with each of many.
  public var tooFew: any UserError {
    let all = ComparisonError.tooFew(left: records.count, reasons: leftOut.map(\.text))
    return records.count + leftOut.count > 2 ? all : leftOut.first?.reason ?? all
  }
}

/// A run that is not compared.
public struct LeftOutRun: Sendable {
  /// As it was named.
  public let path: String
  public let reason: any UserError

  /// The reason in one line, which names the run.
  public var text: String { "\(reason)" }
}
