import Metrics

/// An order of the classes in which those that are mixed up with each other stand together.
///
/// Classes and groups of them are joined step by step, always the two with the largest mean share
/// of confusions between them (average linkage; Sokal and Michener, "A Statistical Method for
/// Evaluating Systematic Relationships", 1958). Joining turns each group so that the classes that
/// meet are the most similar of the four at the ends. Ties go to the lower class.
struct ClassOrder {
  /// How alike two classes are: the mean of the shares of each that was taken for the other.
  private let similarity: [[Double]]

  /// The classes by their index, in the order to show them.
  static func clustered(_ matrix: ConfusionMatrix) -> [Int] {
    ClassOrder(matrix).order
  }

  private init(_ matrix: ConfusionMatrix) {
    let supports = matrix.supports
    let classes = 0..<matrix.classCount
    func share(_ row: Int, _ column: Int) -> Double {
      supports[row] == 0 ? 0 : Double(matrix[row, column]) / Double(supports[row])
    }
    similarity = classes.map { a in classes.map { b in (share(a, b) + share(b, a)) / 2 } }
  }

  private var order: [Int] {
    var groups = similarity.indices.map { [$0] }
    var links = similarity
    while groups.count > 1 {
      let (a, b) = closest(links)
      links = merged(links, a, b, sizes: (groups[a].count, groups[b].count))
      groups[a] = joined(groups[a], groups[b])
      groups.remove(at: b)
    }
    return groups.first ?? []
  }

  private func closest(_ links: [[Double]]) -> (Int, Int) {
    var (best, most) = ((0, 1), -1.0)
    for a in links.indices {
      for b in links.indices where a < b && links[a][b] > most {
        (best, most) = ((a, b), links[a][b])
      }
    }
    return best
  }

  /// The links after group `b` went into group `a`: means, weighted by the groups' sizes.
  private func merged(
    _ links: [[Double]], _ a: Int, _ b: Int, sizes: (Int, Int)
  ) -> [[Double]] {
    let total = Double(sizes.0 + sizes.1)
    var links = links
    for other in links.indices {
      let mean =
        (links[a][other] * Double(sizes.0) + links[b][other] * Double(sizes.1)) / total
      links[a][other] = mean
      links[other][a] = mean
    }
    links.remove(at: b)
    for row in links.indices { links[row].remove(at: b) }
    return links
  }

  private func joined(_ a: [Int], _ b: [Int]) -> [Int] {
    guard let aFirst = a.first, let aLast = a.last, let bFirst = b.first, let bLast = b.last
    else { return a + b }
    let ends = [(aLast, bFirst), (aLast, bLast), (aFirst, bFirst), (aFirst, bLast)]
    let meetings = ends.map { similarity[$0.0][$0.1] }
    switch meetings.firstIndex(of: meetings.max() ?? 0) ?? 0 {
    case 0: return a + b
    case 1: return a + b.reversed()
    case 2: return a.reversed() + b
    default: return a.reversed() + b.reversed()
    }
  }
}
