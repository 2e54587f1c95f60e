import Support

/// What is compared with others of its kind if it rests on the same images.
protocol Comparand {
  /// - Throws: a ``UserError`` that says why the two cannot be compared.
  func check(against other: Self) throws
}

/// Of several things that somebody named the largest number that can be compared with each other; of
/// equally many those of the first.
struct LargestSet<Member: Comparand> {
  /// In the order in which they were named.
  let members: [Member]
  let leftOut: [LeftOutRun]

  /// - Parameters:
  ///   - paths: as they were named.
  ///   - read: what is there, or what is wrong with it.
  /// - Throws: what `read` throws, unless it is a ``UserError``.
  init(_ paths: [String], _ read: (String) throws -> Member) throws {
    var leftOut: [Int: LeftOutRun] = [:]
    var sets: [[(place: Int, member: Member)]] = []
    for (place, path) in paths.enumerated() {
      do {
        let member = try read(path)
        let fitting = sets.firstIndex { Self.fit(member, $0[0].member) }
        if let fitting {
          sets[fitting].append((place, member))
        } else {
          sets.append([(place, member)])
        }
      } catch let reason as any UserError {
        leftOut[place] = LeftOutRun(path: path, reason: reason)
      }
    }
    let largest = sets.indices.max { (sets[$0].count, -$0) < (sets[$1].count, -$1) }
    let kept = largest.map { sets[$0] } ?? []
    for (place, member) in sets.joined() where !kept.contains(where: { $0.place == place }) {
      do { try member.check(against: kept[0].member) } catch let reason as any UserError {
        leftOut[place] = LeftOutRun(path: paths[place], reason: reason)
      }
    }
    members = kept.map(\.member)
    self.leftOut = leftOut.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func fit(_ member: Member, _ other: Member) -> Bool {
    do { try member.check(against: other) } catch { return false }
    return true
  }
}

/// A run, or a cross-validation, that is not compared.
public struct LeftOutRun: Sendable {
  /// As it was named.
  public let path: String
  public let reason: any UserError

  /// The reason in one line, which names the run.
  public var text: String { "\(reason)" }
}
