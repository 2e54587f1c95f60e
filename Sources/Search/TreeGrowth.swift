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
  /// By row, the target times the weight.
  private let sums: [Double]
  /// Rows column by column, `rowCount` for each; columns are side by side so that a pass over all of them
  /// is one over memory.
  private var orders: [Int32]
  let rowCount: Int
  /// By row, 1 where it lies below the threshold.
  private var isLow: [Int]
  private var spare: [Int32]
  private var columns: [Int]

  init(_ table: RegressionTable, weights: [Int]) {
    self.table = table
    self.weights = weights.map(Double.init)
    sums = zip(weights, table.targets).map { Double($0) * $1 }
    orders = table.orders.flatMap { order in
      order.lazy.filter { weights[$0] > 0 }.map(Int32.init)
    }
    rowCount = orders.count / table.columns.count
    isLow = [Int](repeating: 0, count: weights.count)
    spare = [Int32](repeating: 0, count: rowCount)
    columns = Array(table.columns.indices)
  }

  func mean(_ rows: Range<Int>) -> Double {
    var (count, sum) = (0.0, 0.0)
    for place in rows {
      let row = Int(orders[place])
      count += weights[row]
      sum += sums[row]
    }
    return sum / count
  }

  /// The best split of a node; `nil` if its rows are all alike.
  mutating func split(_ rows: Range<Int>, using random: inout RandomStream) -> Split? {
    let first = table.targets[Int(orders[rows.lowerBound])]
    var (count, total, isPure) = (0.0, 0.0, true)
    for place in rows {
      let row = Int(orders[place])
      count += weights[row]
      total += sums[row]
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
    let (start, values) = (column * rowCount, table.columns[column])
    func value(_ place: Int) -> Double { values[Int(orders[start + place])] }
    guard value(rows.lowerBound) < value(rows.upperBound - 1) else { return nil }
    var (left, sum, threshold, best) = (0.0, 0.0, 0.0, -Double.infinity)
    var next = value(rows.lowerBound)
    for place in rows.lowerBound..<rows.upperBound - 1 {
      let row = Int(orders[start + place])
      left += weights[row]
      sum += sums[row]
      let value = next
      next = values[Int(orders[start + place + 1])]
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
      let row = Int(orders[place])
      isLow[row] = values[row] <= split.threshold ? 1 : 0
    }
    return Self.divide(rows, of: rowCount, in: &orders, isLow, spare: &spare)
  }

  /// The same for the orders of all columns.
  ///
  /// - Parameters:
  ///   - count: the rows of a column.
  ///   - spare: room for as many.
  private static func divide(
    _ rows: Range<Int>, of count: Int, in orders: inout [Int32], _ isLow: [Int],
    spare: inout [Int32]
  ) -> Int {
    let low = isLow.span
    var orders = orders.mutableSpan
    var spare = spare.mutableSpan
    var middle = rows.lowerBound
    for start in stride(from: 0, to: orders.count, by: count) {
      var (left, right) = (start + rows.lowerBound, 0)
      // Written to both, and kept where the count goes on: nothing to guess for the processor.
      for place in start + rows.lowerBound..<start + rows.upperBound {
        let row = orders[place]
        let step = low[Int(row)]
        orders[left] = row
        spare[right] = row
        left += step
        right += 1 - step
      }
      for place in 0..<right { orders[left + place] = spare[place] }
      middle = left - start
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
