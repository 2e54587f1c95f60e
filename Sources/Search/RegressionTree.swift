import Support

/// A regression tree that is grown until its leaves are pure: each split is the one that leaves the
/// smallest sum of squares (Breiman, Friedman, Olshen and Stone, "Classification and regression
/// trees", 1984).
///
/// It is a function that is constant on boxes of the unit cube, and the boxes fill it.
struct RegressionTree {
  /// A leaf: where it lies along each column, from 0 to 1, and what is said there.
  struct Leaf {
    var lower: [Double]
    var upper: [Double]
    var value: Double

    /// The share of the cube that it fills, along some columns.
    func volume(along columns: some Sequence<Int>) -> Double {
      columns.reduce(1) { $0 * (upper[$1] - lower[$1]) }
    }
  }

  private(set) var leaves: [Leaf] = []
  private let columnCount: Int

  /// - Parameters:
  ///   - table: what to learn.
  ///   - weights: how often each row counts; at least one does.
  ///   - random: decides between splits that are equally good.
  init(_ table: RegressionTable, weights: [Int], using random: inout RandomStream) {
    columnCount = table.columns.count
    let cube = Leaf(
      lower: table.columns.map { _ in 0 }, upper: table.columns.map { _ in 1 }, value: 0)
    let rows = table.orders.map { order in order.filter { weights[$0] > 0 } }
    var goesLeft = [Bool](repeating: false, count: weights.count)
    // A stack instead of recursion: a tree may be as deep as it has rows.
    var open = [Node(box: cube, rows: rows)]
    while let node = open.popLast() {
      guard let split = node.split(of: table, weights, using: &random) else {
        var leaf = node.box
        leaf.value = node.mean(of: table, weights)
        leaves.append(leaf)
        continue
      }
      let values = table.columns[split.column]
      for row in node.rows[0] { goesLeft[row] = values[row] <= split.threshold }
      var (low, high) = (node.box, node.box)
      low.upper[split.column] = split.threshold
      high.lower[split.column] = split.threshold
      open.append(Node(box: high, rows: node.rows.map { $0.filter { !goesLeft[$0] } }))
      open.append(Node(box: low, rows: node.rows.map { $0.filter { goesLeft[$0] } }))
    }
  }

  private struct Split {
    let column: Int
    let threshold: Double
    let score: Double
  }

  /// A leaf to be.
  private struct Node {
    let box: Leaf
    /// Its rows in the order of each column.
    let rows: [[Int]]

    func mean(of table: RegressionTable, _ weights: [Int]) -> Double {
      let sum = rows[0].reduce(0) { $0 + Double(weights[$1]) * table.targets[$1] }
      return sum / Double(rows[0].reduce(0) { $0 + weights[$1] })
    }

    /// The best split; `nil` if the rows are all alike.
    func split(
      of table: RegressionTable, _ weights: [Int], using random: inout RandomStream
    ) -> Split? {
      let first = table.targets[rows[0][0]]
      guard rows[0].contains(where: { table.targets[$0] != first }) else { return nil }
      var order = Array(rows.indices)
      random.shuffle(&order)
      var best: Split?
      for column in order {
        guard let split = split(of: table, weights, along: column),
          split.score > best?.score ?? -.infinity
        else { continue }
        best = split
      }
      return best
    }

    /// The best split along a column: that whose sums of targets, squared and divided by the numbers
    /// of rows, are largest; `nil` if the rows have one value there.
    private func split(
      of table: RegressionTable, _ weights: [Int], along column: Int
    ) -> Split? {
      let (rows, values) = (rows[column], table.columns[column])
      var (count, total) = (0.0, 0.0)
      for row in rows {
        count += Double(weights[row])
        total += Double(weights[row]) * table.targets[row]
      }
      var (left, sum, best): (Double, Double, Split?) = (0, 0, nil)
      for position in 0..<rows.count - 1 {
        let row = rows[position]
        left += Double(weights[row])
        sum += Double(weights[row]) * table.targets[row]
        let (value, next) = (values[row], values[rows[position + 1]])
        guard next > value else { continue }
        let rest = total - sum
        let score = sum * sum / left + rest * rest / (count - left)
        guard score > best?.score ?? -.infinity else { continue }
        best = Split(column: column, threshold: (value + next) / 2, score: score)
      }
      return best
    }
  }
}

/// Rows of numbers and what is to be said of each.
struct RegressionTable {
  /// The values of each column, from 0 to 1, by row; at least one column.
  let columns: [[Double]]
  /// By row; at least one.
  let targets: [Double]
  /// The rows in the order of each column's values.
  let orders: [[Int]]

  init(_ columns: [[Double]], _ targets: [Double]) {
    (self.columns, self.targets) = (columns, targets)
    orders = columns.map { values in
      targets.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    }
  }
}

// How much the tree says along some columns, the mean over the others taken.
extension RegressionTree {
  /// The variance over the whole cube, which is filled evenly.
  var variance: Double {
    let all = 0..<columnCount
    let weights = leaves.map { $0.volume(along: all) }
    let mean = zip(leaves, weights).reduce(0) { $0 + $1.0.value * $1.1 }
    return zip(leaves, weights).reduce(0) {
      $0 + ($1.0.value - mean) * ($1.0.value - mean) * $1.1
    }
  }

  /// The variance of the mean over all columns but these.
  func variance(along own: [Int]) -> Double {
    let others = (0..<columnCount).filter { !own.contains($0) }
    let mean = leaves.reduce(0) { $0 + $1.value * $1.volume(along: 0..<columnCount) }
    let parts = leaves.map { leaf in
      (
        box: own.flatMap { [leaf.lower[$0], leaf.upper[$0]] },
        value: (leaf.value - mean) * leaf.volume(along: others)
      )
    }
    return own.count == 1 ? Self.square(parts) : Self.squareOfPairs(Self.merged(parts))
  }

  /// With leaves of the same box along the columns taken together.
  private static func merged(
    _ parts: [(box: [Double], value: Double)]
  ) -> [(box: [Double], value: Double)] {
    var places: [[Double]: Int] = [:]
    var merged: [(box: [Double], value: Double)] = []
    for part in parts {
      if let place = places[part.box] {
        merged[place].value += part.value
      } else {
        places[part.box] = merged.count
        merged.append(part)
      }
    }
    return merged
  }

  /// The integral of the square of a sum of steps along one column.
  private static func square(_ parts: [(box: [Double], value: Double)]) -> Double {
    let steps = parts.flatMap { [($0.box[0], $0.value), ($0.box[1], -$0.value)] }
      .enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map(\.element)
    var (height, place, integral) = (0.0, 0.0, 0.0)
    for (next, step) in steps {
      integral += height * height * (next - place)
      (height, place) = (height + step, next)
    }
    return integral
  }

  /// The same along several columns, where boxes are few: a choice has a column for each value.
  private static func squareOfPairs(_ parts: [(box: [Double], value: Double)]) -> Double {
    var integral = 0.0
    for (index, one) in parts.enumerated() {
      for (place, other) in parts[index...].enumerated() {
        let overlap = stride(from: 0, to: one.box.count, by: 2).reduce(1) {
          $0 * max(0, min(one.box[$1 + 1], other.box[$1 + 1]) - max(one.box[$1], other.box[$1]))
        }
        integral += (place == 0 ? 1 : 2) * overlap * one.value * other.value
      }
    }
    return integral
  }
}
