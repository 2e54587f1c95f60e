import Tensor
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: edgeCounts)
  func sumsAreElementByElement(_ count: Int) {
    let x = Tensor.random([count], seed: 1).guarded
    let y = Tensor.random([count], seed: 2)
    let expected = Reference(
      zip(x.values, y.values).map { Double($0) + Double($1) }, shape: [count])
    expectEverywhere(expected, within: .exact) { device, result in
      result.assign(y)
      device.add(x, to: result)
    }
  }

  @Test(arguments: edgeCounts)
  func blendsAreElementByElement(_ count: Int) {
    let x = Tensor.random([count], seed: 1).guarded
    let y = Tensor.random([count], seed: 2)
    var expected = Reference(zeros: [count])
    for i in 0..<count {
      expected.add(0.25 * Double(x.values[i]), at: i)
      expected.add(0.7 * Double(y.values[i]), at: i)
    }
    // 0.7 is rounded too.
    expectEverywhere(expected, within: .sum(of: 2)) { device, result in
      result.assign(y)
      device.blend(x, factor: 0.25, into: result, rest: 0.7)
    }
  }

  @Test(arguments: edgeCounts)
  func bytesAreScaledAndShifted(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 255) }
    var expected = Reference(zeros: [count])
    for i in 0..<count {
      expected.add(Double(bytes[i]) * Double(Float(1.0 / 77)), at: i)
      expected.add(-0.5, at: i)
    }
    expectEverywhere(expected, within: .sum(of: 1)) { device, y in
      device.normalize(bytes.span, scale: 1.0 / 77, shift: -0.5, into: y)
    }
  }

  @Test func noBytesAreNoPixels() {
    let y = Tensor([3], shape: [1])
    Device(threads: 1).normalize([UInt8]().span, scale: 1, shift: 0, into: y)
    #expect(y.values == [3])
  }

  @Test(arguments: [0, 1, 99, 100, 101, 1000])
  func rangesCoverEachIndexOnce(_ count: Int) {
    for threads in [1, 2, 3] {
      let visits = Tensor(zeros: [max(1, count)])
      Device(threads: threads).forEachRange(of: count, grain: 100) { range in
        for index in range { visits[index] += 1 }
      }
      #expect(visits.values == [Float](repeating: count == 0 ? 0 : 1, count: max(1, count)))
    }
  }
}

@Suite struct RowReductionTests {
  /// Columns around a vector; rows one below, at and above a chunk of 8192 floats.
  @Test(arguments: [
    (1, 1), (3, 4), (5, 15), (6, 16), (7, 17), (20, 33), (511, 16), (512, 16), (513, 16),
    (1100, 17), (2, 9000),
  ])
  func rowsAreSummedColumnByColumn(_ size: (rows: Int, columns: Int)) {
    let x = Tensor.random([size.rows, size.columns]).guarded
    expectEverywhere(rowSumsReference(Reference(x)), within: .sum(of: size.rows)) { device, sums in
      device.sumRows(x, into: sums)
    }
  }

  @Test func noRowsSumToZero() {
    let sums = Tensor([1, 2, 3], shape: [3])
    Device(threads: 1).sumRows(Tensor(zeros: [0, 3]), into: sums)
    #expect(sums.values == [0, 0, 0])
  }
}
