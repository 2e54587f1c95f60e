// Copies of B in the order the tile reads it: panels of `width` columns, each row of a panel after
// the other, columns that do not exist filled with zeros.

/// Copies `rows` rows of `columns` floats, `stride` apart, into rows of `width` floats.
@inlinable @inline(__always)
public func packRows(
  _ source: Source, stride: Int, rows: Int, columns: Int, width: Int, _ panel: Target
) {
  for row in 0..<rows {
    let from = source + row * stride
    let to = panel + row * width
    to.update(from: from, count: columns)
    for column in columns..<width { to[column] = 0 }
  }
}

/// The same for a transposed matrix: column `j` of the panel is the row `j` of `source`.
///
/// Reads eight columns at a time, so that both sides keep to few cache lines.
@inlinable @inline(__always)
public func packColumns(
  _ source: Source, stride: Int, rows: Int, columns: Int, width: Int, _ panel: Target
) {
  for first in Swift.stride(from: 0, to: width, by: 8) {
    let last = min(first + 8, width)
    for row in 0..<rows {
      for column in first..<last {
        panel[row * width + column] = column < columns ? source[column * stride + row] : 0
      }
    }
  }
}
