import Support

/// The rows of a tree while it grows: in the order of each column, those of a node side by side.
struct TreeGrowth {
  struct Split {
    let column: Int
    let threshold: Double
    let score: Double
  }

  private let table: RegressionTable
  private let weights: [Double]
  private var orders: [[Int]]
  private var goesLeft: [Bool]
  private var spare: [Int]
  private var columns: [Int]

  init(_ table: RegressionTable, weights: [Int]) {
    self.table = table
    self.weights = weights.map(Double.init)
    orders = table.orders.map { order in order.filter { weights[$0] > 0 } }
    goesLeft = [Bool](repeating: false, count: weights.count)
    spare = orders[0]
    columns = Array(table.columns.indices)
  }

  var rowCount: Int { orders[0].count }

  func mean(_ rows: Range<Int>) -> Double {
    var (count, sum) = (0.0, 0.0)
    for place in rows {
      let row = orders[0][place]
      count += weights[row]
      sum += weights[row] * table.targets[row]
    }
    return sum / count
  }

  /// The best split of a node; `nil` if its rows are all alike.
  mutating func split(_ rows: Range<Int>, using random: inout RandomStream) -> Split? {
    let first = table.targets[orders[0][rows.lowerBound]]
    var (count, total, isPure) = (0.0, 0.0, true)
    for place in rows {
      let row = orders[0][place]
      count += weights[row]
      total += weights[row] * table.targets[row]
      isPure = isPure && table.targets[row] == first
    }
    guard !isPure else { return nil }
    random.shuffle(&columns)
    var best: Split?
    for column in columns {
      guard let split = split(rows, along: column, count, total),
        split.score > best?.score ?? -.infinity
      else { continue }
      best = split
    }
    return best
  }

  /// The best split along a column: that whose sums of targets, squared and divided by the numbers of
  /// rows, are largest; `nil` if the rows have one value there.
  private func split(
    _ rows: Range<Int>, along column: Int, _ count: Double, _ total: Double
  ) -> Split? {
    let (order, values) = (orders[column], table.columns[column])
    guard values[order[rows.lowerBound]] < values[order[rows.upperBound - 1]] else { return nil }
    var (left, sum, threshold, best) = (0.0, 0.0, 0.0, -Double.infinity)
    for place in rows.lowerBound..<rows.upperBound - 1 {
      let row = order[place]
      left += weights[row]
      sum += weights[row] * table.targets[row]
      let (value, next) = (values[row], values[order[place + 1]])
      guard next > value else { continue }
      let rest = total - sum
      let score = sum * sum / left + rest * rest / (count - left)
      if score > best { (best, threshold) = (score, (value + next) / 2) }
    }
    return Split(column: column, threshold: threshold, score: best)
  }

  /// Puts the rows below the threshold before the others, each in the order that they had.
  ///
  /// - Returns: where the others begin.
  mutating func divide(_ rows: Range<Int>, by split: Split) -> Int {
    let values = table.columns[split.column]
    for place in rows {
      let row = orders[0][place]
      goesLeft[row] = values[row] <= split.threshold
    }
    var middle = rows.lowerBound
    for column in orders.indices {
      var (left, right) = (rows.lowerBound, 0)
      for place in rows {
        let row = orders[column][place]
        if goesLeft[row] {
          orders[column][left] = row
          left += 1
        } else {
          spare[right] = row
          right += 1
        }
      }
      for place in 0..<right { orders[column][left + place] = spare[place] }
      middle = left
    }
    return middle
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
