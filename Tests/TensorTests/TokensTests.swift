import Tensor
import TestSupport
import Testing

@Suite struct TokensTests {
  private let g = PatchGeometry(height: 4, width: 6, channels: 2, size: 2)

  /// The place of a patch's number in the image.
  private func source(_ index: Int) -> Int {
    let (patch, inside) = (index / 8 % 6, index % 8)
    let (row, column) = (patch / 3 * 2 + inside / 4, patch % 3 * 2 + inside / 2 % 2)
    return index / 48 * 48 + (row * 6 + column) * 2 + inside % 2
  }

  @Test func patchesAreCutRowByRowAndJoinedAgain() {
    let x = Tensor.random([3, 4, 6, 2])
    let cut = Reference((0..<x.count).map { Double(x.values[source($0)]) }, shape: [3, 6, 8])
    expectEverywhere([(cut, .exact), (Reference(x), .exact)]) { device, results in
      device.cutPatches(x.guarded, g, into: results[0])
      device.joinPatches(results[0], g, into: results[1])
    }
  }

  @Test func meansAreThoseOfTheRowsOfEachItem() {
    let (x, dy) = (Tensor.random([3, 7, 17]), Tensor.random([3, 17], seed: 2))
    var (mean, gradient) = (Reference(zeros: [3, 17]), Reference(zeros: x.shape))
    for index in 0..<x.count {
      let place = index / 119 * 17 + index % 17
      mean.add(Double(x.values[index]) / 7, at: place)
      gradient.add(Double(dy.values[place]) / 7, at: index)
    }
    expectEverywhere([(mean, .sum(of: 9)), (gradient, .sum(of: 2))]) { device, results in
      device.meanOfRows(x.guarded, into: results[0])
      device.meanOfRowsBackward(dy.guarded, into: results[1])
    }
  }

  @Test func aTensorIsAddedToEachItem() {
    let (x, start) = (Tensor.random([2, 9]), Tensor.random([3, 2, 9], seed: 2))
    var expected = Reference(start)
    for index in 0..<start.count { expected.add(Double(x.values[index % 18]), at: index) }
    expectEverywhere(expected, within: .exact) { device, y in
      y.assign(start)
      device.addToItems(x.guarded, to: y)
    }
  }
}
