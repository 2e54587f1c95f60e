import KernelBodies

/// The gradient of few filters' weights, image by image from planes of the output's gradient: sixteen
/// chains a weight, one a lane, which are added up in a fixed order.
struct PlaneGradient {
  let geometry: ConvolutionGeometry
  let layout: PlaneLayout
  let kernels: any Kernels.Type
  /// ``PlaneLayout/gradientRoom`` floats.
  let room: UnsafeMutablePointer<Float>

  private var gradients: UnsafeMutablePointer<Float> {
    room + geometry.channels * layout.inputSize
  }
  private var sums: UnsafeMutablePointer<Float> {
    gradients + geometry.filters * layout.gradientSize
  }

  /// The gradient over a range of images.
  ///
  /// - Parameters:
  ///   - dy: the gradient of the outputs, `[N, outputHeight, outputWidth, filters]`; of their windows
  ///     of 2 x 2 if there are choices.
  ///   - x: the padded input.
  ///   - dW: `[depth, filters]`, overwritten.
  func run(
    _ images: Range<Int>, _ dy: UnsafePointer<Float>, choices: UnsafePointer<UInt8>?,
    _ x: UnsafePointer<Float>, into dW: UnsafeMutablePointer<Float>
  ) {
    let size = geometry.outputPixels * geometry.filters / (choices == nil ? 1 : 4)
    sums.update(repeating: 0, count: layout.sumsSize)
    for image in images {
      take(dy + image * size, choices: choices.map { $0 + image * size })
      add(x + image * geometry.paddedSize)
    }
    for weight in 0..<geometry.depth * geometry.filters {
      dW[weight] = sumOfLanes(sums + weight * 16)
    }
  }

  /// Lays an image's gradient out in planes.
  private func take(_ dy: UnsafePointer<Float>, choices: UnsafePointer<UInt8>?) {
    gradients.update(repeating: 0, count: geometry.filters * layout.gradientSize)
    if let choices {
      kernels.spreadPlanes(dy, choice: choices, layout.windowGradientGrid, to: gradients)
    } else {
      kernels.separatePlanes(dy, layout.gradientGrid, to: gradients)
    }
  }

  private func add(_ x: UnsafePointer<Float>) {
    layout.separate(x, kernels, into: room)
    layout.patchOffsets.withUnsafeBufferPointer { offsets in
      guard let start = offsets.baseAddress else { return }
      let groups = (geometry.filters + 2) / 3
      for group in 0..<groups {
        let first = geometry.filters * group / groups
        var t = PlaneGradientArguments(
          a: room, offsets: start, count: offsets.count,
          b: gradients + first * layout.gradientSize, bStep: layout.gradientSize,
          length: layout.gradientSize, sums: sums + first * 16, sumStep: geometry.filters * 16)
        kernels.planeGradient(&t, rows: geometry.filters * (group + 1) / groups - first)
      }
    }
  }

  private func sumOfLanes(_ lanes: UnsafeMutablePointer<Float>) -> Float {
    var half = 8
    while half > 0 {
      for lane in 0..<half { lanes[lane] += lanes[lane + half] }
      half /= 2
    }
    return lanes[0]
  }
}

extension Device {
  /// ``convolveWeightGradient(_:_:_:into:)`` for geometries that have planes.
  func convolvePlanesWeightGradient(
    _ x: Tensor, _ dy: Tensor, _ convolution: Convolution, into dW: Tensor
  ) {
    guard let layout = convolution.planes else {
      preconditionFailure("a convolution without planes")
    }
    let images = x.shape[0]
    let size = dW.count
    let parts = convolution.gradientParts(images: images)
    let results = scratch(parts * size + threadCount * layout.gradientRoom)
    let pass = PlaneGradient(
      geometry: convolution.geometry, layout: layout, kernels: kernels,
      room: results + parts * size)
    withUnsafePointer(to: pass) { pass in
      parallel(parts) { part, worker in
        pass.pointee.ofWorker(worker).run(
          images * part / parts..<images * (part + 1) / parts, dy.pointer, choices: nil, x.pointer,
          into: results + part * size)
      }
    }
    addParts(results, count: parts, size: size, into: dW)
  }
}

extension PlaneGradient {
  /// The same in a thread's own room.
  fileprivate func ofWorker(_ worker: Int) -> PlaneGradient {
    PlaneGradient(
      geometry: geometry, layout: layout, kernels: kernels,
      room: room + worker * layout.gradientRoom)
  }
}
