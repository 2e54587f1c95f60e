import Tensor
import TestSupport
import Testing

@Suite struct PackedMatrixTests {
  /// One row and more; one panel and up to five, whole and not, so that every group size occurs.
  @Test(arguments: [1, 2, 13], [1, 16, 31, 32, 33, 64, 96, 129, 160])
  func giveTheBitsOfThePlainProduct(rows: Int, columns: Int) {
    for level in SIMDLevel.usable {
      for threads in [1, 3] {
        let device = Device(level: level, threads: threads)
        let a = Tensor.random([rows, 150], seed: 1).guarded
        let b = Tensor.random([150, columns], seed: 2).guarded
        let bias = Tensor.random([columns], seed: 3).guarded
        let expected = Tensor(zeros: [rows, columns])
        device.matmul(a, b, bias: bias, rectifying: true, into: expected)
        let found = GuardedTensor(unwritten: [rows, columns])
        device.matmul(
          a, PackedMatrix(b, on: device), bias: bias, rectifying: true, into: found.tensor)
        #expect(bitMismatch(found.tensor, expected) == nil, "\(level), \(threads) threads")
        #expect(found.isIntact)
      }
    }
  }

  @Test func aConvolutionGivesTheSameBitsWithThem() {
    let device = Device(threads: 2)
    for pooling in [false, true] {
      let geometry = ConvolutionGeometry(
        height: 7, width: 8, channels: 3, filters: 20, kernelSize: 3, pooling: pooling)
      let convolution = Convolution(geometry, on: device)
      let x = Tensor.random(geometry.inputShape(5), seed: 1)
      let weight = Tensor.random(geometry.weightShape, seed: 2)
      let packed = PackedMatrix(weight, on: device)
      let shape = pooling ? geometry.pooledShape(5) : geometry.outputShape(5)
      let (expected, found) = (Tensor(zeros: shape), Tensor(zeros: shape))
      if pooling {
        device.convolveMaxPool(
          x, weight, convolution, rectifying: true, choices: nil, into: expected)
        device.convolveMaxPool(x, packed, convolution, rectifying: true, choices: nil, into: found)
      } else {
        device.convolve(x, weight, convolution, into: expected)
        device.convolve(x, packed, convolution, into: found)
      }
      #expect(bitMismatch(found, expected) == nil)
    }
  }
}
