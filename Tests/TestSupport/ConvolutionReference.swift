import Tensor

extension ConvolutionGeometry {
  /// Calls `body` for each product that a convolution of `images` images consists of, with the
  /// places of its input (none where it lies in the padding), its weight and its output.
  fileprivate func forEachProduct(
    images: Int, _ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void
  ) {
    for image in 0..<images {
      for outputY in 0..<outputHeight {
        for outputX in 0..<outputWidth {
          let pixel = (image * outputHeight + outputY) * outputWidth + outputX
          for r in 0..<kernelSize {
            for s in 0..<kernelSize {
              let y = outputY * stride + r - padding
              let x = outputX * stride + s - padding
              guard y >= 0, y < height, x >= 0, x < width else { continue }
              let place = ((image * height + y) * width + x) * channels
              let tap = (r * kernelSize + s) * channels * filters
              for c in 0..<channels {
                for k in 0..<filters { body(place + c, tap + c * filters + k, pixel * filters + k) }
              }
            }
          }
        }
      }
    }
  }
}

/// The definition of a convolution of unpadded images `[N, H, W, C]` with weights
/// `[kernelSize, kernelSize, C, filters]`.
public func convolutionReference(
  _ x: Reference, _ weight: Reference, _ g: ConvolutionGeometry, bias: Reference? = nil,
  rectifying: Bool = false
) -> Reference {
  let images = x.shape[0]
  var y = Reference(zeros: g.outputShape(images))
  if let bias {
    for index in y.values.indices { y.add(bias.values[index % g.filters], at: index) }
  }
  g.forEachProduct(images: images) { input, tap, output in
    y.add(x.values[input] * weight.values[tap], at: output)
  }
  if rectifying { y.rectify() }
  return y
}

/// The gradient of the unpadded input from that of the output.
public func convolutionInputGradientReference(
  _ dy: Reference, _ weight: Reference, _ g: ConvolutionGeometry
) -> Reference {
  let images = dy.shape[0]
  var dx = Reference(zeros: g.inputShape(images))
  g.forEachProduct(images: images) { input, tap, output in
    dx.add(dy.values[output] * weight.values[tap], at: input)
  }
  return dx
}

/// The gradient of the weights from the unpadded input and the gradient of the output.
public func convolutionWeightGradientReference(
  _ x: Reference, _ dy: Reference, _ g: ConvolutionGeometry
) -> Reference {
  var dW = Reference(zeros: g.weightShape)
  g.forEachProduct(images: x.shape[0]) { input, tap, output in
    dW.add(x.values[input] * dy.values[output], at: tap)
  }
  return dW
}
