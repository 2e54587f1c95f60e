import TestSupport
import Testing

@testable import Tensor

/// An estimate is no less than what is used, and little more.
@Suite struct ScratchSizeTests {
  private func expect(_ estimate: Int, of device: Device, _ what: String) {
    let used = device.scratchCount
    #expect(estimate >= used, "\(what): \(estimate) for \(used)")
    #expect(Double(estimate) <= 1.25 * Double(used) + 4096, "\(what): \(estimate) for \(used)")
  }

  @Test(arguments: [[7, 20, 48], [128, 1024, 256], [300, 64, 700], [128, 784, 4096]])
  func aDenseLayerUsesWhatIsEstimated(sizes: [Int]) {
    let (rows, inputs, outputs) = (sizes[0], sizes[1], sizes[2])
    let device = Device(threads: 2)
    let (x, w) = (Tensor(zeros: [rows, inputs]), Tensor(zeros: [inputs, outputs]))
    let y = Tensor(zeros: [rows, outputs])
    device.matmul(x, w, into: y)
    device.matmul(x, y, transposingA: true, into: w)
    device.matmul(y, w, transposingB: true, into: x)
    expect(
      ScratchSize.denseLayer(rows: rows, inputs: inputs, outputs: outputs, threads: 2), of: device,
      "\(sizes)")
  }

  @Test(arguments: [
    ConvolutionGeometry(height: 28, width: 28, channels: 1, filters: 32, kernelSize: 3, padding: 1),
    ConvolutionGeometry(height: 28, width: 28, channels: 1, filters: 6, kernelSize: 5, padding: 2),
    ConvolutionGeometry(height: 14, width: 14, channels: 32, filters: 48, kernelSize: 3),
    ConvolutionGeometry(height: 7, width: 7, channels: 64, filters: 512, kernelSize: 3, padding: 1),
    ConvolutionGeometry(height: 60, width: 60, channels: 16, filters: 16, kernelSize: 5, stride: 2),
  ]) func aConvolutionUsesWhatIsEstimated(g: ConvolutionGeometry) {
    let device = Device(threads: 2)
    let images = 32
    let pooled = Convolution(g.pooled, on: device)
    let (x, w) = (Tensor(zeros: g.paddedShape(images)), Tensor(zeros: g.weightShape))
    let y = Tensor(zeros: g.pooledShape(images))
    device.convolveMaxPool(
      x, w, pooled, rectifying: true, choices: Bytes(count: y.count), into: y)
    device.convolveMaxPoolBackward(
      y, x, w, pooled, rectifying: true, choices: Bytes(count: y.count), dW: w, dBias: nil,
      into: Tensor(zeros: g.inputShape(images)))
    if WinogradConvolution.suits(g) { convolveByWinograd(g.pooled, images: images, on: device) }
    expect(
      ScratchSize.convolution(g.pooled, images: images, threads: 2), of: device, "\(g.pooled)")
  }

  /// Whoever estimates does not know which way is taken: the one that needs more counts.
  private func convolveByWinograd(_ g: ConvolutionGeometry, images: Int, on device: Device) {
    let convolution = WinogradConvolution(g)
    let (x, w) = (Tensor(zeros: g.inputShape(images)), Tensor(zeros: g.weightShape))
    let y = Tensor(zeros: g.pooledShape(images))
    device.convolve(x, w, convolution, into: y)
    device.convolveBackward(
      y, x, w, convolution, choices: Bytes(count: y.count), into: w, x.copy())
  }

  @Test func anAttentionUsesWhatIsEstimated() {
    let device = Device(threads: 2)
    let g = AttentionGeometry(tokens: 49, width: 64, heads: 4)
    let qkv = Tensor(zeros: g.projectedShape(128))
    device.matmul(
      Tensor(zeros: g.outputShape(128)), qkv, transposingA: true, into: Tensor(zeros: [64, 192]))
    device.attentionBackward(
      Tensor(zeros: g.outputShape(128)), qkv, g, into: qkv.copy())
    expect(ScratchSize.attention(g, items: 128, threads: 2), of: device, "\(g)")
  }
}
