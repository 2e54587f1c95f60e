import Support
import Tensor

/// ``Conv2D`` at work.
final class Conv2DLayer: Layer {
  let name: String
  let outline: LayerOutline
  let weight: Parameter
  let bias: Parameter?
  let geometry: ConvolutionGeometry
  private let work: any ConvolutionWork
  private var foldedBias: Tensor?
  private var choices: Bytes?

  init(
    _ geometry: ConvolutionGeometry, _ outline: LayerOutline, bias hasBias: Bool,
    at place: LayerPlace
  ) {
    name = place.name
    self.outline = outline
    self.geometry = geometry
    let isFast = place.convolution == .winograd && WinogradConvolution.suits(geometry)
    work = isFast ? WinogradWork(geometry) : DirectWork(geometry)
    weight = Parameter(
      name: "\(name).weight", shape: geometry.weightShape, layout: .convolution, decays: true)
    bias =
      hasBias ? Parameter(name: "\(name).bias", shape: [geometry.filters], decays: false) : nil
    var random = place.randomStream()
    place.initializer.fill(
      weight.value, fanIn: geometry.depth,
      fanOut: geometry.kernelSize * geometry.kernelSize * geometry.filters, using: &random)
  }

  var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  func refreshInference(folding normalization: ChannelScaling?, on device: Device) {
    let folded = FoldedWeights(weight.value, bias?.value, normalization)
    work.take(folded.weight, on: device)
    foldedBias = folded.bias
  }

  func prepare(batch: Int, room: SharedRoom, _ pass: Pass) {
    let outputs = geometry.pooled.pooledShape(batch).count
    if pass.fusion.pools, pass.mode == .training, choices?.count ?? 0 < outputs {
      choices = Bytes(count: outputs)
    }
    work.prepare(batch: batch, room: room, pass)
  }

  func forward(_ x: Tensor, into y: Tensor, _ pass: Pass) {
    let isTraining = pass.mode == .training
    let end = ConvolutionEnd(
      bias: isTraining ? bias?.value : foldedBias, rectifying: pass.fusion.rectifies,
      choices: isTraining && pass.fusion.pools ? choices : nil)
    work.forward(x, isTraining ? weight.value : nil, end, into: y, pass)
  }

  func backward(_ dy: Tensor, x: Tensor, y: Tensor, into dx: Tensor?, _ pass: Pass) {
    let (device, fusion) = (pass.device, pass.fusion)
    let choices = fusion.pools ? choices : nil
    if fusion.rectifies {
      if let choices {
        device.maskWindows(dy, choices)
      } else {
        device.activateBackward(.relu, saved: y, dy, into: dy)
      }
    }
    if let bias { device.sumRows(dy, into: bias.gradient) }
    work.backward(
      dy, x: x, weight.value, choices: choices, into: weight.gradient, dx, pass)
  }
}
