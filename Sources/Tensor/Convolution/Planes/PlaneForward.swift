import KernelBodies

// The forward pass of a convolution of few filters. An image's planes, those of its output and what is
// pooled of them stay in the first-level cache. Sums are those of a direct convolution, bit for bit.

extension Device {
  /// ``convolve(_:_:_:bias:rectifying:into:)`` and its pooling, for geometries that have planes.
  ///
  /// - Parameter rooms: ``PlaneLayout/forwardRoom`` floats for each thread.
  func convolvePlanes(
    _ x: Tensor, _ panels: Panels, _ convolution: Convolution, _ end: ConvolutionEnd,
    rooms: UnsafeMutablePointer<Float>, into y: Tensor
  ) {
    guard let layout = convolution.planes else {
      preconditionFailure("a convolution without planes")
    }
    let pass = PlanePass(
      geometry: convolution.geometry, layout: layout, kernels: kernels, panels: panels, end: end)
    // A large value would be boxed for the closure; its address is not.
    withUnsafePointer(to: pass) { pass in
      parallelParts(x.shape[0], grain: 1) { images, worker in
        let room = rooms + worker * pass.pointee.layout.forwardRoom
        for image in images { pass.pointee.run(image, x.pointer, room, into: y.pointer) }
      }
    }
  }
}

private struct PlanePass {
  let geometry: ConvolutionGeometry
  let layout: PlaneLayout
  let kernels: any Kernels.Type
  let panels: Panels
  let end: ConvolutionEnd

  /// Computes one image.
  func run(
    _ image: Int, _ x: UnsafePointer<Float>, _ room: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let g = geometry
    let outputs = room + g.channels * layout.inputSize
    layout.separate(x + image * g.paddedSize, kernels, into: room)
    compute(room, into: outputs)
    let size = g.outputPixels * g.filters
    guard g.pooling else {
      return kernels.interleavePlanes(outputs, layout.outputGrid, to: y + image * size)
    }
    kernels.poolPlanes(
      outputs, layout.windowGrid, rectifying: end.rectifying,
      room: outputs + g.filters * layout.outputSize, to: y + image * size / 4,
      choice: end.choices.map { $0.pointer + image * size / 4 })
  }

  private func compute(
    _ planes: UnsafePointer<Float>, into outputs: UnsafeMutablePointer<Float>
  ) {
    layout.patchOffsets.withUnsafeBufferPointer { offsets in
      guard let offsets = offsets.baseAddress else { return }
      var t = PlaneArguments(
        a: panels.pointer(0), aStep: panels.width(0), offsets: offsets, depth: geometry.depth,
        b: planes, length: layout.outputLength, c: outputs, cStep: layout.outputSize,
        bias: end.bias.map { UnsafePointer($0.pointer) },
        rectifying: end.rectifying && !geometry.pooling)
      kernels.planes(&t, rows: geometry.filters)
    }
  }
}
