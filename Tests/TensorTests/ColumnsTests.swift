import Tensor
import TestSupport
import Testing

@Suite struct ColumnsTests {
  /// Rows that are more than one thread's work, and few.
  private static let sizes = [(2, 3, 1), (5, 16, 17), (1200, 20, 13)]

  @Test(arguments: sizes) func concatenatedRowsLieSideBySide(rows: Int, left: Int, right: Int) {
    let (a, b) = (Tensor.random([rows, left]), Tensor.random([rows, right], seed: 2))
    var expected: [Double] = []
    for row in 0..<rows {
      expected += a.values[row * left..<(row + 1) * left].map(Double.init)
      expected += b.values[row * right..<(row + 1) * right].map(Double.init)
    }
    let reference = Reference(expected, shape: [rows, left + right])
    expectEverywhere(reference, within: .exact) { $0.concatenate(a.guarded, b.guarded, into: $1) }
  }

  @Test(arguments: sizes) func columnsAreTakenAndAdded(rows: Int, first: Int, columns: Int) {
    let x = Tensor.random([rows, first + columns + 2])
    let start = Tensor.random([rows, columns], seed: 3)
    var (taken, added) = (Reference(zeros: start.shape), Reference(start))
    for index in 0..<rows * columns {
      let value = Double(x.values[index / columns * x.shape[1] + first + index % columns])
      taken.values[index] = value
      added.add(value, at: index)
    }
    taken.magnitudes = taken.values.map(abs)
    expectEverywhere([(taken, .exact), (added, .exact)]) { device, results in
      device.copyColumns(of: x.guarded, from: first, into: results[0])
      results[1].assign(start)
      device.addColumns(of: x.guarded, from: first, to: results[1])
    }
  }

  @Test func aCopyHasTheSameElements() {
    let x = Tensor.random([3, 20_000])
    expectEverywhere(Reference(x.values.map(Double.init), shape: [60_000]), within: .exact) {
      $0.copy(x, into: $1)
    }
  }
}
