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
    var value = 0.0
    /// The share of the cube that it fills.
    var volume = 1.0
  }

  private(set) var leaves: [Leaf] = []

  /// - Parameters:
  ///   - table: what to learn.
  ///   - weights: how often each row counts; at least one does.
  ///   - random: decides between splits that are equally good.
  init(_ table: RegressionTable, weights: [Int], using random: inout RandomStream) {
    var growth = TreeGrowth(table, weights: weights)
    let count = table.columns.count
    let cube = Leaf(
      lower: [Double](repeating: 0, count: count), upper: [Double](repeating: 1, count: count))
    // A stack instead of recursion: a tree may be as deep as it has rows.
    var open = [(box: cube, rows: 0..<growth.rowCount)]
    while let (box, rows) = open.popLast() {
      guard let split = growth.split(rows, using: &random) else {
        var leaf = box
        leaf.value = growth.mean(rows)
        leaves.append(leaf)
        continue
      }
      let middle = growth.divide(rows, by: split)
      let width = box.upper[split.column] - box.lower[split.column]
      var (low, high) = (box, box)
      low.upper[split.column] = split.threshold
      high.lower[split.column] = split.threshold
      low.volume *= (split.threshold - box.lower[split.column]) / width
      high.volume *= (box.upper[split.column] - split.threshold) / width
      open.append((high, middle..<rows.upperBound))
      open.append((low, rows.lowerBound..<middle))
    }
  }
}

// How much the tree says along some columns, the mean over the others taken.
extension RegressionTree {
  /// The mean over the whole cube, which is filled evenly.
  private var mean: Double { leaves.reduce(0) { $0 + $1.value * $1.volume } }

  /// The variance over the whole cube.
  var variance: Double {
    let mean = mean
    return leaves.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) * $1.volume }
  }

  /// The variance of the mean over all columns but these.
  func variance(along own: [Int]) -> Double {
    let mean = mean
    // What a leaf adds to the mean over the others, within its box along these.
    let heights = leaves.map { leaf in
      (leaf.value - mean) * leaf.volume
        / own.reduce(1) { $0 * (leaf.upper[$1] - leaf.lower[$1]) }
    }
    if own.count == 1 {
      return Self.square(leaves.map { ($0.lower[own[0]], $0.upper[own[0]]) }, heights)
    }
    let parts = zip(leaves, heights).map { leaf, height in
      (box: own.flatMap { [leaf.lower[$0], leaf.upper[$0]] }, value: height)
    }
    return Self.squareOfPairs(Self.merged(parts))
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
  private static func square(
    _ intervals: [(lower: Double, upper: Double)], _ heights: [Double]
  ) -> Double {
    var steps: [(place: Double, number: Int, height: Double)] = []
    steps.reserveCapacity(2 * heights.count)
    for (number, height) in heights.enumerated() {
      steps.append((intervals[number].lower, number, height))
      steps.append((intervals[number].upper, number, -height))
    }
    steps.sort { ($0.place, $0.number) < ($1.place, $1.number) }
    var (height, place, integral) = (0.0, 0.0, 0.0)
    for step in steps {
      integral += height * height * (step.place - place)
      (height, place) = (height + step.height, step.place)
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
