import Tensor

extension PoolingGeometry {
  /// Calls `body` for each output with its place and the places of its window, row by row.
  fileprivate func forEachWindow(images: Int, _ body: (_ output: Int, _ window: [Int]) -> Void) {
    for image in 0..<images {
      for y in 0..<outputHeight {
        for x in 0..<outputWidth {
          for c in 0..<channels {
            let window = (0..<size * size).map { position in
              let row = image * height + y * stride + position / size
              return (row * width + x * stride + position % size) * channels + c
            }
            let pixel = (image * outputHeight + y) * outputWidth + x
            body(pixel * channels + c, window)
          }
        }
      }
    }
  }
}

/// The largest value of each window, and the number of its position: of equals the first, and
/// before all numbers what is not a number.
public func maxPoolReference(
  _ x: Reference, _ g: PoolingGeometry
) -> (y: Reference, choices: [UInt8]) {
  let shape = g.outputShape(x.shape[0])
  var values = [Double](repeating: 0, count: shape.count)
  var choices = [UInt8](repeating: 0, count: shape.count)
  g.forEachWindow(images: x.shape[0]) { output, window in
    var best = 0
    for position in 1..<max(1, window.count) {
      let (v, largest) = (x.values[window[position]], x.values[window[best]])
      if v > largest || (v.isNaN && !largest.isNaN) { best = position }
    }
    values[output] = x.values[window[best]]
    choices[output] = UInt8(best)
  }
  return (Reference(values, shape: shape), choices)
}

/// The gradient of max pooling's input: each output's gradient goes to the chosen position.
public func maxPoolGradientReference(
  _ dy: Reference, choices: [UInt8], _ g: PoolingGeometry
) -> Reference {
  var dx = Reference(zeros: g.inputShape(dy.shape[0]))
  g.forEachWindow(images: dy.shape[0]) { output, window in
    dx.add(dy.values[output], at: window[Int(choices[output])])
  }
  return dx
}

/// The mean of each window.
public func averagePoolReference(_ x: Reference, _ g: PoolingGeometry) -> Reference {
  var y = Reference(zeros: g.outputShape(x.shape[0]))
  g.forEachWindow(images: x.shape[0]) { output, window in
    for place in window { y.add(x.values[place] / Double(window.count), at: output) }
  }
  return y
}

/// The gradient of average pooling's input: each output's gradient, spread evenly over its window.
public func averagePoolGradientReference(_ dy: Reference, _ g: PoolingGeometry) -> Reference {
  var dx = Reference(zeros: g.inputShape(dy.shape[0]))
  g.forEachWindow(images: dy.shape[0]) { output, window in
    for place in window { dx.add(dy.values[output] / Double(window.count), at: place) }
  }
  return dx
}
